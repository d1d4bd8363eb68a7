package query

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// Text writes a text as a value of a query. See AppendText.
func Text(text string) string { return string(AppendText(nil, text)) }

// AppendText writes a text as one quoted value of a query, from which no text can break out.
//
// It is not known how the server reads a backslash in quotes, so the form is chosen that holds in most readings:
// quotes of the kind that the text does not contain, and each backslash doubled. A text without backslashes and with at
// most one kind of quotes is then the same text in every reading, and a text with backslashes never ends the quotes.
// Only a text with both kinds of quotes must count on `\"`, as the public clients do.
func AppendText(dst []byte, text string) []byte {
	quote := byte('"')
	if strings.IndexByte(text, '"') >= 0 && strings.IndexByte(text, '\'') < 0 {
		quote = '\''
	}
	dst = append(dst, quote)
	for i := 0; i < len(text); i++ {
		if c := text[i]; c == quote || c == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, text[i])
	}
	return append(dst, quote)
}

// Pattern escapes a text for use within the pattern of like: %, _ and \ stand for themselves. The result is
// still to be quoted: query.Text("%" + query.Pattern(name) + "%").
func Pattern(text string) string {
	if !strings.ContainsAny(text, `%_\`) {
		return text
	}
	b := make([]byte, 0, len(text)+8)
	for i := 0; i < len(text); i++ {
		if c := text[i]; c == '%' || c == '_' || c == '\\' {
			b = append(b, '\\')
		}
		b = append(b, text[i])
	}
	return string(b)
}

// Quote writes a value into a query: nil as None, truth values as True and False, numbers in digits without an exponent, texts quoted, times
// as a quoted date and time in UTC to the second (the server keeps no parts of it), lists in parentheses for in.
// Types other than nil, bool, int, int64, float64, string, time.Time, []string and []any, NaN, infinities and lists
// within lists are errors.
func Quote(value any) (string, error) {
	dst, err := appendQuoted(nil, value, true)
	return string(dst), err
}

func appendQuoted(dst []byte, value any, lists bool) ([]byte, error) {
	switch v := value.(type) {
	case nil:
		return append(dst, "None"...), nil
	case bool:
		if v {
			return append(dst, "True"...), nil
		}
		return append(dst, "False"...), nil
	case int:
		return strconv.AppendInt(dst, int64(v), 10), nil
	case int64:
		return strconv.AppendInt(dst, v, 10), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, errors.New("quote: a query has no NaN and no infinity")
		}
		if v == 0 {
			v = 0 // no minus sign
		}
		return strconv.AppendFloat(dst, v, 'f', -1, 64), nil
	case string:
		return AppendText(dst, v), nil
	case time.Time:
		dst = append(dst, '"')
		dst = v.UTC().AppendFormat(dst, "2006-01-02T15:04:05")
		return append(dst, '"'), nil
	case []string:
		return appendList(dst, len(v), lists, func(i int) any { return v[i] })
	case []any:
		return appendList(dst, len(v), lists, func(i int) any { return v[i] })
	}
	return nil, errors.New("quote: this type of value cannot stand in a query")
}

func appendList(dst []byte, n int, lists bool, at func(int) any) ([]byte, error) {
	if !lists {
		return nil, errors.New("quote: a query has no list within a list")
	}
	dst = append(dst, '(')
	for i := range n {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		var err error
		if dst, err = appendQuoted(dst, at(i), false); err != nil {
			return nil, err
		}
	}
	return append(dst, ')'), nil
}
