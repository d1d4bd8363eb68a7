package query

import "strconv"

// String is the query as text; parsing it gives the same tree.
func (q *Query) String() string { return string(q.Append(nil)) }

// Append adds the query's text to dst.
func (q *Query) Append(dst []byte) []byte {
	if len(q.Projections) > 0 {
		dst = append(dst, "select "...)
		for i, projection := range q.Projections {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = appendKey(dst, projection.Function, projection.Path)
		}
		dst = append(dst, " from "...)
	}
	dst = append(dst, q.EntityType...)
	if q.Where != nil {
		dst = append(dst, " where "...)
		dst = appendCriterion(dst, q.Where, 0)
	}
	for i, path := range q.GroupBy {
		dst = append(dst, between(i, " group by ")...)
		dst = path.append(dst)
	}
	for i, order := range q.OrderBy {
		dst = append(dst, between(i, " order by ")...)
		dst = appendKey(dst, order.Function, order.Path)
		if order.Direction != "" {
			dst = append(append(dst, ' '), order.Direction...)
		}
	}
	if offset, ok := q.Offset(); ok {
		dst = append(dst, " offset "...)
		dst = strconv.AppendInt(dst, int64(offset), 10)
	}
	if limit, ok := q.Limit(); ok {
		dst = append(dst, " limit "...)
		dst = strconv.AppendInt(dst, int64(limit), 10)
	}
	return dst
}

func between(i int, first string) string {
	if i == 0 {
		return first
	}
	return ", "
}

func appendKey(dst []byte, function string, path Path) []byte {
	if function == "" {
		return path.append(dst)
	}
	dst = append(append(dst, function...), '(')
	return append(path.append(dst), ')')
}

// String is the path as text.
func (p Path) String() string {
	if len(p) == 1 && p[0].Cast == "" {
		return p[0].Name
	}
	return string(p.append(nil))
}

func (p Path) append(dst []byte) []byte {
	for i, segment := range p {
		if i > 0 {
			dst = append(dst, '.')
		}
		dst = append(dst, segment.Name...)
		if segment.Cast != "" {
			dst = append(append(append(dst, '['), segment.Cast...), ']')
		}
	}
	return dst
}

// How tightly the place of a criterion binds: a looser criterion there needs parentheses.
const (
	inOr  = 1
	inAnd = 2
	inNot = 3
)

func appendCriterion(dst []byte, criterion Criterion, place int) []byte {
	switch c := criterion.(type) {
	case *Or:
		return appendTerms(dst, c.Terms, " or ", inOr, place)
	case *And:
		return appendTerms(dst, c.Terms, " and ", inAnd, place)
	case *Not:
		dst = append(dst, "not "...)
		return appendCriterion(dst, c.Term, inNot)
	case *Comparison:
		dst = c.Path.append(dst)
		dst = append(append(append(dst, ' '), c.Operator.String()...), ' ')
		return c.Value.append(dst)
	case *Membership:
		return c.append(dst)
	case *Relation:
		dst = c.Path.append(dst)
		if c.Any {
			dst = append(dst, " any ("...)
		} else {
			dst = append(dst, " has ("...)
		}
		if c.Body != nil {
			dst = appendCriterion(dst, c.Body, 0)
		}
		return append(dst, ')')
	}
	return dst
}

func appendTerms(dst []byte, terms []Criterion, word string, own, place int) []byte {
	if place >= own {
		dst = append(dst, '(')
		dst = appendTerms(dst, terms, word, own, 0)
		return append(dst, ')')
	}
	for i, term := range terms {
		if i > 0 {
			dst = append(dst, word...)
		}
		dst = appendCriterion(dst, term, own)
	}
	return dst
}

func (c *Membership) append(dst []byte) []byte {
	dst = c.Path.append(dst)
	if c.Negated {
		dst = append(dst, " not_in ("...)
	} else {
		dst = append(dst, " in ("...)
	}
	if c.Query != nil {
		dst = c.Query.Append(dst)
	}
	for i, value := range c.Values {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = value.append(dst)
	}
	return append(dst, ')')
}

func (v Value) append(dst []byte) []byte {
	switch {
	case v.written != "":
		return append(dst, v.written...)
	case v.Kind == Quoted:
		return AppendText(dst, v.Text)
	}
	return append(dst, v.Text...)
}
