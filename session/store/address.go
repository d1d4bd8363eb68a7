package store

import "unsafe"

// JavaScript reads most values without a call: it knows where they are. What it relies on (npm/src/cells.ts) is checked
// here when this is compiled: the sizes, and where in a record its index, family and flags stand, in a value its parts.
const (
	_ = -(unsafe.Sizeof(record{}) ^ 24)
	_ = -(unsafe.Offsetof(record{}.index) ^ 4)
	_ = -(unsafe.Offsetof(record{}.family) ^ 16)
	_ = -(unsafe.Offsetof(record{}.flags) ^ 18)
	_ = -(hasLocal ^ 1)
	_ = -(unsafe.Sizeof(Value{}) ^ 16)
	_ = -(unsafe.Offsetof(Value{}.length) ^ 4)
	_ = -(unsafe.Offsetof(Value{}.word) ^ 8)
	_ = -(uint(recordShift) ^ 12)
	_ = -(uint(blockShift) ^ 6)
)

// RecordsAt is where the 4096 records stand of which r is one; they never move. nil for no record.
func (s *Store) RecordsAt(r Record) unsafe.Pointer {
	if !s.alive(r) {
		return nil
	}
	return unsafe.Pointer(unsafe.SliceData(s.records[r>>recordShift]))
}

// BlockAt is where the 64 values of an attribute stand of which that of r is one; they never move. nil while there are none.
func (s *Store) BlockAt(r Record, slot int32) unsafe.Pointer {
	if !s.alive(r) {
		return nil
	}
	rec := s.record(r)
	f := s.families[rec.family]
	if slot < 0 || int(slot) >= len(f.columns) {
		return nil
	}
	return unsafe.Pointer(s.cell(f, slot, rec.index&^blockMask))
}

// ChunkAt is where a chunk begins; it stays there while Dropped has the same value.
func (s *Store) ChunkAt(number uint32) unsafe.Pointer {
	if int(number) >= len(s.chunks) {
		return nil
	}
	return unsafe.Pointer(unsafe.SliceData(s.chunks[number].data))
}

// Dropped counts the chunks that are no more. The word stays where it is.
func (s *Store) Dropped() *uint32 { return &s.dropped }
