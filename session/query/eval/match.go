package eval

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// matcher tells whether a value passes.
type matcher interface {
	match(r *run, v Value) truth
	// values are those that can pass, as the attribute's index has them; ok is false when they cannot be told.
	values(r *run, a *schema.Attribute) (values []Value, ok bool)
}

// empty is `is none`.
type empty struct{ negated bool }

func (m empty) match(_ *run, v Value) truth { return truthOf(v.IsNull() != m.negated) }

func (m empty) values(*run, *schema.Attribute) ([]Value, bool) { return nil, false }

// equals is `is` with a value.
type equals struct {
	literal literal
	negated bool
	fold    bool
}

func (m *equals) match(r *run, v Value) truth {
	if v.IsNull() {
		return r.ofEmpty(m.negated)
	}
	equal := m.literal.equal(v, m.fold)
	if !equal && v.kind == KindText && !(isASCII(v.text) && isASCII(m.literal.text)) {
		r.doubt = true
	}
	return truthOf(equal != m.negated)
}

// ofEmpty is the outcome of comparing an empty value.
func (r *run) ofEmpty(negated bool) truth {
	if r.options.TwoValued {
		return truthOf(negated)
	}
	return unknown
}

// isASCII reports whether a text is compared in the same way by all collations but for its case.
func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func (m *equals) values(_ *run, a *schema.Attribute) ([]Value, bool) {
	if m.negated {
		return nil, false
	}
	value, ok := m.literal.indexed(a)
	return []Value{value}, ok
}

// indexed is the literal as a value of the attribute; ok is false for kinds with more than one way to be equal.
func (l *literal) indexed(a *schema.Attribute) (Value, bool) {
	switch a.Kind {
	case schema.String:
		return Text(l.text), true
	case schema.Integer:
		return Int(l.integer), l.isInteger
	}
	return Value{}, false
}

func (l *literal) equal(v Value, fold bool) bool {
	switch v.kind {
	case KindText, KindJSON:
		return v.text == l.text || fold && strings.EqualFold(v.text, l.text)
	case KindInt:
		if l.isInteger {
			return v.num == l.integer
		}
		return l.isTruth && v.num == truthNumber(l.truth)
	case KindFloat:
		return l.isNumber && v.Float() == l.number
	case KindBool:
		return l.isTruth && v.Bool() == l.truth || l.isInteger && v.num == l.integer
	case KindTime:
		return l.isTime && v.num == l.micro
	}
	return false
}

func truthNumber(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// compares is >, <, >= and <=.
type compares struct {
	literal  literal
	operator query.Operator
	fold     bool
}

func (m *compares) match(r *run, v Value) truth {
	order, ok := m.literal.compare(v, m.fold)
	if !ok {
		return r.ofEmpty(false)
	}
	if v.kind == KindText && !surelyOrdered(v.text, m.literal.text) {
		r.doubt = true
	}
	switch m.operator {
	case query.Greater:
		return truthOf(order > 0)
	case query.Less:
		return truthOf(order < 0)
	case query.AtLeast:
		return truthOf(order >= 0)
	}
	return truthOf(order <= 0)
}

func (m *compares) values(*run, *schema.Attribute) ([]Value, bool) { return nil, false }

// compare orders a value against the literal; ok is false for an empty value and for values that have no order
// between them.
func (l *literal) compare(v Value, fold bool) (order int, ok bool) {
	switch v.kind {
	case KindText, KindJSON:
		if fold {
			return strings.Compare(Fold(v.text), l.folded), true
		}
		return strings.Compare(v.text, l.text), true
	case KindInt, KindBool:
		switch {
		case l.isInteger:
			return cmp.Compare(v.num, l.integer), true
		case l.isNumber:
			return cmp.Compare(float64(v.num), l.number), true
		case l.isTruth:
			return cmp.Compare(v.num, truthNumber(l.truth)), true
		}
	case KindFloat:
		if l.isNumber {
			return cmp.Compare(v.Float(), l.number), true
		}
	case KindTime:
		return cmp.Compare(v.num, l.micro), l.isTime
	}
	return 0, false
}

// within is `in` and `not_in`, with a list or a query.
type within struct {
	set     *valueSet
	sub     valueSource // instead of the set
	negated bool
}

// valueSource gives values that are found by the run.
type valueSource interface{ values(r *run) *valueSet }

func (m *within) match(r *run, v Value) truth {
	set := m.set
	if m.sub != nil {
		set = m.sub.values(r)
	}
	outcome := set.contains(v)
	if outcome == unknown && r.options.TwoValued {
		outcome = no
	}
	if outcome == no && v.kind == KindText && !(isASCII(v.text) && set.plain) {
		r.doubt = true
	}
	if m.negated {
		outcome = yes - outcome
	}
	return outcome
}

func (m *within) values(r *run, a *schema.Attribute) ([]Value, bool) {
	if m.negated {
		return nil, false
	}
	set := m.set
	if m.sub != nil {
		set = m.sub.values(r)
	}
	return set.list(a)
}
