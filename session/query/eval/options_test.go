package eval_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
)

func TestTextCaseIsAnOption(t *testing.T) {
	for _, c := range []struct{ expression, either, exact string }{
		{`Task where name is "comp"`, "comp", ""},
		{`Task where name is "Comp"`, "comp", "comp"},
		{`Task where name is_not "comp"`, "anim layout light model stray", "anim comp layout light model stray"},
		{`Task where name in ("comp", "ANIM")`, "anim comp", ""},
		{`Task where name not_in ("comp", "ANIM")`, "layout light model stray", allTasks},
		{`Task where name like "c%"`, "comp", ""},
		{`Task where name like "C%P"`, "comp", ""},
		{`Task where name < "b"`, "anim", "anim comp"},
		{`Task where name in (select type.name from Task)`, "", ""},
		{`Project where name is "sintel"`, "sintel", ""},
		{`Task where project.name is "BBB"`, "anim comp light model", ""},
	} {
		everyIndexing(t, func(t *testing.T, w *world) {
			assert.Equal(t, c.either, w.sortedIDs(w.run(c.expression, eval.Options{}).Entities), c.expression)
			assert.Equal(t, c.exact, w.sortedIDs(w.run(c.expression, eval.Options{CaseSensitive: true}).Entities), c.expression)
		})
	}
	w := production(t)
	assert.Equal(t, "anim comp layout", w.ids(w.run(`Task order by name limit 3`, eval.Options{}).Entities))
	assert.Equal(t, "comp anim layout", w.ids(w.run(`Task order by name limit 3`, eval.Options{CaseSensitive: true}).Entities))
}

func TestFoldMatchesBeyondASCII(t *testing.T) {
	assert.Equal(t, "straße", eval.Fold("Straße"))
	for _, pair := range [][2]string{{"ÅÄÖ", "åäö"}, {"K", "k"}, {"ſ", "S"}, {"Σς", "σΣ"}} {
		assert.Equal(t, eval.Fold(pair[0]), eval.Fold(pair[1]))
	}
	w := production(t)
	w.add("Status", "x", row{"name": "Überprüft"})
	assert.Equal(t, "x", w.ids(w.run(`Status where name is "ÜBERPRÜFT"`, eval.Options{}).Entities))
	assert.Equal(t, "x", w.ids(w.run(`Status where name like "üBER_rüf_"`, eval.Options{}).Entities))
}

func TestEmptyListIsAnOption(t *testing.T) {
	w := production(t)
	for _, expression := range []string{`Task where id in ()`, `Task where id not_in ()`} {
		_, err := eval.Prepare(w, expression, eval.Options{RefuseEmptyIn: true})
		assert.EqualError(t, err, "query: Task.id is looked for in an empty list")
	}
	assert.Equal(t, "anim", w.ids(w.run(`Task where id in (anim)`, eval.Options{RefuseEmptyIn: true}).Entities))
}

func TestBackslashIsAnOption(t *testing.T) {
	w := production(t)
	w.add("Status", "x1", row{"name": `c:\temp`})
	w.add("Status", "x2", row{"name": `say "hi"`})
	literal := eval.Options{Dialect: query.Dialect{BackslashLiteral: true}}
	for _, c := range []struct{ expression, escapes, literal string }{
		{`Status where name is "c:\\temp"`, "x1", ""},
		{`Status where name is "c:\temp"`, "x1", "x1"},
		{`Status where name is "say \"hi\""`, "x2", "syntax error"},
		{`Status where name is 'say "hi"'`, "x2", "x2"},
		{`Status where name like "%:\\\\%"`, "x1", ""},
		{`Status where name like "%:\\%"`, "", "x1"},
	} {
		assert.Equal(t, c.escapes, w.ids(w.run(c.expression, eval.Options{}).Entities), c.expression)
		plan, err := eval.Prepare(w, c.expression, literal)
		if c.literal == "syntax error" {
			assert.Error(t, err, c.expression)
			continue
		}
		require.NoError(t, err, c.expression)
		result, err := plan.Run(t.Context())
		require.NoError(t, err)
		assert.Equal(t, c.literal, w.ids(result.Entities), c.expression)
	}
}

func TestNoneWordsAreAnOption(t *testing.T) {
	for _, c := range []struct {
		words eval.NoneWords
		none  []string
		texts []string
	}{
		{eval.NoneAny, []string{"None", "none", "NONE", "null", "NULL"}, nil},
		{eval.NoneNone, []string{"None", "none", "NONE"}, []string{"null", "NULL"}},
		{eval.NoneVerbatim, []string{"None", "none"}, []string{"NONE", "null", "NULL"}},
	} {
		w := production(t)
		w.add("User", "null", row{"email": "null"})
		w.add("User", "none", row{"email": "none"})
		for _, word := range c.none {
			assert.Equal(t, "grace linus", w.ids(w.run(`User where email is `+word, eval.Options{NoneWords: c.words}).Entities), word)
		}
		for _, word := range c.texts {
			id := eval.Fold(word)
			assert.Equal(t, id, w.ids(w.run(`User where email is `+word, eval.Options{NoneWords: c.words}).Entities), word)
		}
		assert.Equal(t, "none", w.ids(w.run(`User where email is "None"`, eval.Options{NoneWords: c.words}).Entities), "quoted is text")
	}
}

func TestUnderscoreIsAnOption(t *testing.T) {
	w := production(t)
	w.add("Status", "x1", row{"name": "a_b"})
	w.add("Status", "x2", row{"name": "axb"})
	const expression = `Status where name like "a_b"`
	assert.Equal(t, "x1 x2", w.ids(w.run(expression, eval.Options{}).Entities))
	assert.Equal(t, "x1", w.ids(w.run(expression, eval.Options{UnderscoreLiteral: true}).Entities))
}

func TestSubqueriesAreAnOption(t *testing.T) {
	w := production(t)
	_, err := eval.Prepare(w, `Task where id in (select context_id from Timelog)`, eval.Options{RefuseSubqueries: true})
	assert.EqualError(t, err, "query: a query within in (...) is not supported")
}

func TestAttributesOfDerivedTypesAreAnOption(t *testing.T) {
	const throughResource = `Appointment where resource.username is "ada"`
	const throughContext = `Task where parent.status.name is "In Progress"`
	for _, c := range []struct {
		option            eval.DerivedAttributes
		resource, context bool
	}{
		{eval.DerivedOfResource, true, false},
		{eval.DerivedNever, false, false},
		{eval.DerivedAlways, true, true},
	} {
		everyIndexing(t, func(t *testing.T, w *world) {
			for expression, allowed := range map[string]bool{throughResource: c.resource, throughContext: c.context} {
				_, err := eval.Prepare(w, expression, eval.Options{DerivedAttributes: c.option})
				assert.Equal(t, allowed, err == nil, expression)
			}
			if c.resource {
				assert.Equal(t, "a1 a3", w.ids(w.run(throughResource, eval.Options{DerivedAttributes: c.option}).Entities))
			}
			if c.context {
				options := eval.Options{DerivedAttributes: c.option}
				assert.Equal(t, "anim comp", w.ids(w.run(throughContext, options).Entities))
				assert.Equal(t, "anim comp layout", w.ids(w.run(`Task where parent.bid is none and parent.children any (bid > 0)`, options).Entities))
				assert.Equal(t, "model sh010 sh020", w.sortedIDs(w.run(`TypedContext where parent.parent.is_private is False`, options).Entities))
			}
		})
	}
}

func TestDatesAreTheSameInEveryZone(t *testing.T) {
	local := time.Local
	t.Cleanup(func() { time.Local = local })
	for _, name := range []string{"UTC", "America/New_York", "Asia/Kolkata"} {
		zone, err := time.LoadLocation(name)
		require.NoError(t, err)
		time.Local = zone
		w := production(t)
		w.add("Timelog", "spring", row{"start": at("2024-03-10T07:30:00")}) // where clocks change in New York
		w.add("Timelog", "zoned", row{"start": time.Date(2024, 3, 10, 13, 0, 0, 0, time.FixedZone("", 19800))})
		for expression, ids := range map[string]string{
			`Timelog where start is "2024-03-10T07:30:00"`:                         "spring zoned",
			`Timelog where start is "2024-03-10T02:30:00-05:00"`:                   "spring zoned",
			`Timelog where start is "2024-03-10T13:00:00+05:30"`:                   "spring zoned",
			`Timelog where start >= "2024-03-10" and start < "2024-03-11"`:         "spring zoned",
			`Timelog where start >= 2015-06-02T10:00:00 and start <= "2015-06-03"`: "l2",
			`Task where start_date before "2015-06-01"`:                            "anim",
			`Task where end_date is "2015-06-10"`:                                  "anim",
		} {
			assert.Equal(t, ids, w.sortedIDs(w.run(expression, eval.Options{}).Entities), name+": "+expression)
		}
		assert.Equal(t, "2015-05-30T09:00:00Z", show(w.run(`select min(start) from Timelog`, eval.Options{}).Rows))
	}
}
