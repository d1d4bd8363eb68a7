package event

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

func (a *And) match(lookup func([]string) wire.Node) bool {
	for _, term := range a.Terms {
		if !term.match(lookup) {
			return false
		}
	}
	return true
}

func (o *Or) match(lookup func([]string) wire.Node) bool {
	for _, term := range o.Terms {
		if term.match(lookup) {
			return true
		}
	}
	return false
}

func (n *Not) match(lookup func([]string) wire.Node) bool { return !n.Term.match(lookup) }

// match is false for a field that is not there, whatever the operator.
func (c *Condition) match(lookup func([]string) wire.Node) bool {
	field := lookup(c.Field)
	switch c.Operator {
	case Equal:
		return c.Value.equals(field)
	case NotEqual:
		return field.Kind() != wire.Missing && !c.Value.equals(field)
	}
	order, comparable := c.Value.order(field)
	if !comparable {
		return false
	}
	switch c.Operator {
	case AtLeast:
		return order >= 0
	case AtMost:
		return order <= 0
	case Greater:
		return order > 0
	}
	return order < 0
}

// number is a bare value as one. Texts of events that hold numbers are compared as numbers, too.
func (v *Value) number() (float64, bool) {
	if v.Quoted || v.Prefix {
		return 0, false
	}
	return parseNumber(v.Text)
}

// parseNumber takes decimal numbers only: no hexadecimal ones, no words.
func parseNumber(text string) (float64, bool) {
	for _, c := range []byte(text) {
		if c-'0' > 9 && strings.IndexByte("+-.eE", c) < 0 {
			return 0, false
		}
	}
	number, err := strconv.ParseFloat(text, 64)
	return number, err == nil
}

// equalsText is equals for a text.
func (v *Value) equalsText(text string) bool {
	if v.Prefix {
		return strings.HasPrefix(text, v.Text)
	}
	return text == v.Text
}

func (v *Value) equals(field wire.Node) bool {
	switch kind := field.Kind(); kind {
	case wire.String:
		if v.Prefix {
			return v.equalsText(field.Text())
		}
		return field.Is(v.Text)
	case wire.Number:
		number, ok := v.number()
		value, okay := field.Float()
		return ok && okay && number == value
	case wire.True, wire.False:
		return !v.Quoted && !v.Prefix && strings.EqualFold(v.Text, kind.String())
	case wire.Null:
		return !v.Quoted && !v.Prefix && (strings.EqualFold(v.Text, "null") || strings.EqualFold(v.Text, "none"))
	}
	return false
}

// order compares a field with the value: numbers with numbers, texts that are numbers with numbers, other texts by their bytes.
func (v *Value) order(field wire.Node) (order int, comparable bool) {
	if v.Prefix {
		return 0, false
	}
	number, isNumber := v.number()
	switch field.Kind() {
	case wire.Number:
		value, ok := field.Float()
		return cmp.Compare(value, number), ok && isNumber
	case wire.String:
		text := field.Text()
		if value, ok := parseNumber(text); ok && isNumber {
			return cmp.Compare(value, number), true
		}
		return strings.Compare(text, v.Text), true
	}
	return 0, false
}
