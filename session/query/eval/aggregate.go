package eval

import (
	"encoding/binary"
	"math"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// grouping computes the rows of an aggregate query.
type grouping struct {
	keys    [][]step // group by
	columns []aggregateColumn
	shown   int // the columns after these are there to order by only
	order   []aggregateOrder
}

// aggregateColumn is a function of a path, or the value of a key.
type aggregateColumn struct {
	function string
	path     string
	name     string
	key      int // the key, when there is no function
	steps    []step
}

type aggregateOrder struct {
	column     int
	descending bool
}

func (c *compiler) grouping(t *schema.EntityType, q *query.Query, steps [][]step) (*grouping, error) {
	g := &grouping{}
	for _, path := range q.GroupBy {
		key, err := c.single(t, path, "group by")
		if err != nil {
			return nil, err
		}
		g.keys = append(g.keys, key)
	}
	if len(q.Projections) == 0 {
		return nil, &Error{Name: t.Name, message: "group by needs a select"}
	}
	for i, projection := range q.Projections {
		if _, err := g.column(t, q, projection, steps[i]); err != nil {
			return nil, err
		}
	}
	g.shown = len(g.columns)
	for _, order := range q.OrderBy {
		column, err := c.orderColumn(g, t, q, order)
		if err != nil {
			return nil, err
		}
		g.order = append(g.order, aggregateOrder{column: column, descending: order.Descending()})
	}
	return g, nil
}

// column adds a column and gives its place.
func (g *grouping) column(t *schema.EntityType, q *query.Query, p query.Projection, steps []step) (int, error) {
	column := aggregateColumn{function: p.Function, path: p.Path.String(), name: p.Key(), key: -1, steps: steps}
	last := steps[len(steps)-1]
	switch p.Function {
	case "":
		for i, path := range q.GroupBy {
			if path.String() == column.path {
				column.key = i
			}
		}
		if column.key < 0 {
			return 0, unfit(t, column.path, "is selected with functions and must stand in group by")
		}
	case "count":
	case "sum", "avg":
		switch last.Attribute.Kind {
		case schema.Integer, schema.Number, schema.Variable, schema.Unknown:
		default:
			return 0, unfit(last.owner, last.Attribute.Name, "is no number: "+p.Function+"() needs one")
		}
	case "min", "max":
		if last.next != nil {
			return 0, unfit(last.owner, last.Attribute.Name, "is a relation: "+p.Function+"() needs a value")
		}
	default:
		known := []string{"count", "sum", "avg", "min", "max"}
		return 0, &Error{Name: p.Function, Nearest: schema.Nearest(p.Function, known), message: `unknown function "` + p.Function + `"`}
	}
	g.columns = append(g.columns, column)
	return len(g.columns) - 1, nil
}

// orderColumn finds the column to order by: a selected one, by its path or reply key (count_id), or one of its own.
func (c *compiler) orderColumn(g *grouping, t *schema.EntityType, q *query.Query, order query.Order) (int, error) {
	path := order.Path.String()
	for i, column := range g.columns {
		if column.function == order.Function && column.path == path || order.Function == "" && column.name == path {
			return i, nil
		}
	}
	steps, err := c.path(t, order.Path)
	if err != nil {
		return 0, err
	}
	return g.column(t, q, query.Projection{Function: order.Function, Path: order.Path}, steps)
}

// group is one row in the making.
type group struct {
	keys   []Value
	totals []total
}

// total is a function's state over the values seen so far.
type total struct {
	count   int64
	integer int64
	number  float64
	broken  bool // number holds what integer cannot
	extreme Value
}

func (g *grouping) rows(r *run, entities []Entity) [][]Value {
	var groups []*group
	index := make(map[string]*group)
	var name []byte
	keys := make([]Value, len(g.keys))
	if len(g.keys) == 0 {
		groups = append(groups, g.group(keys))
		index[""] = groups[0]
	}
	for _, e := range entities {
		if r.done() {
			return nil
		}
		name = name[:0]
		for i, steps := range g.keys {
			keys[i] = r.value(e, steps)
			name = appendGroupKey(name, keys[i], !r.options.CaseSensitive)
		}
		into := index[string(name)]
		if into == nil {
			into = g.group(keys)
			groups = append(groups, into)
			index[string(name)] = into
		}
		for i := range g.columns {
			if column := &g.columns[i]; column.key < 0 {
				r.each(e, column.steps, func(v Value) { into.totals[i].add(v, column.function, r.options) })
			}
		}
	}
	rows := make([][]Value, len(groups))
	for i, group := range groups {
		rows[i] = make([]Value, len(g.columns))
		for j, column := range g.columns {
			if column.key >= 0 {
				rows[i][j] = group.keys[column.key]
			} else {
				rows[i][j] = group.totals[j].result(column.function)
			}
		}
	}
	return g.ordered(r, rows)
}

func (g *grouping) group(keys []Value) *group {
	return &group{keys: append([]Value(nil), keys...), totals: make([]total, len(g.columns))}
}

// ordered orders the rows and cuts off the columns that are not shown.
func (g *grouping) ordered(r *run, rows [][]Value) [][]Value {
	columns := make([]sortColumn, len(g.order))
	for i, order := range g.order {
		values := make([]Value, len(rows))
		for j, row := range rows {
			values[j] = row[order.column]
		}
		columns[i] = newSortColumn(values, order.descending, r.options)
	}
	ordered := make([][]Value, len(rows))
	for i, place := range firstPlaces(len(rows), columns, -1) {
		ordered[i] = rows[place][:g.shown:g.shown]
	}
	return ordered
}

// appendGroupKey adds bytes that two values share exactly when they are one group.
func appendGroupKey(dst []byte, v Value, fold bool) []byte {
	if v.kind == KindFloat {
		if i, ok := wholeNumber(v.Float()); ok {
			v = Int(i)
		}
	}
	dst = append(dst, byte(v.kind))
	dst = binary.LittleEndian.AppendUint64(dst, uint64(v.num))
	start := len(dst)
	if fold {
		dst = appendFold(dst, v.text)
	} else {
		dst = append(dst, v.text...)
	}
	return binary.LittleEndian.AppendUint64(dst, uint64(len(dst)-start)) // so that two texts in a row stay two
}

func (t *total) add(v Value, function string, options Options) {
	if v.IsNull() {
		return
	}
	t.count++
	switch function {
	case "sum", "avg":
		switch v.kind {
		case KindInt, KindBool:
			sum := t.integer + v.num
			if (sum > t.integer) != (v.num > 0) && v.num != 0 { // overflow
				t.number += float64(t.integer)
				t.broken = true
				sum = v.num
			}
			t.integer = sum
		case KindFloat:
			t.number += v.Float()
			t.broken = true
		default:
			t.count--
		}
	case "min", "max":
		if t.extreme.IsNull() {
			t.extreme = v
			return
		}
		a, b := v, t.extreme
		if !options.CaseSensitive {
			a.text, b.text = Fold(a.text), Fold(b.text)
		}
		if order := compareValues(&a, &b); order < 0 && function == "min" || order > 0 && function == "max" {
			t.extreme = v
		}
	}
}

func (t *total) result(function string) Value {
	switch {
	case function == "count":
		return Int(t.count)
	case t.count == 0:
		return Value{}
	case function == "min" || function == "max":
		return t.extreme
	}
	sum := t.number + float64(t.integer)
	switch {
	case function == "avg":
		return Float(sum / float64(t.count))
	case t.broken && !math.IsNaN(sum):
		return Float(sum)
	}
	return Int(t.integer)
}
