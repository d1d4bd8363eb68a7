package eval_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
)

func TestOrder(t *testing.T) {
	for expression, ids := range map[string]string{
		`Task where bid is_not none order by bid`:                                                 "light layout comp anim",
		`Task where bid is_not none order by bid desc`:                                            "anim comp layout light",
		`Task where bid is_not none order by bid descending limit 1`:                              "anim",
		`Task where bid is_not none order by bid ascending limit 1`:                               "light",
		`Task where priority is_not none order by priority.sort, name`:                            "anim light comp layout model",
		`Task where priority is_not none order by priority.value, name`:                           "anim light comp layout model",
		`Task where priority is_not none order by priority.sort desc,name`:                        "comp layout model anim light",
		`Task where priority is_not none order by priority.sort, bid desc`:                        "anim light comp layout model",
		`Task where type is_not none order by type.name desc, bid`:                                "light comp anim",
		`Task where end_date is_not none order by end_date desc`:                                  "comp anim",
		`AssetVersion where asset is_not none order by version descending, is_latest_version, id`: "v2 v1 v3",
		`AssetVersion order by is_latest_version desc, version desc`:                              "v2 v3 v4 v1",
		`Task where parent is_not none order by parent[Shot].name desc, name`:                     "light anim comp layout model",
		`Timelog order by start`:                     "l1 l2 l3",
		`Event order by id`:                          "e2 e1",
		`Project order by link desc, name`:           "bbb sintel",
		`TypedContextLink order by from.name`:        "link2 link1",
		`ContextCustomAttributeValue order by value`: "cv4 cv5 cv1 cv2 cv6 cv3",
	} {
		w := production(t)
		assert.Equal(t, ids, w.ids(w.run(expression, eval.Options{}).Entities), expression)
	}
}

func TestNullOrder(t *testing.T) {
	for _, c := range []struct {
		order           eval.NullOrder
		ascending, desc string
	}{
		{eval.NullsLow, "grace linus ada", "ada grace linus"},
		{eval.NullsHigh, "ada grace linus", "grace linus ada"},
		{eval.NullsFirst, "grace linus ada", "grace linus ada"},
		{eval.NullsLast, "ada grace linus", "ada grace linus"},
	} {
		w := production(t)
		options := eval.Options{NullOrder: c.order}
		assert.Equal(t, c.ascending, w.ids(w.run(`User order by email, id`, options).Entities))
		assert.Equal(t, c.desc, w.ids(w.run(`User order by email desc, id`, options).Entities))
	}
}

func TestTheFirstRowsOfAnOrderAreThoseOfTheWholeOrder(t *testing.T) {
	w := &world{t: t, schemas: loadSchemas(t), byID: map[string]eval.Entity{}}
	for i := range 500 {
		w.add("Status", "s"+strings.Repeat("x", i), row{"sort": i * 7919 % 101})
	}
	whole := w.run(`Status order by sort desc`, eval.Options{}).Entities
	for _, limit := range []string{"1", "2", "17", "100", "124", "125", "499"} {
		first := w.run(`Status order by sort desc limit `+limit, eval.Options{}).Entities
		assert.Equal(t, whole[:len(first)], first, limit)
	}
	assert.Equal(t, whole[30:40], w.run(`Status order by sort desc offset 30 limit 10`, eval.Options{}).Entities)
}

func TestShuffleArrangesRowsThatHaveNoOrder(t *testing.T) {
	w := production(t)
	options := eval.Options{Shuffle: slices.Reverse[[]eval.Entity]}
	assert.Equal(t, "stray layout", w.ids(w.run(`Task limit 2`, options).Entities), "before limit")
	assert.Equal(t, "linus grace ada", w.ids(w.run(`User where id in (ada, grace, linus)`, options).Entities))
	assert.Equal(t, "stray light anim layout model comp", w.ids(w.run(`Task order by priority.sort`, options).Entities), "equal keys keep the order it leaves")
	assert.Equal(t, allTasks, w.ids(w.run(`Task order by name`, options).Entities))
}
