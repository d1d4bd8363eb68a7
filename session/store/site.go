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
	last     *slots         // of the last object that was told to questions
	other    *site          // the same place with a type of another family

	recent     []recentIdentity
	replaced   int    // entries of recent since it has its size,
	found      int    // and how many were of use
	generation uint32 // of the store when recent was filled
	fromEnd    int    // where the key's text began in the last object, in bytes from the object's end
}

type siteKey struct {
	name       string
	head, tail uint64 // the first and the last bytes of a name of 8 to 16,
	words      bool   // which this one is
	slot       int32  // -1 for __entity_type__
	child      *site
	block      *block // of the slot's column, where the last value went
	number     int32  // of that block in the column
}

// recentIdentity saves the look-up of a status, type or project that comes again and again, and its merge as well while
// it comes with the same text.
type recentIdentity struct {
	text    [uuidLength]byte
	record  Record
	version uint32 // of the record when object had been merged
	toldBy  uint32 // the stamp of the merge that told questions of it last
	object  []byte // as it came last, if it came before and holds plain values only
}

const (
	typeKey     = "__entity_type__"
	fewRecent   = 16
	mostRecent  = 512
	largestStub = 256 // bytes of an object that are remembered
	manyKeys    = 128 // from where on keys out of order are looked up by name
)

// recall is where a key's text of 36 characters stands in recent, if it does.
func (st *site) recall(text []byte) *recentIdentity {
	last := word(text[uuidLength-8:])
	return &st.recent[int(last>>56^last>>46^last>>36^last>>26)&(len(st.recent)-1)]
}

// makeRoom gives entities that take each other's place in recent more of it, if any of them come again.
func (st *site) makeRoom(generation uint32) {
	switch {
	case st.recent == nil || st.generation != generation:
		st.recent, st.generation = make([]recentIdentity, fewRecent), generation
	case st.found > len(st.recent)/4 && len(st.recent) < mostRecent:
		st.recent = make([]recentIdentity, 2*len(st.recent))
	}
	st.replaced, st.found = 0, 0
}

// remember keeps the text of an object that came again, unless other entities stand in it, which may change by themselves.
func (known *recentIdentity) remember(version uint32, object []byte, plain bool) {
	if !plain || len(object) > largestStub {
		known.object = known.object[:0]
		return
	}
	known.version = version
	known.object = append(known.object[:0], object...)
}

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
	key := siteKey{name: name, slot: -1}
	if n := len(name); n >= 8 && n <= 16 {
		key.head, key.tail, key.words = word([]byte(name[:8])), word([]byte(name[n-8:])), true
	}
	st.keys = append(st.keys, key)
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
		if key := &st.keys[i]; i != st.typeKey && key.slot < 0 {
			key.slot = f.slot(key.name)
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

// site is that of the objects under a key.
func (key *siteKey) site() *site {
	if key.child == nil {
		key.child = newSite()
	}
	return key.child
}
