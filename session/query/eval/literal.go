package eval

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// literal is a value of the query under each reading that it has; which one counts is up to what it is
// compared with.
type literal struct {
	text    string
	folded  string
	integer int64
	number  float64
	micro   int64 // time
	truth   bool

	isInteger, isNumber, isTime, isTruth bool
}

func newLiteral(text string) literal {
	l := literal{text: text, folded: Fold(text)}
	if truth, ok := query.ReadsBoolean(text); ok {
		l.truth, l.isTruth = truth, true
	}
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		l.integer, l.isInteger = i, true
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
		l.number, l.isNumber = f, true
		if i, whole := wholeNumber(f); whole && !l.isInteger {
			l.integer, l.isInteger = i, true
		}
	}
	if t, ok := parseTime(text); ok {
		l.micro, l.isTime = t.UnixMicro(), true
	}
	return l
}

// wholeNumber is the integer that a float stands for exactly.
func wholeNumber(f float64) (int64, bool) {
	if f != math.Trunc(f) || f < -1<<53 || f > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// parseTime reads an ISO date, or date and time with T or blanks between. Without zone it is UTC.
func parseTime(text string) (time.Time, bool) {
	if len(text) < len("2006-01-02") || text[4] != '-' {
		return time.Time{}, false
	}
	if len(text) > 10 && (text[10] == ' ' || text[10] == 't' || text[10] == 'T') {
		text = text[:10] + "T" + strings.TrimLeft(text[11:], " ")
	}
	t, err := wire.ParseDateTime(text)
	return t, err == nil
}

// isNone tells whether the value stands for no value.
func (c *compiler) isNone(v query.Value) bool {
	if v.Kind != query.None {
		return false
	}
	switch c.options.NoneWords {
	case NoneNone:
		return strings.EqualFold(v.Text, "none")
	case NoneVerbatim:
		return v.Text == "None" || v.Text == "none"
	}
	return true
}

// literal checks that the attribute can have the value.
func (c *compiler) literal(steps []step, a *schema.Attribute, v query.Value, meaning query.Operator) (literal, error) {
	l := newLiteral(v.Text)
	if meaning == query.Like || meaning == query.NotLike {
		return l, nil
	}
	expected := ""
	switch a.Kind {
	case schema.Integer, schema.Number:
		if !l.isNumber && !l.isTruth {
			expected = "a number"
		}
	case schema.Boolean:
		if !l.isTruth && (!l.isInteger || l.integer != 0 && l.integer != 1) {
			expected = "True or False"
		}
	case schema.DateTime:
		if !l.isTime {
			expected = "a date"
		}
	}
	if expected != "" {
		last := steps[len(steps)-1]
		return l, unfit(last.owner, last.Attribute.Name, "is compared with "+strconv.Quote(v.Text)+", which is not "+expected)
	}
	return l, nil
}
