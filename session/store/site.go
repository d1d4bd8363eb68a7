package store

import "github.com/ftrack-wasm/ftrack-wasm/session/wire"

// site is what the merge remembers of the objects at one place of a row (the row itself, its status, the status'
// state): which keys came in which order, and where they go. Rows of one reply look alike, so a key is a comparison
// of bytes, not a look-up.
type site struct {
	family   int16 // -1 until the first object came
	typ      int32
	typeName string
	primary  []int32 // slots of the type's primary key
	keys     []siteKey
	first    int            // which of the keys the last object out of order began with
	typeKey  int            // which of the keys is __entity_type__, -1 while none is
	index    map[string]int // of keys, once there are many
	unbound  bool           // keys without a slot were added
	other    *site          // the same place with a type of another family

	recent     []recentIdentity
	generation uint32 // of the store when recent was filled
}

type siteKey struct {
	name  string
	slot  int32 // -1 for __entity_type__
	child *site
}

// recentIdentity saves the look-up of a status, type or project that comes again and again.
type recentIdentity struct {
	text   [uuidLength]byte
	record Record
}

const (
	typeKey    = "__entity_type__"
	recentSize = 64
	manyKeys   = 128 // from where on keys out of order are looked up by name
)

func newSite() *site {
	return &site{family: -1, typeKey: -1}
}

// find is a key of an object that is not the one that stood there before.
func (st *site) find(token wire.Node) int {
	if len(st.keys) > manyKeys {
		if i, ok := st.index[token.Text()]; ok {
			return i
		}
		return st.add(token.Text())
	}
	if escaped, _ := token.Plain(); escaped {
		for i := range st.keys {
			if token.Is(st.keys[i].name) {
				return i
			}
		}
		return st.add(token.Text())
	}
	name := token.Bytes()
	for i := range st.keys {
		if st.keys[i].name == string(name) {
			return i
		}
	}
	return st.add(string(name))
}

// add appends a key whose slot is found once the object's type is known.
func (st *site) add(name string) int {
	st.keys = append(st.keys, siteKey{name: name, slot: -1})
	last := len(st.keys) - 1
	if name == typeKey {
		st.typeKey = last
	} else {
		st.unbound = true
	}
	if len(st.keys) > manyKeys {
		if st.index == nil {
			st.index = map[string]int{}
			for i := range st.keys {
				st.index[st.keys[i].name] = i
			}
		}
		st.index[name] = last
	}
	return last
}

// bind gives the site to a type and looks its keys up in the type's family.
func (st *site) bind(s *Store, typ int32) {
	t := s.types[typ]
	st.typ, st.typeName, st.family, st.primary = typ, t.name, t.family, t.keys
	st.unbound = false
	f := s.families[st.family]
	for i := range st.keys {
		if i != st.typeKey {
			st.keys[i].slot = f.slot(st.keys[i].name)
		}
	}
}

// sibling is the site of the same place for types of another family.
func (st *site) sibling(family int16) *site {
	for st.other != nil {
		if st = st.other; st.family == family {
			return st
		}
	}
	st.other = newSite()
	return st.other
}

// child is the site of the object under a key.
func (st *site) child(n int) *site {
	if st.keys[n].child == nil {
		st.keys[n].child = newSite()
	}
	return st.keys[n].child
}
