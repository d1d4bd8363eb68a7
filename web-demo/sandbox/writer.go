package sandbox

import (
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/store"
)

// writer writes entities as JSON. An entity that recurs in a reply is a stub there: its keys, and whatever the reply
// does not say of it yet. So cycles end.
type writer struct {
	store       *store.Store
	system      [][]*schema.Attribute
	denormalize bool                     // no stubs
	written     bool                     // a reply to a write: what is empty is left out, unless it was sent
	bare        bool                     // no system columns
	keyed       func(path string) string // the address of a path of components
	out         []byte
	placed      map[place]bool
	told        map[eval.Entity]slots
}

type place struct {
	entity eval.Entity
	as     *projection
}

// slots are attributes of a family.
type slots [2]uint64

func (s *slots) add(slot int32) (isNew bool) {
	if slot >= 128 {
		return true
	}
	bit := uint64(1) << (slot & 63)
	isNew = s[slot>>6]&bit == 0
	s[slot>>6] |= bit
	return isNew
}

func (r *request) newWriter(denormalize bool, out []byte) *writer {
	return &writer{store: r.store, system: r.system, keyed: r.keyed, denormalize: denormalize, out: out,
		placed: map[place]bool{}, told: map[eval.Entity]slots{}}
}

// entity writes one entity as a place asks for it.
func (w *writer) entity(e eval.Entity, as *projection) {
	t := w.store.TypeOf(e)
	if t == nil {
		w.out = append(w.out, "null"...)
		return
	}
	w.out = append(w.out, '{')
	if at := (place{e, as}); w.denormalize || !w.placed[at] {
		w.placed[at] = true
		told := slots{}
		if !w.denormalize {
			told = w.told[e]
		}
		for _, c := range as.columns {
			if c.cast == nil || t.IsA(c.cast.Name) {
				w.column(e, t, c.attribute, &told)
			}
		}
		for _, a := range w.system[t.Index] {
			if w.bare || w.written && w.store.Value(e, a).IsNull() {
				continue
			}
			w.column(e, t, a, &told)
		}
		w.told[e] = told
		for i := range as.relations {
			if r := &as.relations[i]; (r.cast == nil || t.IsA(r.cast.Name)) && t.Attribute(r.attribute.Name) != nil {
				w.relation(e, r)
			}
		}
	}
	var parts [3]eval.Value
	key := parts[:0]
	for _, name := range t.PrimaryKey {
		key = append(key, w.store.Value(e, t.Attribute(name)))
	}
	w.keys(t, key)
}

// keys ends an entity: its key and type.
func (w *writer) keys(t *schema.EntityType, key []eval.Value) {
	for i, name := range t.PrimaryKey {
		w.name(name)
		w.value(key[i])
	}
	w.name("__entity_type__")
	w.out = append(wire.AppendText(w.out, t.Name), '}')
}

func (w *writer) column(e eval.Entity, t *schema.EntityType, a *schema.Attribute, told *slots) {
	if slices.Contains(t.PrimaryKey, a.Name) || t.Attribute(a.Name) == nil || !told.add(a.Slot) {
		return
	}
	v := w.store.Value(e, a)
	if a.Kind == schema.Object && v.Kind() == eval.KindJSON && (a.Name == "url" || a.Name == "thumbnail_url") {
		v = w.addressed(v)
	}
	w.name(a.Name)
	w.value(v)
}

// addressed makes the path in a value the address that clients use as it is, credentials included.
func (w *writer) addressed(v eval.Value) eval.Value {
	root, err := wire.Parse([]byte(v.Text()))
	if err != nil || w.keyed == nil {
		return v
	}
	return eval.JSON(string(append(wire.AppendText([]byte(`{"value":`), w.keyed(root.Get("value").Text())), '}')))
}

func (w *writer) relation(e eval.Entity, r *relation) {
	w.name(r.attribute.Name)
	if r.attribute.Kind == schema.Reference {
		if other := w.store.Value(e, r.attribute).Entity(); other != 0 {
			w.entity(other, r.of)
		} else {
			w.out = append(w.out, "null"...)
		}
		return
	}
	w.out = append(w.out, '[')
	for i, member := range w.store.List(e, r.attribute) {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		w.entity(member, r.of)
	}
	w.out = append(w.out, ']')
}

func (w *writer) name(name string) {
	if w.out[len(w.out)-1] != '{' {
		w.out = append(w.out, ',')
	}
	w.out = append(wire.AppendText(w.out, name), ':')
}

func (w *writer) value(v eval.Value) { w.out = appendValue(w.out, v) }

// appendValue writes a value as the server does: dates without zone, to the second.
func appendValue(out []byte, v eval.Value) []byte {
	switch v.Kind() {
	case eval.KindBool:
		out, _ = wire.AppendValue(out, v.Bool())
	case eval.KindInt:
		out, _ = wire.AppendValue(out, v.Int())
	case eval.KindFloat:
		out, _ = wire.AppendValue(out, v.Float())
	case eval.KindText:
		out = wire.AppendText(out, v.Text())
	case eval.KindTime:
		out = append(out, `{"__type__":"datetime","value":"`...)
		out = append(v.Time().AppendFormat(out, "2006-01-02T15:04:05"), `"}`...)
	case eval.KindJSON:
		out = append(out, v.Text()...)
	default:
		out = append(out, "null"...)
	}
	return out
}
