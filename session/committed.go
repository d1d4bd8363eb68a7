package session

import (
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// keepsCommits reports whether what a commit changes goes to the storage: in the place of what queries brought before.
func (s *Session) keepsCommits() bool { return s.keepsWith(s.options.Policy) }

// keepCommitted has the values kept that the server has taken, and what it said of them; deleted entities are forgotten. The session
// is locked.
func (s *Session) keepCommitted(payloads []*payload, replies []wire.Node, gone []Identity) {
	if !s.keepsCommits() {
		return
	}
	changed := newKeptValues()
	for i, p := range payloads {
		r := p.identity.record
		if r == 0 {
			r = s.store.Find(p.typ.Name, p.key...)
		}
		if r == 0 || p.action == "delete" || s.store.Retired(r) {
			continue
		}
		for _, m := range p.data {
			changed.add(r, m.name)
			if a := p.typ.Attribute(m.name); a != nil {
				changed.add(r, a.ForeignKey)
				changed.add(r, a.ReferenceName)
			}
		}
		if i < len(replies) {
			for _, m := range replies[i].Get("data").Object() {
				changed.add(r, m.Key)
			}
		}
	}
	s.keepEntities(s.appendKept(nil, changed, s.store.Remote), gone)
}

// keepListsInStep has collections kept that changed with the references at their other end. The session is locked.
func (s *Session) keepListsInStep(t *taken) {
	if !s.keepsCommits() || len(t.inStep) == 0 {
		return
	}
	changed := newKeptValues()
	for at := range t.inStep {
		if !s.store.Retired(at.record) {
			changed.add(at.record, s.store.SlotName(at.record, at.slot))
		}
	}
	s.keepEntities(s.appendKept(nil, changed, s.store.Local), nil)
}

// keptValues are attributes of entities whose values are to be kept.
type keptValues struct {
	order []store.Record
	names map[store.Record][]string
}

func newKeptValues() *keptValues { return &keptValues{names: map[store.Record][]string{}} }

func (k *keptValues) add(r store.Record, name string) {
	if k.names[r] == nil {
		k.order = append(k.order, r)
		k.names[r] = []string{"__entity_type__"}
	}
	if name != "" && !slices.Contains(k.names[r], name) {
		k.names[r] = append(k.names[r], name)
	}
}

// appendKept appends entities as a reply has them, with the values that read gives. The session is locked.
func (s *Session) appendKept(out []byte, values *keptValues, read func(store.Record, int32) *store.Value) []byte {
	out = append(out, '[')
	for _, r := range values.order {
		t := s.store.Type(r)
		if t == nil {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = wire.AppendText(append(out, `{"__entity_type__":`...), t.Name)
		for i, part := range entityKey(t, s.store.Key(r)) {
			out = append(wire.AppendText(append(out, ','), t.PrimaryKey[i]), ':')
			out, _ = wire.AppendValue(out, part)
		}
		for _, name := range values.names[r] {
			a := t.Attribute(name)
			if a == nil || a.Computed || slices.Contains(t.PrimaryKey, name) {
				continue
			}
			l := s.current(read(r, a.Slot))
			if l.notSet() {
				continue
			}
			out = append(wire.AppendText(append(out, ','), name), ':')
			out, _ = wire.AppendValue(out, s.encodable(l))
		}
		out = append(out, '}')
	}
	return append(out, ']')
}
