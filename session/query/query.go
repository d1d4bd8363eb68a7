package query

import "strings"

// Query is a parsed query. The With methods give changed copies that share the rest; treat a Query that others hold
// as read-only.
type Query struct {
	// Projections are what stands between select and from; none when the query has no select.
	Projections []Projection
	// EntityType is the queried type, as written.
	EntityType string
	// Where is nil without criteria.
	Where   Criterion
	GroupBy []Path
	OrderBy []Order
	offset  count
	limit   count
}

// count is an optional number: 0 is none, n+1 is n.
type count int

func (c count) get() (int, bool) { return max(int(c)-1, 0), c > 0 }

// Projection is a path, or an aggregate function over a path.
type Projection struct {
	// Function is count, sum, avg, min or max in lower case, or another word before parentheses; "" for a plain path.
	Function string
	Path     Path
}

// Key is the name of the projection in a reply row: count_id for count(id), the dotted path for a path.
func (p Projection) Key() string {
	if p.Function == "" {
		return p.Path.String()
	}
	return p.Function + "_" + strings.ReplaceAll(p.Path.String(), ".", "_")
}

// Order is one key of order by.
type Order struct {
	// Function is an aggregate function, as in a Projection.
	Function string
	Path     Path
	// Direction is "", asc, ascending, desc or descending.
	Direction string
}

// Descending tells whether the key orders from high to low.
func (o Order) Descending() bool { return o.Direction == "desc" || o.Direction == "descending" }

// Path leads through relations to an attribute: parent[Shot].status.name.
type Path []Segment

// Segment is one attribute of a path, and the type it is cast to in brackets ("" for none).
type Segment struct {
	Name string
	Cast string
}

// New is the query of all entities of a type.
func New(entityType string) *Query { return &Query{EntityType: entityType} }

// HasSelect tells whether the query names its projections.
func (q *Query) HasSelect() bool { return len(q.Projections) > 0 }

// IsAggregate tells whether the rows are computed (group by, count(id)) and therefore no entities.
func (q *Query) IsAggregate() bool {
	if len(q.GroupBy) > 0 {
		return true
	}
	for _, p := range q.Projections {
		if p.Function != "" {
			return true
		}
	}
	return false
}

// Limit is the query's own limit; ok is false when it has none.
func (q *Query) Limit() (limit int, ok bool) { return q.limit.get() }

// Offset is the query's own offset; 0 and false when it has none.
func (q *Query) Offset() (offset int, ok bool) { return q.offset.get() }

// WithPage is the query with this offset and limit instead of its own; a negative number leaves the clause out.
func (q *Query) WithPage(offset, limit int) *Query {
	changed := *q
	changed.offset, changed.limit = count(max(offset, -1)+1), count(max(limit, -1)+1)
	return &changed
}

// WithProjections is the query with these projections instead of its own.
func (q *Query) WithProjections(projections []Projection) *Query {
	changed := *q
	changed.Projections = projections
	return &changed
}

// WithWhere is the query with this criterion instead of its own.
func (q *Query) WithWhere(where Criterion) *Query {
	changed := *q
	changed.Where = where
	return &changed
}

// Names is a path of attribute names without casts. The names are taken as they are: text that comes from outside
// goes through ParsePath.
func Names(names ...string) Path {
	path := make(Path, len(names))
	for i, name := range names {
		path[i].Name = name
	}
	return path
}

// Plain makes a projection of each attribute name, as a schema's default projections are. The names are taken as they are:
// text that comes from outside goes through ParsePath.
func Plain(names ...string) []Projection {
	projections := make([]Projection, len(names))
	for i, name := range names {
		projections[i].Path = Names(name)
	}
	return projections
}
