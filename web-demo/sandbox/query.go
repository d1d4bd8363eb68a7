package sandbox

import (
	"context"
	"slices"
	"strconv"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// query answers one query operation. The caller holds the store's lock.
func (r *request) query(ctx context.Context, expression string, denormalize bool, out []byte) ([]byte, error) {
	options := r.assumed.eval()
	parsed, err := options.Dialect.Parse(expression)
	if err != nil {
		return out, err
	}
	options.Shuffle = r.shuffles.of(parsed)
	plan, err := eval.Compile(r.store, withGroupKeys(parsed), options)
	if err != nil {
		return out, err
	}
	result, err := plan.Run(ctx)
	if err != nil {
		return out, err
	}
	w := r.newWriter(denormalize, out)
	r.shuffles.served(parsed, w.answer("query", plan, result, parsed))
	return w.out, nil
}

// withGroupKeys selects what rows are grouped by as well: the reply tells which group a row is.
func withGroupKeys(q *query.Query) *query.Query {
	if !q.HasSelect() {
		return q
	}
	columns := slices.Clone(q.Projections)
	for _, key := range q.GroupBy {
		if !slices.ContainsFunc(columns, func(c query.Projection) bool { return c.Function == "" && c.Path.String() == key.String() }) {
			columns = append(columns, query.Projection{Path: key})
		}
	}
	return q.WithProjections(columns)
}

// answer writes the reply to a query or search: the rows, and where the next page begins when this one is full.
func (w *writer) answer(action string, plan *eval.Plan, result eval.Result, asked *query.Query) (full bool) {
	w.out = append(w.out, `{"action":"`...)
	w.out = append(append(w.out, action...), `","data":[`...)
	count := len(result.Entities)
	if plan.Aggregate() {
		count = len(result.Rows)
		for i, row := range result.Rows {
			w.separate(i)
			w.out = append(w.out, '{')
			for k, c := range plan.Columns {
				w.name(c.Name)
				w.value(row[k])
			}
			w.out = append(w.out, '}')
		}
	} else {
		as := project(w.store.Schemas(), plan)
		w.out = slices.Grow(w.out, min(count, 1000)*1024)
		w.placed, w.told = make(map[place]bool, min(count, 1000)*3), make(map[eval.Entity]slots, min(count, 1000)*3)
		for i, e := range result.Entities {
			w.separate(i)
			w.entity(e, as)
		}
	}
	w.out = append(w.out, `],"metadata":{"next":{"offset":`...)
	offset, _ := asked.Offset()
	limit, ok := asked.Limit()
	if full = ok && count == limit && limit > 0; full {
		w.out = strconv.AppendInt(w.out, int64(offset+limit), 10)
	} else {
		w.out = append(w.out, "null"...)
	}
	w.out = append(w.out, "}}}"...)
	return full
}

func (w *writer) separate(i int) {
	if i > 0 {
		w.out = append(w.out, ',')
	}
}

// member is a member of an operation as text, "" when it is none.
func member(operation wire.Node, name string) string { return operation.Get(name).Text() }
