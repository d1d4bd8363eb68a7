package cache

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// KeyMaker makes a key of any number of items: always the same of equal ones, and never the same of different ones. Errors:
// *KeyError for an item that it makes no key of.
type KeyMaker interface {
	Key(items ...any) (string, error)
}

// KeyError says which item no key can be made of.
type KeyError struct {
	Item   int // counted from 0
	Reason string
}

// Error names the item by its number.
func (e *KeyError) Error() string {
	return "cache: key: item " + strconv.Itoa(e.Item+1) + " " + e.Reason
}

// StringKeyMaker makes keys of texts, numbers, booleans, nil and lists of these (of type []string or []any): their JSON, with
// commas between items. The key of an entity's identity is ["Task",["d5c2..."]].
type StringKeyMaker struct{}

// Key makes a key.
func (StringKeyMaker) Key(items ...any) (string, error) {
	return joinedKey(items, func(key []byte, item any) ([]byte, string) {
		key, ok := appendPlain(key, item, nil)
		if !ok {
			return key, "is neither text, finite number, boolean nor nil, nor a list of these"
		}
		return key, ""
	})
}

// Identified is something with an identity, as an entity has: a type and the parts of its primary key.
type Identified interface {
	Identity() (entityType string, key []string)
}

// EntityKeyMaker makes keys of entities, as StringKeyMaker makes them of their identities, and of all that it takes.
type EntityKeyMaker struct{}

// Key makes a key.
func (EntityKeyMaker) Key(items ...any) (string, error) {
	return joinedKey(items, func(key []byte, item any) ([]byte, string) {
		key, ok := appendPlain(key, item, appendIdentity)
		if !ok {
			return key, "is neither an entity nor text, finite number, boolean, nil, nor a list of these"
		}
		return key, ""
	})
}

// joinedKey puts the keys of items together.
func joinedKey(items []any, add func(key []byte, item any) (longer []byte, reason string)) (string, error) {
	var key []byte
	for i, item := range items {
		if i > 0 {
			key = append(key, ',')
		}
		var reason string
		if key, reason = add(key, item); reason != "" {
			return "", &KeyError{i, reason}
		}
	}
	return string(key), nil
}

func appendIdentity(key []byte, item any) ([]byte, bool) {
	entity, ok := item.(Identified)
	if !ok {
		return key, false
	}
	entityType, parts := entity.Identity()
	key = append(appendText(append(key, '['), entityType), ',')
	return append(appendTexts(key, parts), ']'), true
}

// appendPlain appends the JSON of an item. other, when set, is asked for items of other types.
func appendPlain(key []byte, item any, other func([]byte, any) ([]byte, bool)) ([]byte, bool) {
	switch item := item.(type) {
	case nil:
		return append(key, "null"...), true
	case string:
		return appendText(key, item), true
	case bool:
		return strconv.AppendBool(key, item), true
	case int:
		return strconv.AppendInt(key, int64(item), 10), true
	case int32:
		return strconv.AppendInt(key, int64(item), 10), true
	case int64:
		return strconv.AppendInt(key, item, 10), true
	case float64:
		return appendNumber(key, item), !math.IsNaN(item) && !math.IsInf(item, 0)
	case []string:
		return appendTexts(key, item), true
	case []any:
		key = append(key, '[')
		for i, each := range item {
			if i > 0 {
				key = append(key, ',')
			}
			var ok bool
			if key, ok = appendPlain(key, each, other); !ok {
				return key, false
			}
		}
		return append(key, ']'), true
	}
	if other == nil {
		return key, false
	}
	return other(key, item)
}

func appendTexts(key []byte, texts []string) []byte {
	key = append(key, '[')
	for i, text := range texts {
		if i > 0 {
			key = append(key, ',')
		}
		key = appendText(key, text)
	}
	return append(key, ']')
}

// appendNumber writes a number as JavaScript does; whole ones look as integers do.
func appendNumber(key []byte, n float64) []byte {
	if n == 0 {
		return append(key, '0') // never -0
	}
	if size := math.Abs(n); size >= 1e-6 && size < 1e21 {
		return strconv.AppendFloat(key, n, 'f', -1, 64)
	}
	key = strconv.AppendFloat(key, n, 'e', -1, 64)
	if at := len(key) - 4; at >= 0 && key[at] == 'e' && key[at+2] == '0' { // e-07 is e-7
		key[at+2] = key[at+3]
		key = key[:at+3]
	}
	return key
}

const hexDigits = "0123456789abcdef"

// appendText writes a text as JSON, as JavaScript does. Bytes that are no UTF-8 look like nothing else.
func appendText(key []byte, text string) []byte {
	key = append(key, '"')
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && size == 1 {
				key = append(key, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
			} else {
				key = append(key, text[i:i+size]...)
			}
			i += size
			continue
		}
		i++
		switch {
		case c == '"' || c == '\\':
			key = append(key, '\\', c)
		case c == '\b':
			key = append(key, '\\', 'b')
		case c == '\f':
			key = append(key, '\\', 'f')
		case c == '\n':
			key = append(key, '\\', 'n')
		case c == '\r':
			key = append(key, '\\', 'r')
		case c == '\t':
			key = append(key, '\\', 't')
		case c < ' ':
			key = append(key, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		default:
			key = append(key, c)
		}
	}
	return append(key, '"')
}
