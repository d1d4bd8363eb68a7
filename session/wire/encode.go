package wire

import (
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// Reference is an entity in a payload: its type and its primary key.
type Reference struct {
	EntityType string
	Key        map[string]any
}

// RawJSON is put into a payload as it is. It must be one valid JSON value.
type RawJSON []byte

// Date is a day without a time, YYYY-MM-DD.
type Date string

// EncodeError says which value cannot be sent.
type EncodeError struct{ Path, Reason string }

// Error names the place of the value.
func (e *EncodeError) Error() string {
	if e.Path == "" {
		return "encode: " + e.Reason
	}
	return "encode " + e.Path + ": " + e.Reason
}

// AppendValue appends a value as JSON, the keys of objects sorted. It takes nil, bool, integers, float64,
// string, time.Time (tagged as the server wants it), Date, Reference, RawJSON, Operation, []string, []any, map[string]any
// and []map[string]any. A number that is not finite, a value of another type and nesting beyond MaxDepth are an *EncodeError.
func AppendValue(out []byte, value any) ([]byte, error) { return appendValue(out, value, "", 0) }

func appendValue(out []byte, value any, path string, depth int) ([]byte, error) {
	if depth > MaxDepth {
		return out, &EncodeError{path, "values nest deeper than " + strconv.Itoa(MaxDepth)}
	}
	switch v := value.(type) {
	case nil:
		return append(out, "null"...), nil
	case bool:
		return strconv.AppendBool(out, v), nil
	case int:
		return strconv.AppendInt(out, int64(v), 10), nil
	case int8:
		return strconv.AppendInt(out, int64(v), 10), nil
	case int16:
		return strconv.AppendInt(out, int64(v), 10), nil
	case int32:
		return strconv.AppendInt(out, int64(v), 10), nil
	case int64:
		return strconv.AppendInt(out, v, 10), nil
	case uint:
		return strconv.AppendUint(out, uint64(v), 10), nil
	case uint8:
		return strconv.AppendUint(out, uint64(v), 10), nil
	case uint16:
		return strconv.AppendUint(out, uint64(v), 10), nil
	case uint32:
		return strconv.AppendUint(out, uint64(v), 10), nil
	case uint64:
		return strconv.AppendUint(out, v, 10), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return out, &EncodeError{path, "a number must be finite"}
		}
		return appendFloat(out, v), nil
	case string:
		return AppendText(out, v), nil
	case time.Time:
		out = append(out, `{"__type__":"datetime","value":"`...)
		out = AppendDateTime(out, v)
		return append(out, `"}`...), nil
	case Date:
		return AppendText(out, string(v)), nil
	case RawJSON:
		return append(out, v...), nil
	case Reference:
		object := make(map[string]any, len(v.Key)+1)
		for name, part := range v.Key {
			object[name] = part
		}
		object["__entity_type__"] = v.EntityType
		return appendValue(out, object, path, depth)
	case []string:
		out = append(out, '[')
		for i, text := range v {
			if i > 0 {
				out = append(out, ',')
			}
			out = AppendText(out, text)
		}
		return append(out, ']'), nil
	case Operation:
		return appendValue(out, map[string]any(v), path, depth)
	case []any:
		return appendList(out, v, path, depth)
	case []map[string]any:
		return appendList(out, v, path, depth)
	case map[string]any:
		keys := make([]string, 0, len(v))
		for key := range v {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		out = append(out, '{')
		for i, key := range keys {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(AppendText(out, key), ':')
			below := key
			if path != "" {
				below = path + "." + key
			}
			var err error
			if out, err = appendValue(out, v[key], below, depth+1); err != nil {
				return out, err
			}
		}
		return append(out, '}'), nil
	}
	return out, &EncodeError{path, "a value of this type cannot be sent"}
}

func appendList[T any](out []byte, items []T, path string, depth int) ([]byte, error) {
	out = append(out, '[')
	for i, item := range items {
		if i > 0 {
			out = append(out, ',')
		}
		var err error
		if out, err = appendValue(out, item, path+"["+strconv.Itoa(i)+"]", depth+1); err != nil {
			return out, err
		}
	}
	return append(out, ']'), nil
}

// appendFloat writes a number as JavaScript does: without a fraction where there is none.
func appendFloat(out []byte, v float64) []byte {
	if v == math.Trunc(v) && math.Abs(v) < 1e21 {
		return strconv.AppendFloat(out, v, 'f', -1, 64)
	}
	return strconv.AppendFloat(out, v, 'g', -1, 64)
}

// AppendText appends a text as a JSON string. What is not UTF-8 becomes U+FFFD; line separators are escaped, so that
// the result is good in scripts too.
func AppendText(out []byte, text string) []byte {
	const digits = "0123456789abcdef"
	out = append(out, '"')
	start := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c >= 0x20 && c < utf8.RuneSelf && c != '"' && c != '\\' {
			i++
			continue
		}
		r, size := rune(c), 1
		if c >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
			if (r != utf8.RuneError || size > 1) && r != '\u2028' && r != '\u2029' {
				i += size
				continue
			}
		}
		out = append(out, text[start:i]...)
		switch r {
		case '"', '\\':
			out = append(out, '\\', byte(r))
		case '\n':
			out = append(out, `\n`...)
		case '\r':
			out = append(out, `\r`...)
		case '\t':
			out = append(out, `\t`...)
		case utf8.RuneError:
			out = append(out, "\uFFFD"...)
		default:
			out = append(out, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
		}
		i += size
		start = i
	}
	return append(append(out, text[start:]...), '"')
}
