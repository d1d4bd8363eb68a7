package eval

import (
	"strconv"
	"unicode/utf8"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// like is `like` and `not_like`: % stands for any text, _ for any one character, a backslash before %, _ or a
// backslash for that character.
type like struct {
	pattern []rune // folded where case does not count
	negated bool
	fold    bool
	plain   bool // ASCII only
}

// Wildcards among the runes of a pattern; no text has them.
const (
	anyText rune = -1
	anyRune rune = -2
)

func newLike(text string, negated bool, options Options) *like {
	m := &like{negated: negated, fold: !options.CaseSensitive, plain: isASCII(text)}
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		switch {
		case r == '\\' && i+1 < len(runes) && (runes[i+1] == '%' || runes[i+1] == '_' || runes[i+1] == '\\'):
			i++
			r = runes[i]
		case r == '%':
			if n := len(m.pattern); n > 0 && m.pattern[n-1] == anyText {
				continue
			}
			r = anyText
		case r == '_' && !options.UnderscoreLiteral:
			r = anyRune
		}
		if m.fold && r >= 0 {
			r = foldRune(r)
		}
		m.pattern = append(m.pattern, r)
	}
	return m
}

func (m *like) match(r *run, v Value) truth {
	text := v.text
	switch v.kind {
	case KindNull:
		return r.ofEmpty(m.negated)
	case KindInt:
		text = strconv.FormatInt(v.num, 10)
	case KindFloat:
		text = strconv.FormatFloat(v.Float(), 'f', -1, 64)
	case KindBool:
		text = strconv.FormatBool(v.Bool())
	case KindTime:
		text = string(wire.AppendDateTime(nil, v.Time())[:len("2006-01-02T15:04:05")])
	}
	matches := m.matches(text)
	if !matches && (!m.plain || !isASCII(text)) {
		r.doubt = true
	}
	return truthOf(matches != m.negated)
}

func (m *like) values(*run, *schema.Attribute) ([]Value, bool) { return nil, false }

// matches compares from the left; when it fails, what the last % stands for grows by one character. Earlier
// ones need not be tried again, so the cost is at most length times length.
func (m *like) matches(text string) bool {
	i, at := 0, 0             // in the text, in the pattern
	resume, resumeAt := -1, 0 // where the last % began to stand for something
	for i < len(text) {
		if at < len(m.pattern) && m.pattern[at] == anyText {
			at++
			resume, resumeAt = i, at
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if at < len(m.pattern) && (m.pattern[at] == anyRune || m.pattern[at] == r || m.fold && m.pattern[at] == foldRune(r)) {
			i += size
			at++
			continue
		}
		if resume < 0 {
			return false
		}
		_, size = utf8.DecodeRuneInString(text[resume:])
		resume += size
		i, at = resume, resumeAt
	}
	for at < len(m.pattern) && m.pattern[at] == anyText {
		at++
	}
	return at == len(m.pattern)
}
