package session

// What the server works out of other entities than the one that has it: links, paths, sums.

import (
	"bytes"

	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// byMembers are the attributes that the server works out from the members of an owner, of entities whose schemas do not say so.
var byMembers = []string{"is_latest_version"}

// derive marks what the server computes for the owners of an entity that came, went or changed.
func (a *application) derive(c *remoteChange, r store.Record) {
	if t := a.typeOf(r); t != nil && !t.IsA("Context") {
		if a.members == nil {
			a.members = map[store.Record]bool{}
		}
		a.members[r] = true
	}
	for _, owner := range a.ownersOf(c, r) {
		t := a.typeOf(owner.record)
		for _, attribute := range t.Attributes {
			if attribute.Computed {
				a.markStale(owner.record, attribute.Slot)
			}
		}
		for _, name := range byMembers {
			if named(owner.member, name) != nil {
				if a.derived == nil {
					a.derived = map[store.Record]bool{}
				}
				a.derived[owner.record] = true
			}
		}
	}
}

// staleHolders marks what is computed of entities that hold one that changed in a collection.
func (a *application) staleHolders() {
	a.store.Holders(a.members, func(holder store.Record, _ int32, v *store.Value) {
		if v.Kind() != store.List {
			return
		}
		for _, attribute := range a.typeOf(holder).Attributes {
			if attribute.Computed {
				a.markStale(holder, attribute.Slot)
			}
		}
	})
}

// staleMembers marks what depends on the members of owners that lost or gained one.
func (a *application) staleMembers() {
	a.store.Holders(a.derived, func(holder store.Record, _ int32, v *store.Value) {
		if v.Kind() != store.Reference {
			return
		}
		for _, name := range byMembers {
			if attribute := named(a.typeOf(holder), name); attribute != nil {
				a.markStale(holder, attribute.Slot)
			}
		}
	})
}

// staleBelow marks what entities that stand below others have of these, which were renamed or moved: links name all on the way.
func (a *application) staleBelow() {
	below := map[store.Record]bool{}
	for r := range a.above {
		below[r] = true
	}
	a.growBelow(below)
	names := []string{"link", "_link"}
	a.store.All(func(r store.Record) bool {
		t := a.typeOf(r)
		for _, name := range names {
			attribute := named(t, name)
			if attribute == nil {
				continue
			}
			link := a.store.Bytes(a.remoteOf(r, attribute.Slot), make([]byte, 8))
			if below[r] || quotesOneOf(link, a.names) {
				below[r] = true
				a.markStale(r, attribute.Slot)
			}
		}
		return true
	})
	a.store.Holders(a.above, func(holder store.Record, slot int32, v *store.Value) {
		if v.Kind() != store.List {
			return
		}
		switch a.store.SlotName(holder, slot) {
		case "ancestors":
			below[holder] = true
		case "descendants":
			a.markStale(holder, slot)
		}
	})
	for r := range below {
		for _, name := range []string{"ancestors", "project", "project_id"} {
			if attribute := named(a.typeOf(r), name); attribute != nil && !a.above[r] {
				a.markStale(r, attribute.Slot)
			}
		}
	}
}

// quotesOneOf reports whether one of the strings of a JSON text is one of these.
func quotesOneOf(text []byte, of map[string]bool) bool {
	for {
		start := bytes.IndexByte(text, '"')
		if start < 0 {
			return false
		}
		text = text[start+1:]
		end := 0
		for end < len(text) && text[end] != '"' {
			if text[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(text) {
			return false
		}
		if of[string(text[:end])] {
			return true
		}
		text = text[end+1:]
	}
}
