package store

// chunkSize is how many bytes a chunk takes before the next one is begun; a longer value gets a chunk of its own.
const chunkSize = 64 << 10

// chunk holds the bytes of values. It is only ever appended to, and never moves.
type chunk struct {
	data    []byte
	live    int
	queued  bool     // stands in Store.sparse
	last    Record   // of records
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

// store copies more than eight bytes of a record to a chunk.
func (s *Store) store(r Record, b []byte) (number uint32, offset int) {
	c := &s.chunks[s.current]
	offset = len(c.data)
	if offset+len(b) > cap(c.data) {
		number, offset = s.reserve(len(b), false)
		copy(s.chunks[number].data[offset:], b)
		s.occupy(number, r, len(b))
		return number, offset
	}
	c.data = c.data[:offset+len(b)]
	copyText(c.data[offset:], b)
	c.live += len(b)
	s.liveBytes += len(b)
	if c.last != r {
		c.last = r
		c.records = append(c.records, r)
	}
	return s.current, offset
}

// copyText copies more than eight bytes. A call of the runtime's own takes longer than the length of a UUID.
func copyText(to, from []byte) {
	n := len(from)
	if n > 40 {
		copy(to, from)
		return
	}
	_ = to[n-1]
	putWord(to, word(from))
	if n > 16 {
		putWord(to[8:], word(from[8:]))
		if n > 24 {
			putWord(to[16:], word(from[16:]))
			if n > 32 {
				putWord(to[24:], word(from[24:]))
			}
		}
	}
	putWord(to[n-8:], word(from[n-8:]))
}

// word is the first eight bytes as a number, in one load. encoding/binary would bring reflect.
func word(b []byte) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

func putWord(b []byte, w uint64) {
	_ = b[7]
	b[0], b[1], b[2], b[3] = byte(w), byte(w>>8), byte(w>>16), byte(w>>24)
	b[4], b[5], b[6], b[7] = byte(w>>32), byte(w>>40), byte(w>>48), byte(w>>56)
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
	if c.last != r {
		c.last = r
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
		s.dropped++
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
		for _, i := range s.local[r] {
			if v := &s.locals[i].value; v.chunk() == number {
				s.moveValue(v, r, old)
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
