package guard

import (
	"errors"
	"syscall/js"
)

// Value is a JavaScript value. The zero Value is undefined.
type Value struct{ value js.Value }

// Global is the object whose members the module can look up: the host's, not the page's.
func Global() Value { return Value{js.Global()} }

// ValueOf makes a JavaScript value of nil, a bool, number or text, a Value, a Func's value, or a slice or map of these.
func ValueOf(x any) (v Value, err error) {
	defer catch(&err)
	return Value{js.ValueOf(plain(x))}, nil
}

// Get is a member.
func (v Value) Get(name string) (member Value, err error) {
	defer catch(&err)
	return Value{v.value.Get(name)}, nil
}

// Set sets a member.
func (v Value) Set(name string, x any) (err error) {
	defer catch(&err)
	v.value.Set(name, plain(x))
	return nil
}

// Call calls a method.
func (v Value) Call(method string, args ...any) (result Value, err error) {
	defer catch(&err)
	return Value{v.value.Call(method, list(args)...)}, nil
}

// Invoke calls the value, a function. It is the faster way to what is called for every event: no name is passed.
func (v Value) Invoke(args ...any) (result Value, err error) {
	defer catch(&err)
	return Value{v.value.Invoke(list(args)...)}, nil
}

// New makes an object with the value as its constructor.
func (v Value) New(args ...any) (made Value, err error) {
	defer catch(&err)
	return Value{v.value.New(list(args)...)}, nil
}

// Int is a number as an int.
func (v Value) Int() (n int, err error) {
	defer catch(&err)
	return v.value.Int(), nil
}

// Float is a number.
func (v Value) Float() (n float64, err error) {
	defer catch(&err)
	return v.value.Float(), nil
}

// Length is the length of an array.
func (v Value) Length() (n int, err error) {
	defer catch(&err)
	return v.value.Length(), nil
}

// String is a text; a value of another kind is an error.
func (v Value) String() (string, error) {
	if v.value.Type() != js.TypeString {
		return "", errors.New("a JavaScript value is " + v.value.Type().String() + ", not a string")
	}
	return v.value.String(), nil
}

// FuncOf makes a function that JavaScript can call; it is never released.
func FuncOf(f func(args []Value) any) Value {
	return Value{js.FuncOf(func(_ js.Value, args []js.Value) any {
		values := make([]Value, len(args))
		for i, arg := range args {
			values[i] = Value{arg}
		}
		return plain(f(values))
	}).Value}
}

// CopyBytesToGo copies from a Uint8Array, as far as both reach.
func CopyBytesToGo(to []byte, from Value) (n int, err error) {
	defer catch(&err)
	return js.CopyBytesToGo(to, from.value), nil
}

// CopyBytesToJS copies to a Uint8Array, as far as both reach.
func CopyBytesToJS(to Value, from []byte) (n int, err error) {
	defer catch(&err)
	return js.CopyBytesToJS(to.value, from), nil
}

func plain(x any) any {
	switch x := x.(type) {
	case Value:
		return x.value
	case []any:
		return list(x)
	case map[string]any:
		object := make(map[string]any, len(x))
		for name, member := range x {
			object[name] = plain(member)
		}
		return object
	}
	return x
}

func list(args []any) []any {
	out := make([]any, len(args))
	for i, arg := range args {
		out[i] = plain(arg)
	}
	return out
}

func catch(err *error) {
	switch thrown := recover().(type) {
	case nil:
	case error:
		*err = thrown
	case string:
		*err = errors.New(thrown)
	default:
		*err = errors.New("JavaScript threw what is no error")
	}
}
