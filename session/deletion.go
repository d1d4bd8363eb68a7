package session

import (
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// owning are the references whose entity goes when the one they name does: tasks below a shot, versions of an asset.
var owning = []string{"parent", "asset", "version"}

// dropDeleted takes deleted entities, and those below them, out of the identity map and out of loaded collections.
func (s *Session) dropDeleted(deleted map[store.Record]bool) {
	if len(deleted) == 0 {
		return
	}
	for grown := -1; grown != len(deleted); {
		grown = len(deleted)
		s.growBelow(deleted)
		s.growByKey(deleted)
	}
	s.dropExactly(deleted)
}

// growByKey adds what stands below entities by foreign keys whose references are not loaded. The session is locked.
func (s *Session) growByKey(set map[store.Record]bool) {
	ids := map[string]bool{}
	for r := range set {
		if key := s.store.Key(r); len(key) == 1 && owns(s.store.Type(r)) {
			ids[key[0]] = true
		}
	}
	if len(ids) == 0 {
		return
	}
	keys := map[*schema.EntityType][]int32{} // there may be many entities, and there are few types
	var buffer [8]byte
	s.store.All(func(r store.Record) bool {
		if set[r] {
			return true
		}
		t := s.store.Type(r)
		slots, known := keys[t]
		if !known {
			slots = owningKeys(t)
			keys[t] = slots
		}
		for _, slot := range slots {
			if ids[string(s.store.Bytes(s.store.Remote(r, slot), buffer[:]))] && !s.isStale(r, slot) {
				set[r] = true
			}
		}
		return true
	})
}

// owningKeys are the slots of the foreign keys of a type that name what it stands below.
func owningKeys(t *schema.EntityType) (slots []int32) {
	for _, name := range owning {
		if reference := t.Attribute(name); reference != nil && reference.ForeignKey != "" {
			slots = append(slots, t.Attribute(reference.ForeignKey).Slot)
		}
	}
	return slots
}

// owns reports whether entities of a type take others along when they are deleted.
func owns(t *schema.EntityType) bool {
	return t != nil && (t.IsA("Context") || t.IsA("Asset") || t.IsA("AssetVersion"))
}

// dropExactly is dropDeleted without what stands below.
func (s *Session) dropExactly(deleted map[store.Record]bool) {
	without := func(v *store.Value) []store.Record {
		return slices.DeleteFunc(s.current(v).list, func(r store.Record) bool { return deleted[r] })
	}
	type change struct {
		at   place
		list []store.Record
	}
	var changes []change
	s.store.Holders(deleted, func(holder store.Record, slot int32, v *store.Value) {
		if v.Kind() == store.List {
			changes = append(changes, change{place{holder, slot}, without(v)})
		}
	})
	for _, c := range changes {
		s.store.SetRemoteList(c.at.record, c.at.slot, c.list)
		if local := s.store.Local(c.at.record, c.at.slot); local.Kind() == store.List {
			s.store.SetLocalList(c.at.record, c.at.slot, without(local))
		}
	}
	for r := range deleted {
		s.store.Retire(r)
	}
}
