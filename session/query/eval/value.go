package eval

import (
	"math"
	"time"
)

// Kind is the kind of a Value.
type Kind uint8

const (
	KindNull Kind = iota
	KindBool
	KindInt
	KindFloat
	KindText
	KindTime
	KindRef  // another entity
	KindJSON // raw JSON
)

// Value is one value of an entity. The zero Value is null. Making and passing one allocates nothing.
type Value struct {
	kind Kind
	num  int64 // bool, integer, float bits, microseconds since 1970, entity
	text string
}

// Bool makes a truth value.
func Bool(b bool) Value {
	if b {
		return Value{kind: KindBool, num: 1}
	}
	return Value{kind: KindBool}
}

// Int makes an integer.
func Int(i int64) Value { return Value{kind: KindInt, num: i} }

// Float makes a number.
func Float(f float64) Value { return Value{kind: KindFloat, num: int64(math.Float64bits(f))} }

// Text makes a text; the empty text is not null.
func Text(s string) Value { return Value{kind: KindText, text: s} }

// Time makes an instant, kept to the microsecond; a date is its midnight in UTC.
func Time(t time.Time) Value { return Value{kind: KindTime, num: t.UnixMicro()} }

// Ref makes a reference to an entity; Ref(0) is null.
func Ref(e Entity) Value {
	if e == 0 {
		return Value{}
	}
	return Value{kind: KindRef, num: int64(e)}
}

// JSON makes a value of raw JSON text.
func JSON(raw string) Value { return Value{kind: KindJSON, text: raw} }

// Kind is the value's kind; the accessors below give zero for a value of another kind.
func (v Value) Kind() Kind { return v.kind }

// IsNull tells whether there is no value.
func (v Value) IsNull() bool { return v.kind == KindNull }

// Bool is the truth value.
func (v Value) Bool() bool { return v.kind == KindBool && v.num != 0 }

// Int is the integer.
func (v Value) Int() int64 {
	if v.kind != KindInt {
		return 0
	}
	return v.num
}

// Float is the number, of an integer too.
func (v Value) Float() float64 {
	switch v.kind {
	case KindInt:
		return float64(v.num)
	case KindFloat:
		return math.Float64frombits(uint64(v.num))
	}
	return 0
}

// Text is the text, or the raw JSON.
func (v Value) Text() string { return v.text }

// Time is the instant, in UTC.
func (v Value) Time() time.Time {
	if v.kind != KindTime {
		return time.Time{}
	}
	return time.UnixMicro(v.num).UTC()
}

// Entity is the referred entity.
func (v Value) Entity() Entity {
	if v.kind != KindRef {
		return 0
	}
	return Entity(v.num)
}
