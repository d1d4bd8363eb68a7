package session

import (
	"context"
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// customAttributes is the name of the attribute that entities have their custom attributes in.
const customAttributes = "custom_attributes"

// Source says where the value of a custom attribute comes from.
type Source string

// The sources of values. The rows that a query gives for custom_attributes do not tell them apart: they are known once
// custom_attributes was populated.
const (
	SourceUnknown   Source = ""
	SourceSet       Source = "set"       // on the entity itself; null can be set too
	SourceInherited Source = "inherited" // of a hierarchical attribute: from the nearest entity above on which it is set
	SourceDefault   Source = "default"   // of the attribute's configuration: it is set nowhere
)

// customValues are the custom attributes that are set on an entity, by the rows of CustomAttributeValue: those of
// custom_attributes show defaults and inherited values alike (reference, section 9).
type customValues struct {
	set      map[string]literal // by configuration
	record   store.Record       // of an entity whose custom attributes are known whole, not only to be inherited; else 0
	typeName string
	above    []string // ids of what such an entity inherits from, the nearest first
}

// askCustomValues is what tells the custom attributes of entities apart that are not known yet: the configurations, what
// is set on the entities, what they inherit from.
func (s *Session) askCustomValues(records []store.Record) []question {
	s.mu.Lock()
	records = s.unresolved(records)
	var questions []question
	if s.configurations == nil && len(records) > 0 {
		questions = append(questions, s.askConfigurations())
	}
	ids := make([]string, len(records))
	byType := map[*schema.EntityType][]store.Record{}
	var types []*schema.EntityType
	var above []string // as far as it is known
	for i, r := range records {
		t := s.store.Type(r)
		for _, id := range s.aboveOf(r) {
			if s.customs[id] == nil && !slices.Contains(above, id) {
				above = append(above, id)
			}
		}
		if ids[i] = s.store.Key(r)[0]; byType[t] == nil {
			types = append(types, t)
		}
		byType[t] = append(byType[t], r)
	}
	s.mu.Unlock()
	questions = append(questions, s.askSetValues(append(ids, above...))...)
	for _, t := range types {
		if more, err := s.missing(byType[t], append(abovePath(t), projectPath(t)...)); err == nil { // the paths are of the schema
			questions = append(questions, more...)
		}
	}
	return questions
}

// unresolved are those of the entities whose custom attributes are not told apart yet, each once. The session is locked.
func (s *Session) unresolved(records []store.Record) []store.Record {
	var found []store.Record
	seen := map[store.Record]bool{}
	for _, r := range records {
		t := s.store.Type(r)
		if t == nil || seen[r] || customKind(t) == "" || s.store.Retired(r) || s.customOf(r) != nil {
			continue
		}
		if p := s.pending[r]; p != nil && p.created {
			continue
		}
		seen[r] = true
		found = append(found, r)
	}
	return found
}

// customOf is what is known of an entity's custom attributes, nil unless it is known whole. The session is locked.
func (s *Session) customOf(r store.Record) *customValues {
	t := s.store.Type(r)
	if t == nil || customKind(t) == "" {
		return nil
	}
	if p := s.pending[r]; p != nil && p.created {
		return s.customOfCreated(r, t)
	}
	if v := s.customs[s.store.Key(r)[0]]; v != nil && v.record == r && v.typeName == t.Name {
		return v
	}
	return nil
}

// customOfCreated is what an entity that the server does not know shows: nothing is set, and it inherits from its parent.
func (s *Session) customOfCreated(r store.Record, t *schema.EntityType) *customValues {
	for _, name := range owning {
		if a := t.Attribute(name); a != nil {
			parent := s.store.Read(r, a.Slot).Reference()
			if known := s.customOf(parent); known != nil {
				return &customValues{record: r, typeName: t.Name, above: append([]string{s.store.Key(parent)[0]}, known.above...)}
			}
		}
	}
	return nil
}

// askSetValues is what is set on entities, of their custom attributes.
func (s *Session) askSetValues(ids []string) []question {
	var questions []question
	for chunk := range slices.Chunk(ids, keysPerOperation) {
		criterion := "entity_id is " + query.Text(chunk[0])
		if len(chunk) > 1 {
			quoted := make([]string, len(chunk))
			for i, id := range chunk {
				quoted[i] = query.Text(id)
			}
			criterion = "entity_id in (" + strings.Join(quoted, ", ") + ")"
		}
		questions = append(questions, question{expression: "select configuration_id, entity_id, value from CustomAttributeValue where " + criterion, take: func(rows wire.Node, _ *reading) {
			if s.customs == nil {
				s.customs = map[string]*customValues{}
			}
			for _, id := range chunk {
				if s.customs[id] == nil {
					s.customs[id] = &customValues{}
				}
				s.customs[id].set = map[string]literal{}
			}
			for row := range rows.Elements() {
				if v := s.customs[row.Get("entity_id").Text()]; v != nil && v.set != nil {
					v.set[row.Get("configuration_id").Text()] = valueOf(row.Get("value"))
				}
			}
		}})
	}
	return questions
}

// abovePath is what tells what an entity inherits custom attributes from.
func abovePath(t *schema.EntityType) []string {
	switch customKind(t) {
	case "task":
		return []string{"link"}
	case "asset":
		return []string{"parent.link"}
	case "assetversion":
		return []string{"asset.id", "asset.parent.link"}
	}
	return nil
}

// resolveCustomValues finds what the entities inherit, and marks their custom attributes as told apart: once what
// askCustomValues questions for is there.
func (s *Session) resolveCustomValues(ctx context.Context, records []store.Record) error {
	s.mu.Lock()
	records = s.unresolved(records)
	above := make([][]string, len(records))
	var unknown []string
	strange := false
	for i, r := range records {
		above[i] = s.aboveOf(r)
		for _, id := range above[i] {
			if s.customs[id] == nil && !slices.Contains(unknown, id) {
				unknown = append(unknown, id)
			}
		}
		if v := s.customs[s.store.Key(r)[0]]; v != nil {
			for id := range v.set {
				strange = strange || !slices.ContainsFunc(s.configurations, func(c configuration) bool { return c.id == id })
			}
		}
	}
	s.mu.Unlock()
	questions := s.askSetValues(unknown)
	if strange { // configured since
		questions = append(questions, s.askConfigurations())
	}
	if err := s.fetchTogether(ctx, "custom attributes", questions); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, r := range records {
		t := s.store.Type(r)
		if t == nil || s.store.Retired(r) {
			continue
		}
		if v := s.customs[s.store.Key(r)[0]]; v != nil && v.set != nil {
			v.record, v.typeName, v.above = r, t.Name, above[i]
			s.store.Touch(r)
		}
	}
	s.tell()
	return nil
}

// aboveOf are the ids of what an entity inherits from, the nearest first. The session is locked.
func (s *Session) aboveOf(r store.Record) []string {
	var ids []string
	t := s.store.Type(r)
	follow := func(name string) bool {
		a := t.Attribute(name)
		if a == nil {
			return false
		}
		if r = s.store.Read(r, a.Slot).Reference(); r == 0 {
			return false
		}
		t = s.store.Type(r)
		return true
	}
	kind, own := customKind(t), true
	if kind == "assetversion" {
		if !follow("asset") {
			return nil
		}
		ids = append(ids, s.store.Key(r)[0])
		kind = "asset"
	}
	if kind == "asset" {
		if own = false; !follow("parent") {
			return ids
		}
	}
	if t.Attribute("link") == nil {
		return ids
	}
	node, err := wire.Parse(s.current(s.store.Remote(r, t.Attribute("link").Slot)).json)
	if err != nil {
		return ids
	}
	links := node.List()
	slices.Reverse(links)
	for i, link := range links {
		if id := link.Get("id").Text(); id != "" && (i > 0 || !own) {
			ids = append(ids, id)
		}
	}
	return ids
}

// customValue is the value of a configured attribute that an entity has, and the id of the entity that it is inherited from. The
// session is locked.
func (s *Session) customValue(v *customValues, c *configuration, row literal) (value literal, source Source, from string) {
	if set, ok := v.set[c.id]; ok {
		return set, SourceSet, ""
	}
	if c.hierarchical {
		for _, id := range v.above {
			if known := s.customs[id]; known != nil {
				if set, ok := known.set[c.id]; ok {
					return set, SourceInherited, id
				}
			}
		}
		return c.fallback, SourceDefault, ""
	}
	if !row.notSet() && !row.null() {
		return row, SourceDefault, "" // the server's own idea of it
	}
	return c.fallback, SourceDefault, ""
}

// acceptCustom keeps what is known of set values in step with a committed change of one; false when nothing is known of
// the entity. The session is locked.
func (s *Session) acceptCustom(p *payload, owner store.Record) bool {
	id := s.store.Key(owner)[0]
	v := s.customs[id]
	if v == nil || v.set == nil {
		return false
	}
	configuration := p.key[0]
	if configuration == id {
		configuration = p.key[len(p.key)-1]
	}
	if p.action == "delete" {
		delete(v.set, configuration)
	}
	for _, m := range p.data {
		if m.name == "value" {
			v.set[configuration] = m.value
		}
	}
	for _, other := range s.customs {
		if other.record != 0 && slices.Contains(other.above, id) {
			s.store.Touch(other.record)
		}
	}
	s.store.Touch(owner)
	return s.customOf(owner) != nil
}

// forgetAbove forgets what is inherited by an entity that got another parent, and by those below it. The session is locked.
func (s *Session) forgetAbove(r store.Record) {
	id := s.store.Key(r)[0]
	for own, v := range s.customs {
		if own == id || slices.Contains(v.above, id) {
			v.record = 0
		}
	}
}

// pruneCustoms forgets the custom attributes of entities that are no more, and what nobody inherits from.
func (s *Session) pruneCustoms() {
	needed := map[string]bool{}
	for id, v := range s.customs {
		if v.record != 0 && s.store.Find(v.typeName, id) == v.record {
			needed[id] = true
			for _, above := range v.above {
				needed[above] = true
			}
		}
	}
	for id := range s.customs {
		if !needed[id] {
			delete(s.customs, id)
		}
	}
}
