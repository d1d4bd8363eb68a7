package eval

import "github.com/ftrack-wasm/ftrack-wasm/session/schema"

// reference tests the entity that a reference leads to.
type reference struct {
	step
	body    node
	missing matcher // tells the outcome where it leads nowhere; nil for no
	memo    int
}

func (n *reference) test(r *run, e Entity) truth {
	other := r.source.Value(e, n.Attribute).Entity()
	if other == 0 || n.Cast != nil && !r.isA(other, n.Cast) {
		return n.astray(r)
	}
	return r.remembered(n.memo, other, n.body)
}

func (n *reference) astray(r *run) truth {
	if n.missing == nil {
		return no
	}
	return n.missing.match(r, Value{})
}

func (n *reference) candidates(r *run) ([]Entity, bool) {
	if n.astray(r) == yes {
		return nil, false // no index knows what leads nowhere
	}
	return r.backwards(&n.step, n.body)
}

// members tests whether some member of a collection passes.
type members struct {
	step
	body node
	memo int
}

func (n *members) test(r *run, e Entity) truth {
	for _, member := range r.source.List(e, n.Attribute) {
		if r.done() {
			break
		}
		if n.Cast != nil && !r.isA(member, n.Cast) {
			continue
		}
		if r.remembered(n.memo, member, n.body) == yes {
			return yes
		}
	}
	return no
}

func (n *members) candidates(r *run) ([]Entity, bool) { return r.backwards(&n.step, n.body) }

// remembered tests the entity, or recalls what the test gave before.
func (r *run) remembered(memo int, e Entity, body node) truth {
	if memo < 0 {
		return body.test(r, e)
	}
	if outcome, ok := r.memo[memo][e]; ok {
		return outcome
	}
	outcome := body.test(r, e)
	if r.memo[memo] == nil {
		r.memo[memo] = make(map[Entity]truth)
	}
	r.memo[memo][e] = outcome
	return outcome
}

func (r *run) isA(e Entity, t *schema.EntityType) bool {
	concrete := r.source.TypeOf(e)
	return concrete == t || concrete != nil && concrete.IsA(t.Name)
}

// scanShare is how many times fewer the entities at the end of a relation must be for a scan of them to be the
// better beginning than a scan of the entities that refer to them.
const scanShare = 4

// backwards finds the entities from which a step leads to one that passes the body: first those that
// pass, by index or because they are few, then what refers to them.
func (r *run) backwards(s *step, body node) ([]Entity, bool) {
	owners := len(r.source.Entities(s.owner))
	found, ok := body.candidates(r)
	if !ok {
		found = r.source.Entities(s.next)
		if len(found) > owners/scanShare {
			return nil, false
		}
	}
	var passed []Entity
	for _, e := range found {
		if r.done() {
			return nil, false
		}
		if (s.Cast == nil || r.isA(e, s.Cast)) && body.test(r, e) == yes {
			passed = append(passed, e)
		}
	}
	if len(passed) > owners {
		return nil, false
	}
	if len(passed) == 1 {
		return r.source.Lookup(s.owner, s.Attribute, Ref(passed[0]))
	}
	var all []Entity
	for _, e := range passed {
		found, ok := r.source.Lookup(s.owner, s.Attribute, Ref(e))
		if !ok {
			return nil, false
		}
		all = append(all, found...)
	}
	return all, true
}

// lookup asks the source's index, and for a foreign key without one, that of its reference.
func (r *run) lookup(t *schema.EntityType, a *schema.Attribute, v Value) ([]Entity, bool) {
	if found, ok := r.source.Lookup(t, a, v); ok || a.ReferenceName == "" {
		return found, ok
	}
	ref := t.Attribute(a.ReferenceName)
	if ref == nil || ref.Kind != schema.Reference {
		return nil, false
	}
	target := r.source.Schemas().Type(ref.Target)
	if target == nil || key(target) == nil {
		return nil, false
	}
	others, ok := r.source.Lookup(target, key(target), v)
	if !ok || len(others) == 0 {
		return nil, false // a foreign key may lead nowhere and still be equal
	}
	var all []Entity
	for _, other := range others {
		found, ok := r.source.Lookup(t, ref, Ref(other))
		if !ok {
			return nil, false
		}
		all = append(all, found...)
	}
	return all, true
}
