package store

import "github.com/ftrack-wasm/ftrack-wasm/session/wire"

// site is what the merge remembers of the objects at one place of a row (the row itself, its status, the status'
// state): which keys came in which order, and where they go. Rows of one reply look alike, so a key is a comparison
// of bytes, not a look-up.
type site struct {
	family   int16
	typ      int32
	typeName string
	keys     []siteKey
	other    *site // the same place with a type of another family

	index   map[string]int // of keys, once there are many
	unbound bool           // keys without a slot were added

	lastKey    []byte // identity of the object before, for a status or project that repeats
	lastRecord Record
	generation uint32
}

type siteKey struct {
	name  string
	slot  int32 // -1 for __entity_type__
	child *site
}

const typeKey = "__entity_type__"

// key finds the n-th key of an object: by guess what stood there before, else by name.
func (st *site) key(n int, token wire.Node) int {
	name := token.Bytes()
	if n < len(st.keys) && st.keys[n].name == string(name) {
		return n
	}
	if len(st.keys) > manyKeys {
		if i, ok := st.index[token.Text()]; ok {
			return i
		}
		return st.add(token.Text())
	}
	for i := range st.keys {
		if token.Is(st.keys[i].name) {
			return i
		}
	}
	return st.add(token.Text())
}

// manyKeys is from where on keys out of order are looked up by name.
const manyKeys = 128

// add appends a key whose slot is found once the object's type is known.
func (st *site) add(name string) int {
	st.keys = append(st.keys, siteKey{name: name, slot: -1})
	st.unbound = true
	if len(st.keys) > manyKeys {
		if st.index == nil {
			st.index = map[string]int{}
			for i := range st.keys {
				st.index[st.keys[i].name] = i
			}
		}
		st.index[name] = len(st.keys) - 1
	}
	return len(st.keys) - 1
}

// bind gives the site to a family and looks its keys up there.
func (st *site) bind(s *Store, typ int32) {
	st.typ, st.typeName, st.family = typ, s.types[typ].name, s.types[typ].family
	st.unbound = false
	f := s.families[st.family]
	for i := range st.keys {
		if st.keys[i].name != typeKey {
			st.keys[i].slot = f.slot(st.keys[i].name)
		}
	}
}

// child is the site of the object under a key.
func (st *site) child(n int) *site {
	if st.keys[n].child == nil {
		st.keys[n].child = &site{family: -1}
	}
	return st.keys[n].child
}
