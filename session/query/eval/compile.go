package eval

import (
	"strconv"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// compiler turns a query into a plan.
type compiler struct {
	source  Source
	schemas *schema.Schemas
	options Options
	depth   int // nesting of criteria and steps of relations
	fanOut  int // collections passed on the way to here
	memos   int
	within  func(*compiler, *query.Query) (valueSource, error) // compiles a query within in (...); nil where none is taken
}

func (c *compiler) deeper() error {
	if c.depth++; c.depth > query.MaxDepth {
		return &Error{message: "the query is nested more than " + strconv.Itoa(query.MaxDepth) + " levels deep, steps of relations included"}
	}
	return nil
}

func (c *compiler) plan(q *query.Query) (*Plan, error) {
	t := c.schemas.Type(q.EntityType)
	if t == nil {
		return nil, unknownType(c.schemas, q.EntityType)
	}
	p := &Plan{Query: q, Type: t, source: c.source, options: c.options}
	steps := make([][]step, len(q.Projections))
	for i, projection := range q.Projections {
		var err error
		if steps[i], err = c.projection(t, projection); err != nil {
			return nil, err
		}
		column := Column{Name: projection.Key(), Function: projection.Function}
		for _, s := range steps[i] {
			column.Path = append(column.Path, s.Step)
		}
		p.Columns = append(p.Columns, column)
	}
	if q.Where != nil {
		var err error
		if p.where, err = c.criterion(t, q.Where); err != nil {
			return nil, err
		}
	}
	if q.IsAggregate() {
		var err error
		p.group, err = c.grouping(t, q, steps)
		return p, err
	}
	for _, order := range q.OrderBy {
		if order.Function != "" {
			return nil, unfit(t, order.Path.String(), "is ordered by "+order.Function+"(), which needs an aggregate query")
		}
		steps, err := c.single(t, order.Path, "order by")
		if err != nil {
			return nil, err
		}
		p.order = append(p.order, orderKey{steps: steps, descending: order.Descending()})
	}
	return p, nil
}

func (c *compiler) projection(t *schema.EntityType, projection query.Projection) ([]step, error) {
	steps, err := c.path(t, projection.Path)
	if err != nil {
		return nil, err
	}
	for _, s := range steps {
		if s.Attribute.Restricted {
			return nil, unfit(s.owner, s.Attribute.Name, "can be filtered by, but not selected")
		}
	}
	return steps, nil
}

func (c *compiler) criterion(t *schema.EntityType, criterion query.Criterion) (node, error) {
	if err := c.deeper(); err != nil {
		return nil, err
	}
	defer func() { c.depth-- }()
	switch criterion := criterion.(type) {
	case *query.And:
		terms, err := c.terms(t, criterion.Terms)
		return &and{terms}, err
	case *query.Or:
		terms, err := c.terms(t, criterion.Terms)
		return &or{terms}, err
	case *query.Not:
		term, err := c.criterion(t, criterion.Term)
		return &not{term}, err
	case *query.Comparison:
		return c.comparison(t, criterion)
	case *query.Membership:
		return c.membership(t, criterion)
	case *query.Relation:
		return c.relation(t, criterion)
	}
	return nil, &Error{message: "an empty criterion"}
}

func (c *compiler) terms(t *schema.EntityType, criteria []query.Criterion) ([]node, error) {
	nodes := make([]node, len(criteria))
	for i, criterion := range criteria {
		var err error
		if nodes[i], err = c.criterion(t, criterion); err != nil {
			return nil, err
		}
	}
	return nodes, nil
}

// through compiles the relations of a path, and below them, for the entities where they end, what inside gives.
// Where a reference leads nowhere, missing is asked about the empty value; without it the outcome is no.
func (c *compiler) through(steps []step, missing matcher, inside func() (node, error)) (node, error) {
	if len(steps) == 0 {
		return inside()
	}
	if err := c.deeper(); err != nil {
		return nil, err
	}
	defer func() { c.depth-- }()
	first := steps[0]
	if !collection(first.Attribute) {
		body, err := c.through(steps[1:], missing, inside)
		return &reference{step: first, body: body, missing: missing, memo: c.remember()}, err
	}
	c.fanOut++
	defer func() { c.fanOut-- }()
	body, err := c.through(steps[1:], missing, inside)
	return &members{step: first, body: body, memo: c.remember()}, err
}

// remember gives a node a place for results by entity when the same entity can come again and again:
// below two collections. Without it each further collection would multiply the work. -1 is none.
func (c *compiler) remember() int {
	if c.fanOut < 2 {
		return -1
	}
	c.memos++
	return c.memos - 1
}

func (c *compiler) relation(t *schema.EntityType, criterion *query.Relation) (node, error) {
	steps, err := c.path(t, criterion.Path)
	if err != nil {
		return nil, err
	}
	last := steps[len(steps)-1]
	if last.next == nil {
		return nil, unfit(last.owner, last.Attribute.Name, "is no relation: has and any need one")
	}
	return c.through(steps, nil, func() (node, error) {
		if criterion.Body == nil {
			return always{}, nil
		}
		body, err := c.criterion(last.next, criterion.Body)
		return &definite{body}, err
	})
}

func (c *compiler) comparison(t *schema.EntityType, criterion *query.Comparison) (node, error) {
	steps, err := c.path(t, criterion.Path)
	if err != nil {
		return nil, err
	}
	meaning := criterion.Operator.Meaning()
	if c.isNone(criterion.Value) {
		if meaning != query.Is && meaning != query.IsNot {
			return nil, unfit(steps[0].owner, criterion.Path.String(), "can only be compared with none by is and is_not")
		}
		return c.emptiness(steps, meaning == query.IsNot)
	}
	if last := steps[len(steps)-1]; last.next != nil && meaning != query.Is && meaning != query.IsNot {
		return nil, unfit(last.owner, last.Attribute.Name, "is a relation: compare one of its attributes")
	}
	return c.leaf(steps, func(a *schema.Attribute) (matcher, error) {
		l, err := c.literal(steps, a, criterion.Value, meaning)
		if err != nil {
			return nil, err
		}
		switch meaning {
		case query.Is, query.IsNot:
			return &equals{literal: l, negated: meaning == query.IsNot, fold: !c.options.CaseSensitive}, nil
		case query.Like, query.NotLike:
			return newLike(l.text, meaning == query.NotLike, c.options), nil
		}
		return &compares{literal: l, operator: meaning, fold: !c.options.CaseSensitive}, nil
	})
}

// emptiness is `is none`, or `is_not none`. Of a reference it asks whether it leads to an entity.
func (c *compiler) emptiness(steps []step, negated bool) (node, error) {
	last := steps[len(steps)-1]
	if collection(last.Attribute) {
		return nil, unfit(last.owner, last.Attribute.Name, "is a collection: use any () and not ... any ()")
	}
	m := empty{negated}
	return c.through(steps[:len(steps)-1], m, func() (node, error) {
		return &leaf{step: last, matcher: m}, nil
	})
}

// leaf compiles the comparison of a path's last attribute. A reference is compared by the key of what it leads to.
func (c *compiler) leaf(steps []step, match func(*schema.Attribute) (matcher, error)) (node, error) {
	last := steps[len(steps)-1]
	if collection(last.Attribute) {
		return nil, unfit(last.owner, last.Attribute.Name, "is a collection: use any (...)")
	}
	if last.next != nil {
		a := key(last.next)
		if a == nil {
			return nil, unfit(last.owner, last.Attribute.Name, "leads to a type with a composite key: compare one of its attributes")
		}
		last = step{Step: Step{Attribute: a}, owner: last.next}
	} else {
		steps = steps[:len(steps)-1]
	}
	m, err := match(last.Attribute)
	if err != nil {
		return nil, err
	}
	return c.through(steps, m, func() (node, error) {
		return &leaf{step: last, matcher: m}, nil
	})
}

func (c *compiler) membership(t *schema.EntityType, criterion *query.Membership) (node, error) {
	steps, err := c.path(t, criterion.Path)
	if err != nil {
		return nil, err
	}
	if criterion.Query != nil {
		if c.within == nil {
			return nil, &Error{Name: criterion.Query.EntityType, message: "a query within in (...) is not decided entity by entity"}
		}
		sub, err := c.within(c, criterion.Query)
		if err != nil {
			return nil, err
		}
		return c.leaf(steps, func(*schema.Attribute) (matcher, error) {
			return &within{sub: sub, negated: criterion.Negated}, nil
		})
	}
	if len(criterion.Values) == 0 && c.options.RefuseEmptyIn {
		return nil, unfit(steps[0].owner, criterion.Path.String(), "is looked for in an empty list")
	}
	return c.leaf(steps, func(a *schema.Attribute) (matcher, error) {
		set := newValueSet(!c.options.CaseSensitive)
		for _, value := range criterion.Values {
			if c.isNone(value) {
				set.null = true
				continue
			}
			l, err := c.literal(steps, a, value, query.Is)
			if err != nil {
				return nil, err
			}
			set.addLiteral(l)
		}
		return &within{set: set, negated: criterion.Negated}, nil
	})
}
