package eval

import (
	"context"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// Plan is a query checked against a source's types, ready to run as often as wanted. Runs do not change it.
type Plan struct {
	// Query is the parsed query.
	Query *query.Query
	// Type is the queried type.
	Type *schema.EntityType
	// Columns are the projections in the order written; none when the query has no select.
	Columns []Column

	source  Source
	options Options
	where   node // nil without criteria
	order   []orderKey
	group   *grouping // nil unless the query is an aggregate
	memos   int       // nodes that remember, here and in queries within
}

// Column is one projection.
type Column struct {
	// Name is the key in an aggregate row: "count_id" for count(id), "status.name" for a path.
	Name string
	// Function is count, sum, avg, min, max, or "" for a plain path.
	Function string
	// Path leads to the value; the last step is the projected attribute.
	Path []Step
}

// Step is one attribute of a path.
type Step struct {
	Attribute *schema.Attribute
	// Cast is the type in brackets: `parent[Shot]`; nil without. Values of another type count as missing.
	Cast *schema.EntityType
}

// Result is what a run found.
type Result struct {
	// Entities are the rows of a plain query, offset and limit applied. They are the caller's.
	Entities []Entity
	// Rows are those of an aggregate query: one value per column. They are no entities.
	Rows [][]Value
}

// Prepare parses and compiles: *query.SyntaxError when the text cannot be read, *Error when it does not fit.
func Prepare(source Source, text string, options Options) (*Plan, error) {
	q, err := options.Dialect.Parse(text)
	if err != nil {
		return nil, err
	}
	return Compile(source, q, options)
}

// Compile checks a parsed query against the source's types. Its errors are *Error.
func Compile(source Source, q *query.Query, options Options) (*Plan, error) {
	c := compiler{source: source, schemas: source.Schemas(), options: options, within: (*compiler).subquery}
	plan, err := c.plan(q)
	if err != nil {
		return nil, err
	}
	plan.memos = c.memos
	return plan, nil
}

// Aggregate tells whether the result has Rows instead of Entities.
func (p *Plan) Aggregate() bool { return p.group != nil }

// Run evaluates. It stops with the context's error when that is done.
func (p *Plan) Run(ctx context.Context) (Result, error) {
	r := &run{ctx: ctx, source: p.source, options: p.options, memo: make([]map[Entity]truth, p.memos)}
	result := p.run(r)
	if r.err == nil {
		r.err = ctx.Err()
	}
	if r.err != nil {
		return Result{}, r.err
	}
	return result, nil
}

func (p *Plan) run(r *run) Result {
	offset, _ := p.Query.Offset()
	limit, limited := p.Query.Limit()
	if p.group != nil {
		rows := p.group.rows(r, p.matches(r, -1))
		return Result{Rows: page(rows, offset, limit, limited)}
	}
	wanted := -1 // all
	if limited {
		wanted = offset + limit
	}
	if len(p.order) == 0 {
		if r.options.Shuffle != nil {
			return Result{Entities: page(p.matches(r, -1), offset, limit, limited)}
		}
		return Result{Entities: page(p.matches(r, wanted), offset, limit, limited)}
	}
	rows := orderEntities(r, p.matches(r, -1), p.order, wanted)
	return Result{Entities: page(rows, offset, limit, limited)}
}

// matches are the entities for which the criteria hold, each once; up to wanted, all when it is negative.
func (p *Plan) matches(r *run, wanted int) []Entity {
	var all []Entity
	indexed := false
	if p.where != nil {
		all, indexed = p.where.candidates(r)
	}
	if indexed {
		all = unique(all)
	} else {
		all = r.source.Entities(p.Type)
	}
	if p.where == nil && (wanted < 0 || wanted >= len(all)) {
		wanted = len(all)
	}
	rows := make([]Entity, 0, max(wanted, 0))
	for _, e := range all {
		if len(rows) == wanted || r.done() {
			break
		}
		if p.where == nil || p.where.test(r, e) == yes {
			rows = append(rows, e)
		}
	}
	if r.options.Shuffle != nil {
		r.options.Shuffle(rows)
	}
	return rows
}

// page cuts offset and limit out of rows.
func page[T any](rows []T, offset, limit int, limited bool) []T {
	rows = rows[min(offset, len(rows)):]
	if limited {
		rows = rows[:min(limit, len(rows))]
	}
	return rows
}

// run is the state of one run.
type run struct {
	ctx     context.Context
	source  Source
	options Options
	memo    []map[Entity]truth
	sets    map[valueSource]*valueSet
	ticks   int
	err     error
	doubt   bool // texts were compared that collations may see differently
}

// done counts a unit of work and tells whether the run is to stop.
func (r *run) done() bool {
	if r.ticks++; r.ticks&1023 == 0 && r.err == nil {
		r.err = r.ctx.Err()
	}
	return r.err != nil
}
