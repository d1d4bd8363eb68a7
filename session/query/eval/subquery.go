package eval

import "github.com/ftrack-wasm/ftrack-wasm/session/query"

// subquery is a query in the parentheses of in.
type subquery struct {
	plan  *Plan
	steps []step
}

// values runs the query, once a run.
func (q *subquery) values(r *run) *valueSet {
	if set := r.sets[q]; set != nil {
		return set
	}
	set := newValueSet(!r.options.CaseSensitive)
	if r.sets == nil {
		r.sets = make(map[valueSource]*valueSet)
	}
	r.sets[q] = set
	result := q.plan.run(r)
	for _, e := range result.Entities {
		r.each(e, q.steps, set.add)
	}
	for _, row := range result.Rows {
		set.add(r.keyed(row[0]))
	}
	return set
}

func (c *compiler) subquery(q *query.Query) (valueSource, error) {
	if c.options.RefuseSubqueries {
		return nil, &Error{Name: q.EntityType, message: "a query within in (...) is not supported"}
	}
	if err := c.deeper(); err != nil {
		return nil, err
	}
	fanOut := c.fanOut
	c.fanOut = 0
	defer func() { c.depth--; c.fanOut = fanOut }()
	plan, err := c.plan(q)
	if err != nil {
		return nil, err
	}
	switch {
	case len(q.Projections) == 1:
		steps, err := c.path(plan.Type, q.Projections[0].Path)
		if err != nil {
			return nil, err
		}
		return &subquery{plan: plan, steps: steps}, nil
	case len(q.Projections) == 0 && key(plan.Type) != nil:
		steps, err := c.path(plan.Type, query.Names(plan.Type.PrimaryKey...))
		if err != nil {
			return nil, err
		}
		return &subquery{plan: plan, steps: steps}, nil
	}
	return nil, &Error{Name: q.EntityType, message: "a query within in (...) selects one attribute"}
}

// each calls visit for the values at the end of a path: none where a relation leads nowhere through a
// collection, the empty value where a reference does. References at the end count as the key of what they lead to.
func (r *run) each(e Entity, steps []step, visit func(Value)) {
	s := &steps[0]
	if collection(s.Attribute) {
		for _, member := range r.source.List(e, s.Attribute) {
			if r.done() {
				return
			}
			if s.Cast != nil && !r.isA(member, s.Cast) {
				continue
			}
			if len(steps) == 1 {
				visit(r.keyed(Ref(member)))
			} else {
				r.each(member, steps[1:], visit)
			}
		}
		return
	}
	v := r.source.Value(e, s.Attribute)
	if s.Cast != nil && !v.IsNull() && !r.isA(v.Entity(), s.Cast) {
		v = Value{}
	}
	switch {
	case len(steps) == 1:
		visit(r.keyed(v))
	case v.Entity() == 0:
		visit(Value{})
	default:
		r.each(v.Entity(), steps[1:], visit)
	}
}

// keyed turns a reference into the key of the entity, if that is one attribute.
func (r *run) keyed(v Value) Value {
	if v.kind != KindRef {
		return v
	}
	if t := r.source.TypeOf(v.Entity()); t != nil && key(t) != nil {
		return r.source.Value(v.Entity(), key(t))
	}
	return v
}
