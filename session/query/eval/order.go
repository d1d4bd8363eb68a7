package eval

import (
	"cmp"
	"slices"
	"strings"
)

// orderKey is one key of order by.
type orderKey struct {
	steps      []step
	descending bool
}

// value is the value at the end of a path without collections.
func (r *run) value(e Entity, steps []step) Value {
	for i := range steps {
		s := &steps[i]
		v := r.source.Value(e, s.Attribute)
		if i == len(steps)-1 {
			return v
		}
		if e = v.Entity(); e == 0 || s.Cast != nil && !r.isA(e, s.Cast) {
			break
		}
	}
	return Value{}
}

// orderEntities orders the entities by the keys; equal ones keep their order. Only the first wanted of them are
// promised to be in place, all when it is negative.
func orderEntities(r *run, entities []Entity, keys []orderKey, wanted int) []Entity {
	columns := make([]sortColumn, len(keys))
	for i, key := range keys {
		values := make([]Value, len(entities))
		for j, e := range entities {
			if r.done() {
				return nil
			}
			values[j] = r.value(e, key.steps)
		}
		columns[i] = newSortColumn(values, key.descending, r.options)
	}
	places := firstPlaces(len(entities), columns, wanted)
	ordered := make([]Entity, len(places))
	for i, place := range places {
		ordered[i] = entities[place]
	}
	return ordered
}

// sortColumn is one key's values, by row.
type sortColumn struct {
	values     []Value
	descending bool
	nullsFirst bool
}

func newSortColumn(values []Value, descending bool, options Options) sortColumn {
	if !options.CaseSensitive {
		for i := range values {
			values[i].text = Fold(values[i].text)
		}
	}
	first := options.NullOrder == NullsFirst ||
		options.NullOrder == NullsLow && !descending ||
		options.NullOrder == NullsHigh && descending
	return sortColumn{values: values, descending: descending, nullsFirst: first}
}

func (c *sortColumn) compare(i, j int32) int {
	a, b := &c.values[i], &c.values[j]
	if a.IsNull() || b.IsNull() {
		switch {
		case a.kind == b.kind:
			return 0
		case a.IsNull() == c.nullsFirst:
			return -1
		}
		return 1
	}
	if c.descending {
		a, b = b, a
	}
	return compareValues(a, b)
}

// compareValues orders values that are not empty. Values of different kinds have the order truth values and
// numbers, times, texts.
func compareValues(a, b *Value) int {
	if a.kind == b.kind {
		switch a.kind {
		case KindText, KindJSON:
			return strings.Compare(a.text, b.text)
		case KindFloat:
			return cmp.Compare(a.Float(), b.Float())
		}
		return cmp.Compare(a.num, b.num)
	}
	if x, y := rank(a.kind), rank(b.kind); x != y {
		return x - y
	}
	if a.kind == KindText || a.kind == KindJSON {
		return strings.Compare(a.text, b.text)
	}
	return cmp.Compare(number(a), number(b))
}

func rank(k Kind) int {
	switch k {
	case KindBool, KindInt, KindFloat:
		return 1
	case KindTime:
		return 2
	case KindText, KindJSON:
		return 3
	}
	return 4
}

// number is the number that a value stands for.
func number(v *Value) float64 {
	if v.kind == KindBool {
		return float64(v.num)
	}
	return v.Float()
}

// firstPlaces are the rows in their order, the first wanted of them when that is fewer than all.
func firstPlaces(rows int, columns []sortColumn, wanted int) []int32 {
	compare := func(i, j int32) int {
		for c := range columns {
			if order := columns[c].compare(i, j); order != 0 {
				return order
			}
		}
		return int(i - j)
	}
	places := make([]int32, rows)
	for i := range places {
		places[i] = int32(i)
	}
	if wanted >= 0 && wanted < rows/4 {
		places = least(places, wanted, compare)
	}
	slices.SortFunc(places, compare)
	return places
}

// least keeps the wanted least places, unordered: a heap with the greatest of them on top.
func least(places []int32, wanted int, compare func(i, j int32) int) []int32 {
	if wanted == 0 {
		return nil
	}
	heap := places[:wanted]
	sink := func(i int) {
		for {
			child := 2*i + 1
			if child >= wanted {
				return
			}
			if child+1 < wanted && compare(heap[child], heap[child+1]) < 0 {
				child++
			}
			if compare(heap[i], heap[child]) >= 0 {
				return
			}
			heap[i], heap[child] = heap[child], heap[i]
			i = child
		}
	}
	for i := wanted/2 - 1; i >= 0; i-- {
		sink(i)
	}
	for _, place := range places[wanted:] {
		if compare(place, heap[0]) < 0 {
			heap[0] = place
			sink(0)
		}
	}
	return heap
}
