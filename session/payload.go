package session

import (
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// payload is one operation of a commit's request.
type payload struct {
	action   string // create, update, delete
	identity identity
	typ      *schema.EntityType
	key      []string
	data     []member
	entries  []*entry // that it came from
}

// sent reports whether a creation was sent, and not answered.
func (p *payload) sent() bool { return p.action == "create" && p.entries[0].unanswered }

// identity tells entities of a batch apart, those that the session does not know too.
type identity struct {
	record store.Record
	name   string
}

// plan makes the operations of a commit from recorded entries, as few as say the same (reference, section 1.7, and more):
//
//   - what is created and deleted is not sent at all, and no update of what is deleted; but a creation that was sent and not answered is,
//     for the server may have it;
//   - of the updates of one attribute the last counts, and none if it was taken back or gives the value that the server has;
//     a reference and its foreign key count as one attribute;
//   - updates of one entity meet in one operation, and in its creation: unless they name an entity that is created
//     after that operation, or something was deleted in between. What belongs to a creation is never apart from it otherwise:
//     servers have been seen to run an update before the creation it depends on (reference, section 9, "Batches");
//   - what is created comes before what refers to it.
//
// The session is locked.
func (s *Session) plan(log []*entry) []*payload { return s.planned(log, false) }

// planned is plan; with asking, what was sent and not answered is told from what was recorded since.
func (s *Session) planned(log []*entry, asking bool) []*payload {
	p := planner{session: s, asking: asking, last: map[attributeOf]int{}, life: map[identity]lifetime{}, void: map[attributeOf][]*entry{},
		places: map[identity][]int{}, creation: map[store.Record]int{}}
	p.survey(log)
	for i, e := range log {
		p.take(i, e)
	}
	return p.ordered()
}

type planner struct {
	session  *Session
	life     map[identity]lifetime
	last     map[attributeOf]int      // the entry that counts for an attribute
	void     map[attributeOf][]*entry // those that it makes void: earlier updates, or all of what is deleted
	payloads []*payload
	places   map[identity][]int   // of an entity's payloads, in order: a batch may hold tens of thousands
	creation map[store.Record]int // the place of what creates a record
	asking   bool                 // what was sent is to be told from what came since
	deleted  int                  // how many payloads stood before the last deletion
}

type lifetime struct {
	created, deleted bool
	sent             bool // its creation was, and not answered
}

type attributeOf struct {
	identity  identity
	attribute string
}

func (p *planner) identityOf(e *entry) identity {
	if e.record != 0 {
		return identity{record: e.record}
	}
	return identity{name: e.typ.Root.Name + "\x00" + strings.Join(e.key, "\x00")}
}

// attribute is the name under which a reference and its foreign key are one.
func (p *planner) attribute(e *entry) string {
	t, _ := p.session.entityOf(e)
	return pairName(t, e.attribute)
}

func pairName(t *schema.EntityType, name string) string {
	if a := t.Attribute(name); a != nil && a.ReferenceName != "" {
		return a.ReferenceName
	}
	return name
}

// survey notes what is created and deleted, and which update of an attribute is the last.
func (p *planner) survey(log []*entry) {
	for i, e := range log {
		id := p.identityOf(e)
		life := p.life[id]
		switch e.kind {
		case createEntry:
			life = lifetime{created: true, sent: e.unanswered}
		case deleteEntry:
			life.deleted = true
		case updateEntry:
			p.last[attributeOf{id, p.attribute(e)}] = i
		}
		p.life[id] = life
	}
}

func (p *planner) take(i int, e *entry) {
	id := p.identityOf(e)
	life := p.life[id]
	deletion := e.kind == deleteEntry && (!life.created || life.sent)
	if life.deleted && !deletion && !(e.kind == createEntry && life.sent) {
		p.void[attributeOf{identity: id}] = append(p.void[attributeOf{identity: id}], e)
		return
	}
	t, key := p.session.entityOf(e)
	switch e.kind {
	case deleteEntry:
		p.add(&payload{action: "delete", identity: id, typ: t, key: key, entries: append(p.void[attributeOf{identity: id}], e)})
		p.deleted = len(p.payloads)
	case createEntry:
		made := &payload{action: "create", identity: id, typ: t, key: key, entries: []*entry{e}}
		made.data = append(made.data, e.data...)
		p.add(made)
	case updateEntry:
		of := attributeOf{id, p.attribute(e)}
		if p.last[of] == i {
			p.update(e, id, t, key)
		} else {
			p.void[of] = append(p.void[of], e)
		}
	}
}

// update puts the last value of an attribute where it may stand.
func (p *planner) update(e *entry, id identity, t *schema.EntityType, key []string) {
	s, value := p.session, e.new
	a := t.Attribute(e.attribute)
	created := p.life[id].created
	if a != nil && e.record != 0 && a.Kind == schema.Collection {
		change := s.changes[place{e.record, a.Slot}]
		if change == nil {
			if value.notSet() {
				return
			}
		} else {
			remote := s.current(s.store.Remote(e.record, a.Slot))
			value = literal{isList: true, list: change.over(remote.list)}
		}
	}
	if value.notSet() {
		p.dropFromCreation(id, t, e.attribute)
		return
	}
	if a != nil && a.Kind == schema.DateTime {
		value = tagDate(value)
	}
	tried := slices.ContainsFunc(p.void[attributeOf{id, p.attribute(e)}], func(e *entry) bool { return e.unanswered }) // the server may have that
	if e.record != 0 && a != nil && !created && !e.always && !tried && !s.isStale(e.record, a.Slot) && same(value, s.current(s.store.Remote(e.record, a.Slot))) {
		return // back where it was
	}
	m := member{e.attribute, value}
	entries := append(p.void[attributeOf{id, p.attribute(e)}], e)
	for _, i := range slices.Backward(p.places[id]) {
		target := p.payloads[i]
		if target.action == "delete" {
			continue
		}
		if i < p.deleted && target.action == "update" || p.createdAfter(i, value) || p.asking && target.sent() && !e.unanswered {
			break
		}
		target.drop(t, e.attribute)
		target.data = append(target.data, m)
		target.entries = append(target.entries, entries...)
		return
	}
	p.add(&payload{action: "update", identity: id, typ: t, key: key, data: []member{m}, entries: entries})
}

// add puts a payload behind the others.
func (p *planner) add(made *payload) {
	at := len(p.payloads)
	p.payloads = append(p.payloads, made)
	p.places[made.identity] = append(p.places[made.identity], at)
	if made.action == "create" && made.identity.record != 0 {
		p.creation[made.identity.record] = at
	}
}

// dropFromCreation takes an attribute out of what an entity is created with: it was unset.
func (p *planner) dropFromCreation(id identity, t *schema.EntityType, attribute string) {
	for _, i := range p.places[id] {
		if each := p.payloads[i]; each.action == "create" {
			each.drop(t, attribute)
		}
	}
}

// drop takes an attribute, and its pair, out of a payload; the key stays.
func (p *payload) drop(t *schema.EntityType, attribute string) {
	p.data = slices.DeleteFunc(p.data, func(m member) bool {
		return pairName(t, m.name) == pairName(t, attribute) && !slices.Contains(t.PrimaryKey, m.name)
	})
}

// createdAfter reports whether a value names an entity that a later operation creates.
func (p *planner) createdAfter(at int, value literal) bool {
	return slices.ContainsFunc(value.refersTo(), func(r store.Record) bool { return p.creation[r] > at })
}

// ordered moves creations before what refers to them; operations made by hand may stand in any order.
func (p *planner) ordered() []*payload {
	creates := map[store.Record]*payload{}
	for _, each := range p.payloads {
		if each.action == "create" && each.identity.record != 0 {
			creates[each.identity.record] = each
		}
	}
	if len(creates) == 0 {
		return p.payloads
	}
	out := make([]*payload, 0, len(p.payloads))
	visited := map[*payload]bool{}
	var visit func(*payload)
	visit = func(each *payload) {
		if visited[each] {
			return
		}
		visited[each] = true // a circle ends here: the server sees one of them first
		for _, m := range each.data {
			for _, r := range m.value.refersTo() {
				if before := creates[r]; before != nil {
					visit(before)
				}
			}
		}
		out = append(out, each)
	}
	for _, each := range p.payloads {
		visit(each)
	}
	return out
}

// operation is a payload as the request carries it. The session is locked.
func (s *Session) wireOperation(p *payload) wire.Operation {
	o := wire.Operation{"action": p.action, "entity_type": p.typ.Name, "entity_key": entityKey(p.typ, p.key)}
	if p.action == "delete" {
		return o
	}
	data := map[string]any{"__entity_type__": p.typ.Name}
	for _, m := range p.data {
		data[m.name] = s.encodable(m.value)
	}
	o["entity_data"] = data
	return o
}
