package store

// Record names one entity of a Store; 0 is none. A record that was evicted may be given to another entity later, so
// whoever keeps one across a sweep must hold it (see Sweep).
type Record int32

const (
	recordShift = 12
	recordMask  = 1<<recordShift - 1

	blockShift = 6
	blockMask  = 1<<blockShift - 1
	slabShift  = 8 // blocks in a slab
	slabMask   = 1<<slabShift - 1
)

type recordFlags uint16

const (
	hasLocal recordFlags = 1 << iota
	watched
	marked
	noted   // stands in Changes.Watched of the merge under way
	retired // has no identity any more
)

// record is the head of an entity: where its values are, and what it is.
type record struct {
	version uint32
	index   int32 // in the columns of the family
	stamp   uint32
	typ     int32
	family  int16 // -1 when the record is free
	flags   recordFlags
	told    uint32 // when the server was asked what it last said of the entity; see Clock
}

func (s *Store) record(r Record) *record {
	return &s.records[r>>recordShift][r&recordMask]
}

// alive reports whether r names an entity.
func (s *Store) alive(r Record) bool {
	return r > 0 && int(r) < s.nextRecord && s.record(r).family >= 0
}

func (s *Store) newRecord(family int16, typ int32) Record {
	var r Record
	if n := len(s.freeRecords); n > 0 {
		r = s.freeRecords[n-1]
		s.freeRecords = s.freeRecords[:n-1]
	} else {
		if s.nextRecord>>recordShift == len(s.records) {
			s.records = append(s.records, make([]record, 1<<recordShift))
		}
		r = Record(s.nextRecord)
		s.nextRecord++
	}
	f := s.families[family]
	rec := s.record(r)
	version := rec.version + 1 // a handle's next owner never repeats a version
	*rec = record{version: version, typ: typ, family: family}
	if n := len(f.free); n > 0 {
		rec.index = f.free[n-1]
		f.free = f.free[:n-1]
	} else {
		rec.index = f.next
		f.next++
	}
	if s.sweep.active {
		s.mark(r)
	}
	s.count++
	s.created++
	return r
}

// column holds the values of one attribute: numbers of blocks of 64 values, 0 where no record has one.
type column []int32

// cell is where a value stands, nil when its block does not exist.
func (s *Store) cell(f *family, slot, index int32) *Value {
	c := f.columns[slot]
	n := int(index >> blockShift)
	if n >= len(c) || c[n] == 0 {
		return nil
	}
	b := c[n]
	return &s.slabs[b>>slabShift][(b&slabMask)<<blockShift|index&blockMask]
}

// block is the part of a column that 64 records share.
type block [1 << blockShift]Value

// makeCell is cell, with the block made when it does not exist.
func (s *Store) makeCell(f *family, slot, index int32) *Value {
	return &s.makeBlock(f, slot, index>>blockShift)[index&blockMask]
}

// makeBlock is a block of a column; once made it stays where it is.
func (s *Store) makeBlock(f *family, slot, number int32) *block {
	c, n := f.columns[slot], int(number)
	if len(c) == 0 {
		f.used = append(f.used, slot)
	}
	for n >= len(c) {
		c = append(c, 0)
	}
	f.columns[slot] = c
	b := c[n]
	if b == 0 {
		if s.nextBlock>>slabShift == int32(len(s.slabs)) {
			s.slabs = append(s.slabs, make([]Value, 1<<(slabShift+blockShift)))
		}
		b = s.nextBlock
		s.nextBlock++
		c[n] = b
	}
	return (*block)(s.slabs[b>>slabShift][(b&slabMask)<<blockShift:])
}
