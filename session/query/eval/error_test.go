package eval_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
)

func TestErrorsNameWhatDoesNotFit(t *testing.T) {
	w := production(t)
	for expression, says := range map[string]string{
		`Tsak`:                                  `query: unknown entity type "Tsak"; did you mean "Task"?`,
		`task`:                                  `query: unknown entity type "task"; did you mean "Task"?`,
		`Zzyzx`:                                 `query: unknown entity type "Zzyzx"`,
		`select nmae from Task`:                 `query: Task has no attribute "nmae"; did you mean "name"?`,
		`Task where staus.name is "x"`:          `query: Task has no attribute "staus"; did you mean "status"?`,
		`Task where status.nam is "x"`:          `query: Status has no attribute "nam"; did you mean "name"?`,
		`Task order by nam`:                     `query: Task has no attribute "nam"; did you mean "name"?`,
		`Task where zzyzx is 1`:                 `query: Task has no attribute "zzyzx"`,
		`Task where NAME is 1`:                  `query: Task has no attribute "NAME"; did you mean "name"?`,
		`Task where parent.status.name is "x"`:  `query: Context has no attribute "status", though TypedContext has: cast to it in brackets, as in parent[TypedContext].status`,
		`Task where parent.bid is 1`:            `query: Context has no attribute "bid", though TypedContext has: cast to it in brackets, as in parent[TypedContext].bid`,
		`Task where parent[Shto].name is "x"`:   `query: unknown entity type "Shto"; did you mean "Shot"?`,
		`Task where parent[User].username is x`: `query: Task.parent leads to Context, which User is no kind of`,
		`Task where name[Shot] is x`:            `query: Task.name is no relation and cannot be cast`,
		`Task where name.first is x`:            `query: Task.name is no relation, so "first" cannot follow it`,
		`Task where name any ()`:                `query: Task.name is no relation: has and any need one`,
		`Task where children is "x"`:            `query: Task.children is a collection: use any (...)`,
		`Task where children is none`:           `query: Task.children is a collection: use any () and not ... any ()`,
		`Task where children in (x)`:            `query: Task.children is a collection: use any (...)`,
		`Task where status like "x"`:            `query: Task.status is a relation: compare one of its attributes`,
		`Task where status > 3`:                 `query: Task.status is a relation: compare one of its attributes`,
		`Task where name > none`:                `query: Task.name can only be compared with none by is and is_not`,
		`Task where bid is "much"`:              `query: Task.bid is compared with "much", which is not a number`,
		`Task where bid in (1, much)`:           `query: Task.bid is compared with "much", which is not a number`,
		`Task where start_date after "soon"`:    `query: Task.start_date is compared with "soon", which is not a date`,
		`Task where start_date after 2015`:      `query: Task.start_date is compared with "2015", which is not a date`,
		`User where is_active is maybe`:         `query: User.is_active is compared with "maybe", which is not True or False`,
		`User where is_active is 2`:             `query: User.is_active is compared with "2", which is not True or False`,
		`Task order by status`:                  `query: Task.status is a relation: order by needs one of its attributes`,
		`Task order by timelogs.start`:          `query: Task.timelogs is a collection: order by needs one value a row`,
		`Task order by count(id)`:               `query: Task.id is ordered by count(), which needs an aggregate query`,
		`Task group by name`:                    `query: group by needs a select`,
		`select name, count(id) from Task`:      `query: Task.name is selected with functions and must stand in group by`,
		`select count(id) from Task group by status_id order by name`: `query: Task.name is selected with functions and must stand in group by`,
		`select count(id) from Task group by timelogs.id`:             `query: Task.timelogs is a collection: group by needs one value a row`,
		`select sum(name) from Task`:                                  `query: Task.name is no number: sum() needs one`,
		`select max(status) from Task`:                                `query: Task.status is a relation: max() needs a value`,
		`select cuont(id) from Task`:                                  `query: unknown function "cuont"; did you mean "count"?`,
		`select custom_attribute_links from Task`:                     `query: Task.custom_attribute_links can be filtered by, but not selected`,
		`select parent.custom_attribute_links.id from Task`:           `query: Context.custom_attribute_links can be filtered by, but not selected`,
		`Task where id in (select id, name from Shot)`:                `query: a query within in (...) selects one attribute`,
		`Task where id in (Metadata where key is x)`:                  `query: a query within in (...) selects one attribute`,
		`Task where id in (select id from Shto)`:                      `query: unknown entity type "Shto"; did you mean "Shot"?`,
		`AssetVersion where components.metadata is 1`:                 `query: Component.metadata is a collection: use any (...)`,
	} {
		_, err := eval.Prepare(w, expression, eval.Options{})
		var fit *eval.Error
		if assert.ErrorAs(t, err, &fit, expression) {
			assert.Equal(t, says, err.Error(), expression)
		}
	}
	var fit *eval.Error
	_, err := eval.Prepare(w, `select status.nmae from Task`, eval.Options{})
	require.ErrorAs(t, err, &fit)
	assert.Equal(t, [3]string{"nmae", "Status", "name"}, [3]string{fit.Name, fit.Type, fit.Nearest})

	var syntax *query.SyntaxError
	_, err = eval.Prepare(w, `Task where`, eval.Options{})
	assert.ErrorAs(t, err, &syntax)
}

func TestNestingIsLimited(t *testing.T) {
	w := production(t)
	deep := "Task where " + strings.Repeat("children any (", 499) + `name is "x"` + strings.Repeat(")", 499)
	assert.Empty(t, w.run(deep, eval.Options{}).Entities)

	for _, expression := range []string{
		"Task where parent" + strings.Repeat(".parent", 999) + `.name is "x"`, // within the parser's limit
		"Task where " + strings.Repeat("children any (", 700) + `name is "x"` + strings.Repeat(")", 700),
		"Task where " + strings.Repeat("(", 100_000) + `name is "x"` + strings.Repeat(")", 100_000),
		"Task where " + strings.Repeat("not ", 100_000) + `name is "x"`,
		"Task where " + strings.Repeat("id in (select id from Task where ", 100_000) + `name is "x"` + strings.Repeat(")", 100_000),
	} {
		_, err := eval.Prepare(w, expression, eval.Options{})
		assert.Error(t, err)
	}

	// trees that no parser limited
	var criterion query.Criterion = query.Compare(query.Names("name"), query.Is, "x")
	for range 100_000 {
		criterion = &query.Not{Term: criterion}
	}
	_, err := eval.Compile(w, query.New("Task").WithWhere(criterion), eval.Options{})
	assert.ErrorContains(t, err, "nested more than 1000 levels")
	_, err = eval.Compile(w, query.New("Task").WithWhere(&query.Not{}), eval.Options{})
	assert.ErrorContains(t, err, "an empty criterion")
}

// TestNestedCollectionsCostNoMoreThanTheirMembers asks for 60 collections of 100 within each other: 100^60 paths, of
// which remembering leaves 60 × 100 × 100 steps.
func TestNestedCollectionsCostNoMoreThanTheirMembers(t *testing.T) {
	w := &world{t: t, schemas: loadSchemas(t), byID: map[string]eval.Entity{}}
	ids := make([]string, 100)
	for i := range ids {
		ids[i] = "t" + strings.Repeat("x", i)
		w.add("Task", ids[i], row{"name": "n"})
	}
	for _, id := range ids {
		w.collect(id, "children", ids...)
	}
	expression := "Task where " + strings.Repeat("children any (", 30) + "children" + strings.Repeat(".children", 29) + ".name is x" + strings.Repeat(")", 30)
	assert.Empty(t, w.run(expression, eval.Options{}).Entities)
}

func TestRunStopsWhenItsContextDoes(t *testing.T) {
	w := &world{t: t, schemas: loadSchemas(t), byID: map[string]eval.Entity{}}
	for i := range 3000 {
		w.add("Status", "s"+strings.Repeat("x", i), row{"name": "n"})
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, expression := range []string{`Status`, `Status where name is "x"`, `Status order by name`, `select count(id) from Status`,
		`Status where id in (select id from Status where name like "x")`} {
		plan := w.prepare(expression, eval.Options{})
		result, err := plan.Run(cancelled)
		assert.ErrorIs(t, err, context.Canceled, expression)
		assert.Empty(t, result.Entities)
	}
	late, stop := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer stop()
	_, err := w.prepare(`Status`, eval.Options{}).Run(late)
	assert.ErrorIs(t, err, context.DeadlineExceeded)
}
