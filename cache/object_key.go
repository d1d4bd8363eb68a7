package cache

import (
	"reflect"
	"slices"
	"strconv"
	"time"
)

// ObjectKeyMaker makes keys of nearly everything: what EntityKeyMaker takes, numbers of all types, bytes, times, slices, maps, structs
// (by their type and all fields), and what pointers and interfaces point to. It refuses functions, channels, unsafe pointers, and what
// contains itself.
type ObjectKeyMaker struct{}

// Key makes a key.
func (ObjectKeyMaker) Key(items ...any) (string, error) {
	return joinedKey(items, func(key []byte, item any) ([]byte, string) {
		w := objectWriter{key: key}
		w.value(reflect.ValueOf(item), 0)
		return w.key, w.reason
	})
}

// deepest is how many levels an item may have: more have only those that contain themselves.
const deepest = 1000

type objectWriter struct {
	key    []byte
	reason string // why there is no key
}

func (w *objectWriter) text(text string) { w.key = append(w.key, text...) }

func (w *objectWriter) value(v reflect.Value, depth int) {
	if depth > deepest {
		w.reason = "contains itself, or goes too deep"
	}
	if w.reason != "" {
		return
	}
	if !v.IsValid() {
		w.text("null")
		return
	}
	if v.CanInterface() {
		switch item := v.Interface().(type) {
		case time.Time:
			w.text("time(" + item.UTC().Format("2006-01-02T15:04:05.000000000Z") + ")")
			return
		case Identified:
			if k := v.Kind(); k != reflect.Pointer && k != reflect.Interface || !v.IsNil() {
				w.key, _ = appendIdentity(w.key, item)
				return
			}
		}
	}
	switch v.Kind() {
	case reflect.String:
		w.key = appendText(w.key, v.String())
	case reflect.Bool:
		w.key = strconv.AppendBool(w.key, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.key = strconv.AppendInt(w.key, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		w.key = strconv.AppendUint(w.key, v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		w.key = appendNumber(w.key, v.Float())
	case reflect.Complex64, reflect.Complex128:
		w.text("complex" + strconv.FormatComplex(v.Complex(), 'g', -1, 128))
	case reflect.Slice, reflect.Array:
		w.list(v, depth)
	case reflect.Map:
		w.mapping(v, depth)
	case reflect.Struct:
		w.text(v.Type().PkgPath() + "." + v.Type().Name())
		w.key = append(w.key, '{')
		for i := range v.NumField() {
			w.member(appendText(nil, v.Type().Field(i).Name), v.Field(i), i, depth)
		}
		w.key = append(w.key, '}')
	case reflect.Pointer, reflect.Interface:
		w.value(v.Elem(), depth+1)
	default:
		w.reason = "holds a " + v.Kind().String()
	}
}

func (w *objectWriter) list(v reflect.Value, depth int) {
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
		w.text("bytes(")
		for _, c := range v.Bytes() {
			w.key = append(w.key, hexDigits[c>>4], hexDigits[c&15])
		}
		w.text(")")
		return
	}
	w.key = append(w.key, '[')
	for i := range v.Len() {
		if i > 0 {
			w.key = append(w.key, ',')
		}
		w.value(v.Index(i), depth+1)
	}
	w.key = append(w.key, ']')
}

// mapping writes a map in the order of the keys of its keys.
func (w *objectWriter) mapping(v reflect.Value, depth int) {
	type member struct {
		key   string
		value reflect.Value
	}
	var members []member
	for each := v.MapRange(); each.Next(); {
		k := objectWriter{}
		k.value(each.Key(), depth+1)
		if w.reason = k.reason; w.reason != "" {
			return
		}
		members = append(members, member{string(k.key), each.Value()})
	}
	slices.SortFunc(members, func(a, b member) int {
		if a.key < b.key {
			return -1
		}
		return 1
	})
	w.key = append(w.key, '{')
	for i, m := range members {
		w.member([]byte(m.key), m.value, i, depth)
	}
	w.key = append(w.key, '}')
}

func (w *objectWriter) member(key []byte, value reflect.Value, i, depth int) {
	if i > 0 {
		w.key = append(w.key, ',')
	}
	w.key = append(append(w.key, key...), ':')
	w.value(value, depth+1)
}
