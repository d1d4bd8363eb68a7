package eval

import (
	"context"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// Judge decides entity by entity whether a query's criteria hold, and which of two comes first, without running the
// query: as far as the values at hand go, and as far as it does not depend on what is not known of the server. It
// compiles the criteria once for every way in which the server may read them, and is sure where all of these agree.
type Judge struct {
	Type *schema.EntityType

	runs  []*run
	terms [][]node // by term of the criteria, by run
	order []orderKey
	never bool // nothing is sure: the criteria have a form that no source settles
}

// Verdict is what a Judge says.
type Verdict uint8

const (
	Unsure Verdict = iota
	Holds
	Fails
)

// PartialSource is a Source that does not have all values. Values that it lacks read as null.
type PartialSource interface {
	Source
	// Lacked reports whether a value that is not there was read since it was last called.
	Lacked() bool
}

// NewJudge compiles a query. Aggregates have no rows that could be judged. Its errors are *Error: for those of a query that a server
// may know better than the schemas, everything is unsure.
func NewJudge(source PartialSource, q *query.Query) (*Judge, error) {
	t := source.Schemas().Type(q.EntityType)
	if t == nil {
		return nil, unknownType(source.Schemas(), q.EntityType)
	}
	j := &Judge{Type: t}
	c := compiler{source: source, schemas: source.Schemas()}
	for _, order := range q.OrderBy {
		steps, err := c.single(t, order.Path, "order by")
		if err != nil {
			return nil, err
		}
		j.order = append(j.order, orderKey{steps: steps, descending: order.Descending()})
	}
	terms := flat(q.Where)
	doubts := doubtsOf(terms)
	j.never = doubts.never
	j.terms = make([][]node, len(terms))
	for v, options := range doubts.variants() {
		c := compiler{source: source, schemas: source.Schemas(), options: options}
		nodes := make([]node, len(terms))
		for i, term := range terms {
			var err error
			if nodes[i], err = c.criterion(t, term); err != nil {
				if v == 0 {
					return nil, err
				}
				j.never = true // a server that reads it so refuses it
				return j, nil
			}
		}
		for i, n := range nodes {
			j.terms[i] = append(j.terms[i], n)
		}
		j.runs = append(j.runs, &run{ctx: context.Background(), source: source, options: options, memo: make([]map[Entity]truth, c.memos)})
	}
	return j, nil
}

// flat are the terms that must all hold.
func flat(criterion query.Criterion) []query.Criterion {
	if criterion == nil {
		return nil
	}
	and, ok := criterion.(*query.And)
	if !ok {
		return []query.Criterion{criterion}
	}
	var terms []query.Criterion
	for _, term := range and.Terms {
		terms = append(terms, flat(term)...)
	}
	return terms
}

// Judge says whether the criteria hold for an entity. With guess it takes the likeliest reading where the server's is not
// known, and is unsure only of what it lacks values for.
func (j *Judge) Judge(e Entity, guess bool) Verdict {
	if j.never && !guess {
		return Unsure
	}
	verdict := Holds
	for _, term := range j.terms {
		switch j.term(e, term, guess) {
		case Fails:
			return Fails // whatever the others are
		case Unsure:
			verdict = Unsure
		}
	}
	return verdict
}

func (j *Judge) term(e Entity, variants []node, guess bool) Verdict {
	verdict := Unsure
	for i, n := range variants {
		r := j.runs[i]
		r.doubt = false
		clear(r.memo)
		r.source.(PartialSource).Lacked()
		this := Fails
		if n.test(r, e) == yes {
			this = Holds
		}
		if r.source.(PartialSource).Lacked() || r.doubt && !guess {
			return Unsure
		}
		if guess {
			return this
		}
		if i > 0 && this != verdict {
			return Unsure
		}
		verdict = this
	}
	return verdict
}

// Ordered reports whether the query has an order.
func (j *Judge) Ordered() bool { return len(j.order) > 0 }

// Compare orders two entities: below 0 when a comes first, 0 when the order does not tell; sure is false when a value is lacking, or the
// server's order of such values is not known.
func (j *Judge) Compare(a, b Entity) (order int, sure bool) {
	if len(j.runs) == 0 {
		return 0, false
	}
	r, sure := j.runs[0], true
	partial := r.source.(PartialSource)
	partial.Lacked()
	for _, key := range j.order {
		x, y := r.value(a, key.steps), r.value(b, key.steps)
		if partial.Lacked() {
			return 0, false
		}
		column := newSortColumn([]Value{x, y}, key.descending, Options{})
		order = column.compare(0, 1)
		switch {
		case x.IsNull() != y.IsNull():
			sure = false
		case x.kind == KindText && y.kind == KindText && !surelyOrdered(x.text, y.text):
			sure = false
		}
		if order != 0 || !sure {
			return order, sure
		}
	}
	return 0, true
}

// surelyOrdered reports whether all collations order two texts in the same way: where they first differ, both have an ASCII
// letter or digit, or one of them ends; with upper and lower case the same and different alike. Equal texts are.
func surelyOrdered(a, b string) bool {
	plain, ok := firstDifference(a, b)
	if !ok {
		return false
	}
	folded, ok := firstDifference(Fold(a), Fold(b))
	return ok && plain == folded
}

// firstDifference is how two texts are ordered by their first difference, and whether it is one between letters and digits.
func firstDifference(a, b string) (order int, ok bool) {
	if a == b {
		return 0, true
	}
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		if a[n] >= 0x80 {
			return 0, false
		}
		n++
	}
	switch {
	case n == len(a):
		return -1, true
	case n == len(b):
		return 1, true
	}
	return strings.Compare(a[n:n+1], b[n:n+1]), alphanumeric(a[n]) && alphanumeric(b[n])
}

func alphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
