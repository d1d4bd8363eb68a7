package store

import "github.com/ftrack-wasm/ftrack-wasm/session/schema"

// Store holds the entities of one session. Make one with New.
type Store struct {
	types     []*entityType
	typeIndex map[string]int32
	families  []*family

	records     [][]record
	nextRecord  int
	freeRecords []Record
	count       int

	slabs     [][]Value
	nextBlock int32

	chunks     []chunk
	freeChunks []uint32
	sparse     []uint32 // chunks to compact
	current    uint32
	chunkBytes int
	liveBytes  int
	dropped    uint32

	local      map[Record][]int32 // places in locals
	locals     []localCell
	freeLocals []int32
	touched    []Record // watched, and changed otherwise than by merges
	journal    []Record // changed otherwise than by merges, watched or not,
	onChange   func()   // where somebody keeps it

	epoch *uint32
	stamp uint32
	// Clock gives the time in milliseconds since some moment, for comparing what comes late with what came before; nil is no time.
	Clock    func() uint32
	fillFrom uint32 // what was told before fills nothing that is not loaded

	// Written, when set, hears of values that calls other than a merge's make the server's, and of those that become not loaded.
	Written func(at Change, loaded bool)
	// generation counts evictions: a record remembered under another one may be somebody else by now.
	generation uint32
	merges     []*Merge    // under way
	questions  []*Question // under way, as they were asked
	asked      uint32      // the number of the last of them
	created    int         // records made since the last sweep
	sweep      sweep
}

// New makes an empty store for the entity types of a server.
func New(schemas *schema.Schemas) *Store {
	s := &Store{typeIndex: map[string]int32{}, local: map[Record][]int32{}, epoch: new(uint32)}
	s.nextRecord, s.nextBlock = 1, 1
	s.chunks = make([]chunk, 1)
	for _, t := range schemas.Types() {
		for int(t.Family) >= len(s.families) {
			s.families = append(s.families, newFamily(schemas.FamilySlots(int32(len(s.families)))))
		}
		s.addType(t, t.Index, int16(t.Family))
	}
	s.sweep.after = sweepFloor
	return s
}

// Epoch is a counter that changes whenever any value changes. The address stays the same while the store lives.
func (s *Store) Epoch() *uint32 { return s.epoch }

// Alive reports whether r names an entity: not 0, not evicted.
func (s *Store) Alive(r Record) bool { return s.alive(r) }

// Type is the entity type of a record, nil when it is not alive.
func (s *Store) Type(r Record) *schema.EntityType {
	if !s.alive(r) {
		return nil
	}
	return s.types[s.record(r).typ].schema
}

// Version is a number that differs whenever a value of the record does, 0 when it is not alive.
func (s *Store) Version(r Record) uint32 {
	if !s.alive(r) {
		return 0
	}
	return s.record(r).version + 1
}

// Count is the number of entities.
func (s *Store) Count() int { return s.count }

// TypeAt is the type with an index as EntityType.Index has it, types that only replies know included; nil beyond.
func (s *Store) TypeAt(index int32) *schema.EntityType {
	if index < 0 || int(index) >= len(s.types) {
		return nil
	}
	return s.types[index].schema
}

// Slot is the place of an attribute in the records of a type's family, -1 when no schema or reply named it.
func (s *Store) Slot(typeName, attribute string) int32 {
	index, ok := s.typeIndex[typeName]
	if !ok {
		return -1
	}
	if slot, ok := s.families[s.types[index].family].slots[attribute]; ok {
		return slot
	}
	return -1
}

// SlotName is the attribute that stands in a slot of a record.
func (s *Store) SlotName(r Record, slot int32) string {
	if !s.alive(r) {
		return ""
	}
	names := s.families[s.record(r).family].names
	if slot < 0 || int(slot) >= len(names) {
		return ""
	}
	return names[slot]
}

// Slots is how many slots the records of r's family have.
func (s *Store) Slots(r Record) int32 {
	if !s.alive(r) {
		return 0
	}
	return int32(len(s.families[s.record(r).family].names))
}

// Find is the record of an identity, 0 when there is none. The key is given as text, in the order of the schema's
// primary key. A base type finds records of the types below it.
func (s *Store) Find(typeName string, key ...string) Record {
	index, ok := s.typeIndex[typeName]
	if !ok {
		return 0
	}
	t := s.types[index]
	parts := make(keyParts, len(key))
	for i, k := range key {
		parts[i] = []byte(k)
	}
	r, _ := s.find(s.families[t.family], t.family, -1, parts)
	if r != 0 && !s.Type(r).IsA(typeName) {
		return 0
	}
	return r
}

// Watch asks that changes of a record be told apart in Changes.Watched.
func (s *Store) Watch(r Record, on bool) {
	if !s.alive(r) {
		return
	}
	if on {
		s.record(r).flags |= watched
	} else {
		s.record(r).flags &^= watched
	}
}

// Stats says what a store holds.
type Stats struct {
	Records       int // entities
	DocumentBytes int // bytes of all chunks
	LiveBytes     int // bytes of the values that can be read
	StoreBytes    int // record heads and columns
}

// Stats counts what the store holds now.
func (s *Store) Stats() Stats {
	return Stats{
		Records: s.count, DocumentBytes: s.chunkBytes, LiveBytes: s.liveBytes,
		StoreBytes: len(s.records)<<recordShift*recordBytes + len(s.slabs)<<(slabShift+blockShift)*valueBytes,
	}
}

const (
	recordBytes = 24
	valueBytes  = 16
)
