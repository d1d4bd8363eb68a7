package store

// uuidTable finds records by identity. It grows by splitting one page at a time, so that no insertion waits for all
// that is there to move, as it would in a table that doubles; and pages hold no pointers, so they cost a garbage
// collection nothing. The zero value is empty.
type uuidTable struct {
	pages []*uuidPage     // by the highest bits of the hash; several entries may be one page
	bits  uint            // how many bits
	rest  map[uuid]Record // what found no place: identities that somebody chose for their hashes
}

const (
	pageSlots = 256
	pageFull  = 192
	mostBits  = 20
)

// uuidPage is an open-addressed table of identities whose hashes begin with the same bits.
type uuidPage struct {
	bits    uint // that they share
	used    int
	ids     [pageSlots]uuid
	records [pageSlots]Record // 0 where a slot is empty
}

func (id uuid) hash() uint64 {
	h := (id.high ^ id.low*0x9e3779b97f4a7c15) * 0xd6e8feb86659fd93
	return h ^ h>>32*0x9e3779b97f4a7c15
}

func (t *uuidTable) page(hash uint64) *uuidPage {
	if t.bits == 0 {
		if len(t.pages) == 0 {
			return nil
		}
		return t.pages[0]
	}
	return t.pages[hash>>(64-t.bits)]
}

// slot is where an identity stands in a page, or would.
func (p *uuidPage) slot(id uuid, hash uint64) uint {
	i := uint(hash) % pageSlots
	for p.records[i] != 0 && p.ids[i] != id {
		i = (i + 1) % pageSlots
	}
	return i
}

// get is the record of an identity, 0 for none.
func (t *uuidTable) get(id uuid) Record {
	hash := id.hash()
	p := t.page(hash)
	if p == nil {
		return 0
	}
	if r := p.records[p.slot(id, hash)]; r != 0 || t.rest == nil {
		return r
	}
	return t.rest[id]
}

// put gives an identity its record.
func (t *uuidTable) put(id uuid, r Record) {
	if len(t.pages) == 0 {
		t.pages = []*uuidPage{new(uuidPage)}
	}
	hash := id.hash()
	p := t.page(hash)
	i := p.slot(id, hash)
	if p.records[i] == 0 {
		if _, elsewhere := t.rest[id]; elsewhere || !t.makeRoom(hash) {
			t.putElsewhere(id, r)
			return
		}
		p = t.page(hash)
		i = p.slot(id, hash)
		p.used++
	}
	p.ids[i], p.records[i] = id, r
}

// makeRoom splits the page of a hash until it has a free slot; false when that would take too many pages.
func (t *uuidTable) makeRoom(hash uint64) bool {
	for {
		p := t.page(hash)
		switch {
		case p.used < pageFull:
			return true
		case p.bits == mostBits:
			return false
		}
		t.split(p, hash)
	}
}

func (t *uuidTable) putElsewhere(id uuid, r Record) {
	if t.rest == nil {
		t.rest = map[uuid]Record{}
	}
	t.rest[id] = r
}

// split shares a page's identities between two by one more bit of their hashes.
func (t *uuidTable) split(p *uuidPage, hash uint64) {
	if p.bits == t.bits {
		pages := make([]*uuidPage, 2*len(t.pages))
		for i, each := range t.pages {
			pages[2*i], pages[2*i+1] = each, each
		}
		t.pages, t.bits = pages, t.bits+1
	}
	halves := [2]*uuidPage{{bits: p.bits + 1}, {bits: p.bits + 1}}
	for i, r := range p.records {
		if r != 0 {
			id := p.ids[i]
			h := id.hash()
			half := halves[h>>(63-p.bits)&1]
			at := half.slot(id, h)
			half.ids[at], half.records[at] = id, r
			half.used++
		}
	}
	span := 1 << (t.bits - p.bits) // entries of the directory that p has
	first := int(hash>>(64-t.bits)) &^ (span - 1)
	for i := range span {
		t.pages[first+i] = halves[2*i/span]
	}
}

// remove takes an identity away, and closes the gap, so that others are still found.
func (t *uuidTable) remove(id uuid) {
	hash := id.hash()
	p := t.page(hash)
	if p == nil {
		return
	}
	gap := p.slot(id, hash)
	if p.records[gap] == 0 {
		delete(t.rest, id)
		return
	}
	p.used--
	for i := (gap + 1) % pageSlots; p.records[i] != 0; i = (i + 1) % pageSlots {
		home := uint(p.ids[i].hash()) % pageSlots
		if (i-home)%pageSlots >= (i-gap)%pageSlots {
			p.ids[gap], p.records[gap] = p.ids[i], p.records[i]
			gap = i
		}
	}
	p.records[gap] = 0
}
