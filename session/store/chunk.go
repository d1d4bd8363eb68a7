package store

// chunkSize is how many bytes a chunk takes before the next one is begun; a longer value gets a chunk of its own.
const chunkSize = 64 << 10

// chunk holds the bytes of values. It is only ever appended to, and never moves.
type chunk struct {
	data    []byte
	live    int
	queued  bool     // stands in Store.sparse
	records []Record // whose values stand here; may hold records that have moved on
}

// reserve finds room for n bytes and returns the chunk's number, and where the bytes begin. align4 is for lists.
func (s *Store) reserve(n int, align4 bool) (number uint32, offset int) {
	if s.current != 0 {
		c := &s.chunks[s.current]
		offset = len(c.data)
		if align4 {
			offset = (offset + 3) &^ 3
		}
		if offset+n <= cap(c.data) {
			c.data = c.data[:offset+n]
			return s.current, offset
		}
		s.retire(s.current)
	}
	size := chunkSize
	if n > size {
		size = n
	}
	number = s.newChunk()
	c := &s.chunks[number]
	c.data = make([]byte, n, size)
	s.chunkBytes += size
	s.current = number
	return number, 0
}

func (s *Store) newChunk() uint32 {
	if n := len(s.freeChunks); n > 0 {
		number := s.freeChunks[n-1]
		s.freeChunks = s.freeChunks[:n-1]
		return number
	}
	s.chunks = append(s.chunks, chunk{})
	return uint32(len(s.chunks) - 1)
}

// occupy counts n bytes of a chunk as living for a record.
func (s *Store) occupy(number uint32, r Record, n int) {
	c := &s.chunks[number]
	c.live += n
	s.liveBytes += n
	if last := len(c.records) - 1; last < 0 || c.records[last] != r {
		c.records = append(c.records, r)
	}
}

// discard counts the bytes of a value that is replaced or evicted as dead.
func (s *Store) discard(v *Value) {
	n := v.stored()
	if n == 0 {
		return
	}
	c := &s.chunks[v.chunk()]
	c.live -= n
	s.liveBytes -= n
	if v.chunk() != s.current {
		s.retire(v.chunk())
	}
}

// retire queues a chunk for compaction once less than half of it lives.
func (s *Store) retire(number uint32) {
	c := &s.chunks[number]
	if !c.queued && 2*c.live < cap(c.data) {
		c.queued = true
		s.sparse = append(s.sparse, number)
	}
}

// compact copies the living values out of the queued chunks and drops those.
func (s *Store) compact() {
	for len(s.sparse) > 0 {
		number := s.sparse[len(s.sparse)-1]
		s.sparse = s.sparse[:len(s.sparse)-1]
		c := &s.chunks[number]
		if number == s.current {
			s.current = 0
		}
		old, records := c.data, c.records
		if c.live > 0 {
			for _, r := range records {
				s.moveValues(r, number, old)
			}
		}
		s.chunkBytes -= cap(old)
		s.chunks[number] = chunk{}
		s.freeChunks = append(s.freeChunks, number)
	}
}

// moveValues copies what a record has in a chunk to the current one.
func (s *Store) moveValues(r Record, number uint32, old []byte) {
	rec := s.record(r)
	if rec.family < 0 {
		return
	}
	f := s.families[rec.family]
	for _, slot := range f.used {
		if v := s.cell(f, slot, rec.index); v != nil && v.chunk() == number {
			s.moveValue(v, r, old)
		}
	}
	if rec.flags&hasLocal != 0 {
		for i := range s.locals {
			if cell := &s.locals[i]; cell.record == r && cell.value.chunk() == number {
				s.moveValue(&cell.value, r, old)
			}
		}
	}
}

func (s *Store) moveValue(v *Value, r Record, old []byte) {
	n := v.stored()
	target, offset := s.reserve(n, v.Kind() == List)
	copy(s.chunks[target].data[offset:], old[v.word:int(v.word)+n])
	s.chunks[v.chunk()].live -= n
	s.liveBytes -= n
	s.occupy(target, r, n)
	v.head = v.head&(1<<chunkShift-1) | target<<chunkShift
	v.word = uint64(offset)
}
