package eval

import "slices"

// truth is the outcome of a criterion. It has three values, as in SQL: whether an empty name is "x" is unknown.
type truth uint8

const (
	no truth = iota
	unknown
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// node is a compiled criterion on entities of one type.
type node interface {
	test(r *run, e Entity) truth
	// candidates are the entities for which the criterion may hold, some of them perhaps repeatedly; ok is false
	// when no index tells. The slice may be the source's own.
	candidates(r *run) (found []Entity, ok bool)
}

// unique is the entities, each once, in the order of their handles.
func unique(entities []Entity) []Entity {
	sorted := slices.Clone(entities)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

// and is the least of its terms.
type and struct{ terms []node }

func (n *and) test(r *run, e Entity) truth {
	least := yes
	for _, term := range n.terms {
		if least = min(least, term.test(r, e)); least == no {
			break
		}
	}
	return least
}

// few candidates are not worth looking for fewer.
const few = 64

func (n *and) candidates(r *run) ([]Entity, bool) {
	var best []Entity
	ok := false
	for _, term := range n.terms {
		if found, is := term.candidates(r); is && (!ok || len(found) < len(best)) {
			best, ok = found, true
			if len(best) <= few {
				break
			}
		}
	}
	return best, ok
}

// or is the greatest of its terms.
type or struct{ terms []node }

func (n *or) test(r *run, e Entity) truth {
	greatest := no
	for _, term := range n.terms {
		if greatest = max(greatest, term.test(r, e)); greatest == yes {
			break
		}
	}
	return greatest
}

func (n *or) candidates(r *run) ([]Entity, bool) {
	var all []Entity
	for _, term := range n.terms {
		found, ok := term.candidates(r)
		if !ok {
			return nil, false
		}
		all = append(all, found...)
	}
	return all, true
}

type not struct{ term node }

func (n *not) test(r *run, e Entity) truth { return yes - n.term.test(r, e) }

func (n *not) candidates(*run) ([]Entity, bool) { return nil, false }

// always holds: the body of any ().
type always struct{}

func (always) test(*run, Entity) truth { return yes }

func (always) candidates(*run) ([]Entity, bool) { return nil, false }

// definite holds or does not: the body of has and any.
type definite struct{ body node }

func (n *definite) test(r *run, e Entity) truth { return truthOf(n.body.test(r, e) == yes) }

func (n *definite) candidates(r *run) ([]Entity, bool) { return n.body.candidates(r) }

// leaf compares one value.
type leaf struct {
	step
	matcher matcher
}

func (n *leaf) test(r *run, e Entity) truth {
	v := r.source.Value(e, n.Attribute)
	if n.Cast != nil && !v.IsNull() && !r.isA(v.Entity(), n.Cast) {
		v = Value{}
	}
	return n.matcher.match(r, v)
}

func (n *leaf) candidates(r *run) ([]Entity, bool) {
	values, ok := n.matcher.values(r, n.Attribute)
	if !ok {
		return nil, false
	}
	if len(values) == 1 {
		return r.lookup(n.owner, n.Attribute, values[0])
	}
	var all []Entity
	for _, value := range values {
		found, ok := r.lookup(n.owner, n.Attribute, value)
		if !ok {
			return nil, false
		}
		all = append(all, found...)
	}
	return all, true
}
