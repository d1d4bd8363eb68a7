package store

import "slices"

// Question is what the server is asked, until its answer is merged. Answers may come in another order than their questions left: what the
// answer to a later one brought is the newer, and stays. The zero value was not asked yet.
type Question struct {
	number uint32 // the later it left, the higher
	at     uint32 // what the clock showed
	told   map[Record]*slots
}

// slots are the attributes that an object brought.
type slots struct {
	keys []int32 // of its site, in the object's order
	bits []uint64
}

// Ask notes that a question leaves, for the first time or again: nothing is asked later, so far.
func (s *Store) Ask(q *Question) {
	s.Answered(q)
	s.asked++
	*q = Question{number: s.asked, at: s.now()}
	s.questions = append(s.questions, q)
}

// Answered ends a question: its answer is merged, or will not be.
func (s *Store) Answered(q *Question) {
	if i := slices.Index(s.questions, q); i >= 0 {
		s.questions = slices.Delete(s.questions, i, i+1)
	}
	*q = Question{}
}

// Overtaken reports whether the answer to a later question came first.
func (q *Question) Overtaken() bool { return q.told != nil }

// Answers says which question a merge takes the answer to.
func (m *Merge) Answers(q *Question) {
	if q.number == 0 {
		return
	}
	m.question, m.told = q, q.at
	if i := slices.Index(m.store.questions, q); i > 0 {
		m.overtaken, m.number = slices.Clone(m.store.questions[:i]), q.number
	}
}

// overtake has the questions that left before the clock showed told count as asked before what is merged.
func (m *Merge) overtake(told uint32) {
	asked := m.store.questions
	n := 0
	for n < len(asked) && asked[n].at < told {
		n++
	}
	if n > 0 {
		m.overtaken, m.number = slices.Clone(asked[:n]), asked[n-1].number
	}
}

// tell notes for the questions that were asked before what an object brought whose members stand in the scratch. known is what the site
// remembers of its record, if anything.
func (m *Merge) tell(r Record, known *recentIdentity, st *site, base int) {
	if known != nil {
		known.toldBy = m.stamp
	}
	brought := st.brought(m.scratch[base:])
	if m.late {
		brought = brought.but(m.store.types[m.store.record(r).typ].computed)
	}
	for _, q := range m.overtaken {
		if q.number == 0 || q.number > m.number {
			continue // it has ended, or was asked again
		}
		if q.told == nil {
			q.told = map[Record]*slots{}
		}
		q.told[r] = q.told[r].and(brought)
	}
}

// brought are the slots of an object's members. Objects at one place mostly have the same.
func (st *site) brought(members []pending) *slots {
	if same := st.last; same != nil && slices.EqualFunc(same.keys, members, func(key int32, p pending) bool { return key == p.key }) {
		return same
	}
	st.last = &slots{}
	for _, p := range members {
		st.last.keys = append(st.last.keys, p.key)
		st.last.add(st.keys[p.key].slot)
	}
	return st.last
}

func (set *slots) add(slot int32) {
	for int(slot>>6) >= len(set.bits) {
		set.bits = append(set.bits, 0)
	}
	set.bits[slot>>6] |= 1 << (slot & 63)
}

// has reports whether a slot is one of them; none is of nil.
func (set *slots) has(slot int32) bool {
	return set != nil && int(slot>>6) < len(set.bits) && set.bits[slot>>6]&(1<<(slot&63)) != 0
}

// but are the slots without some.
func (set *slots) but(without []bool) *slots {
	rest := &slots{bits: slices.Clone(set.bits)}
	for slot, out := range without {
		if out && slot>>6 < len(rest.bits) {
			rest.bits[slot>>6] &^= 1 << (slot & 63)
		}
	}
	return rest
}

// and are the slots of both, one of them as it is if it has those of the other.
func (set *slots) and(other *slots) *slots {
	if set == nil || set == other {
		return other
	}
	both := &slots{bits: make([]uint64, max(len(set.bits), len(other.bits)))}
	copy(both.bits, set.bits)
	for i, bits := range other.bits {
		both.bits[i] |= bits
	}
	if slices.Equal(both.bits, set.bits) {
		return set
	}
	return both
}
