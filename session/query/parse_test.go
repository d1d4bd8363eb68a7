package query_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
)

func path(names ...string) query.Path { return query.Names(names...) }

// where parses a query of tasks with these criteria.
func where(t *testing.T, criteria string) query.Criterion {
	t.Helper()
	q, err := query.Parse("Task where " + criteria)
	require.NoError(t, err)
	return q.Where
}

func TestPrintingIsCanonicalAndStable(t *testing.T) {
	for _, c := range []struct{ text, printed string }{
		// bare entities and spacing
		{"Project", "Project"},
		{" \t\n Project\r\n ", "Project"},
		{"select full_name,status.name from Project", "select full_name, status.name from Project"},
		{"SELECT name FROM Task WHERE name IS 'x' ORDER BY name DESC LIMIT 5", "select name from Task where name is 'x' order by name desc limit 5"},
		{"Task where name is \"x\"", "Task where name is \"x\""},
		// operators keep their spelling
		{`T where a = "x" and b != "y"`, `T where a = "x" and b != "y"`},
		{`T where a="x"and b!='y'`, `T where a = "x" and b != 'y'`},
		{`T where (k is "v"and k2 is "v2") or (k is "w"and k2 is "w2")`, `T where k is "v" and k2 is "v2" or k is "w" and k2 is "w2"`},
		{`T where a Is_Not None`, `T where a is_not None`},
		{`T where a is not None`, `T where a is_not None`},
		{`T where a > 1 and a < 2 and a >= 3 and a <= 4`, `T where a > 1 and a < 2 and a >= 3 and a <= 4`},
		{`T where a>1 and a<=-4`, `T where a > 1 and a <= -4`},
		{`T where a after "2015-06-01" and a before 2016-01-01T10:00:00+02:00`, `T where a after "2015-06-01" and a before 2016-01-01T10:00:00+02:00`},
		{`T where a greater_than 1 or a less_than 2`, `T where a greater_than 1 or a less_than 2`},
		{`T where a like "%x\%" and b not_like 'y%' and c not like z`, `T where a like "%x\%" and b not_like 'y%' and c not_like z`},
		// lists and queries in parentheses
		{`T where id in (u1,u2)`, `T where id in (u1, u2)`},
		{`T where id in()`, `T where id in ()`},
		{`T where id not_in ("a" , 'b',3,None)`, `T where id not_in ("a", 'b', 3, None)`},
		{`T where id not in (a)`, `T where id not_in (a)`},
		{`T where id in (select task_id from Timelog where comment is "x" limit 3)`, `T where id in (select task_id from Timelog where comment is "x" limit 3)`},
		{`T where id in (Task where a is 1)`, `T where id in (Task where a is 1)`},
		{`T where id in (Task)`, `T where id in (Task)`},
		{`T where id in (select)`, `T where id in (select)`},
		// relations
		{`T where not timelogs any ()`, `T where not timelogs any ()`},
		{`T where metadata any (key=some_key and value=some_value)`, `T where metadata any (key = some_key and value = some_value)`},
		{`T where parent has (name is "x" or name is "y")`, `T where parent has (name is "x" or name is "y")`},
		{`T where a.b.c any(d has(e is 1))`, `T where a.b.c any (d has (e is 1))`},
		// casts
		{`select asset.parent[Shot].parent[ Sequence ].name from AssetVersion`, `select asset.parent[Shot].parent[Sequence].name from AssetVersion`},
		{`T where parent[Folder] has (name is x)`, `T where parent[Folder] has (name is x)`},
		// precedence and parentheses
		{`T where a is 1 or b is 2 and c is 3`, `T where a is 1 or b is 2 and c is 3`},
		{`T where (a is 1 or b is 2) and c is 3`, `T where (a is 1 or b is 2) and c is 3`},
		{`T where (((a is 1)))`, `T where a is 1`},
		{`T where (a is 1 and b is 2) and c is 3`, `T where (a is 1 and b is 2) and c is 3`},
		{`T where not (a is 1 and b is 2)`, `T where not (a is 1 and b is 2)`},
		{`T where not (a is 1)`, `T where not a is 1`},
		{`T where not not a is 1`, `T where not not a is 1`},
		// the tail, in any order
		{`T limit 7 offset 3`, `T offset 3 limit 7`},
		{`T order by a, b.c ascending, d descending offset 0 limit 0`, `T order by a, b.c ascending, d descending offset 0 limit 0`},
		{`select count(id) from T order by count(id) desc group by status_id, a.b`, `select count(id) from T group by status_id, a.b order by count(id) desc`},
		{`select Count( id ), SUM(bid), Avg(a.b), min(x), max(y) from T`, `select count(id), sum(bid), avg(a.b), min(x), max(y) from T`},
		// words of the language as attributes
		{`select from.name from TypedContextLink`, `select from.name from TypedContextLink`},
		{`select from, to, select, where, count from X`, `select from, to, select, where, count from X`},
		{`select from from X`, `select from from X`},
		{`X where to.id is "x" and from.id is "y"`, `X where to.id is "x" and from.id is "y"`},
		{`X where and is 1 and or is 2 or in in (3) and is is is`, `X where and is 1 and or is 2 or in in (3) and is is is`},
		{`X where order is 1 and group is 2 and limit > 3 and offset < 4`, `X where order is 1 and group is 2 and limit > 3 and offset < 4`},
		{`X where any any () and has has ()`, `X where any any () and has has ()`},
		{`X order by end`, `X order by end`},
		{`X order by limit desc, desc desc, order limit 3`, `X order by limit desc, desc desc, order limit 3`},
		{`X group by group order by order`, `X group by group order by order`},
		{`X where not is 3`, `X where not is 3`},
		{`X where not = 3 and not.a is 4 and not[Y].b is 5`, `X where not = 3 and not.a is 4 and not[Y].b is 5`},
		{`X where not in is 3 and not in any () and not is = 3`, `X where not in is 3 and not in any () and not is = 3`},
		{`X where not in ("a") and not not_in ("b")`, `X where not in ("a") and not not_in ("b")`},
		{`X where not in_reply_to has ()`, `X where not in_reply_to has ()`},
		// words that only begin like keywords
		{`X where order_by is 1 and island is 2 and notes any ()`, `X where order_by is 1 and island is 2 and notes any ()`},
		{`selected where android is orange`, `selected where android is orange`},
		// quotes
		{`X where a is "limit 5 offset 3"`, `X where a is "limit 5 offset 3"`},
		{`X where a is "say \"hi\"" and b is 'it\'s'`, `X where a is "say \"hi\"" and b is 'it\'s'`},
		{`X where a is "or b is 'x'"`, `X where a is "or b is 'x'"`},
		{`X where a is ""`, `X where a is ""`},
		{"X where a is \"two\nlines\"", "X where a is \"two\nlines\""},
		// bare words
		{`X where status is active and a is NOT_STARTED`, `X where status is active and a is NOT_STARTED`},
		{`X where a is x.y:z/w*@+%#[1]{2}`, `X where a is x.y:z/w*@+%#[1]{2}`},
		{`X where a is and and b is or`, `X where a is and and b is or`},
		{`Größe where länge is größe`, `Größe where länge is größe`},
		{"X\u00a0where\u2003a is\u3000b", "X where a is b"},
	} {
		q, err := query.Parse(c.text)
		if !assert.NoError(t, err, c.text) {
			continue
		}
		assert.Equal(t, c.printed, q.String(), c.text)
		again, err := query.Parse(q.String())
		require.NoError(t, err, q.String())
		assert.Equal(t, q, again, c.text)
	}
}

func TestTrees(t *testing.T) {
	q, err := query.Parse(`select parent[Shot].name, count(id) from Task where a is "x" order by b desc offset 3 limit 7`)
	require.NoError(t, err)
	assert.Equal(t, []query.Projection{
		{Path: query.Path{{Name: "parent", Cast: "Shot"}, {Name: "name"}}},
		{Function: "count", Path: path("id")},
	}, q.Projections)
	assert.Equal(t, "count_id", q.Projections[1].Key())
	assert.Equal(t, "parent[Shot].name", q.Projections[0].Key())
	assert.Equal(t, "Task", q.EntityType)
	assert.Equal(t, "x", q.Where.(*query.Comparison).Value.Text)
	assert.Equal(t, []query.Order{{Path: path("b"), Direction: "desc"}}, q.OrderBy)
	assert.True(t, q.OrderBy[0].Descending())

	either := where(t, `a is 1 or b is 2 and c is 3`).(*query.Or)
	require.Len(t, either.Terms, 2)
	assert.Len(t, either.Terms[1].(*query.And).Terms, 2, "and binds tighter")

	assert.IsType(t, &query.Not{}, where(t, `not timelogs any ()`))
	assert.Equal(t, path("not"), where(t, `not is 3`).(*query.Comparison).Path)
	assert.Equal(t, path("in"), where(t, `not in is 3`).(*query.Not).Term.(*query.Comparison).Path)
	assert.Equal(t, path("in"), where(t, `not in any ()`).(*query.Not).Term.(*query.Relation).Path)
	assert.True(t, where(t, `a not in (b)`).(*query.Membership).Negated)
	assert.Equal(t, []query.Value{}, where(t, `a in ()`).(*query.Membership).Values)
	assert.Nil(t, where(t, `a has ()`).(*query.Relation).Body)
	assert.Equal(t, "Timelog", where(t, `id in (select context_id from Timelog)`).(*query.Membership).Query.EntityType)
}

func TestOperatorsHaveOneMeaning(t *testing.T) {
	for text, meaning := range map[string]query.Operator{
		"is": query.Is, "=": query.Is, "is_not": query.IsNot, "is not": query.IsNot, "!=": query.IsNot,
		">": query.Greater, "after": query.Greater, "greater_than": query.Greater,
		"<": query.Less, "before": query.Less, "less_than": query.Less,
		">=": query.AtLeast, "<=": query.AtMost,
		"like": query.Like, "not_like": query.NotLike, "not like": query.NotLike, "LIKE": query.Like,
	} {
		assert.Equal(t, meaning, where(t, "a "+text+" b").(*query.Comparison).Operator.Meaning(), text)
	}
}

func TestValuesKnowHowTheyWereWritten(t *testing.T) {
	for _, c := range []struct {
		written string
		kind    query.ValueKind
		text    string
	}{
		{`"a b"`, query.Quoted, "a b"},
		{`'a b'`, query.Quoted, "a b"},
		{`"5"`, query.Quoted, "5"},
		{`"None"`, query.Quoted, "None"},
		{`"a\"b\'c\\d"`, query.Quoted, `a"b'c\d`},
		{`"50\%\n"`, query.Quoted, `50\%\n`},
		{`'a"b'`, query.Quoted, `a"b`},
		{`"\\"`, query.Quoted, `\`},
		{`active`, query.Word, "active"},
		{`4be2fac9-d3c7-50d7-aa40-e4a676461eb2`, query.Word, "4be2fac9-d3c7-50d7-aa40-e4a676461eb2"},
		{`2015-06-01`, query.Word, "2015-06-01"},
		{`1.2.3`, query.Word, "1.2.3"},
		{`1e`, query.Word, "1e"},
		{`-`, query.Word, "-"},
		{`.`, query.Word, "."},
		{`14400`, query.Number, "14400"},
		{`-3`, query.Number, "-3"},
		{`+3.5`, query.Number, "+3.5"},
		{`.5`, query.Number, ".5"},
		{`1.5e-3`, query.Number, "1.5e-3"},
		{`True`, query.Boolean, "True"},
		{`false`, query.Boolean, "false"},
		{`None`, query.None, "None"},
		{`none`, query.None, "none"},
		{`NULL`, query.None, "NULL"},
		{`nonetheless`, query.Word, "nonetheless"},
	} {
		value := where(t, "a is "+c.written).(*query.Comparison).Value
		assert.Equal(t, c.kind, value.Kind, c.written)
		assert.Equal(t, c.text, value.Text, c.written)
	}
}

func TestBackslashMayBeAnOrdinaryCharacter(t *testing.T) {
	literal := query.Dialect{BackslashLiteral: true}
	q, err := literal.Parse(`Task where a is "c:\" and b is 'x\\y'`)
	require.NoError(t, err)
	terms := q.Where.(*query.And).Terms
	assert.Equal(t, `c:\`, terms[0].(*query.Comparison).Value.Text)
	assert.Equal(t, `x\\y`, terms[1].(*query.Comparison).Value.Text)
	assert.Equal(t, `Task where a is "c:\" and b is 'x\\y'`, q.String())

	_, err = query.Parse(`Task where a is "c:\" and b is 'x\\y'`)
	assert.ErrorContains(t, err, "quotes opened here are not closed")
}

func TestPages(t *testing.T) {
	q, err := query.Parse(`Task where name is "limit 5" limit 700`)
	require.NoError(t, err)
	limit, ok := q.Limit()
	assert.True(t, ok)
	assert.Equal(t, 700, limit)
	offset, ok := q.Offset()
	assert.False(t, ok)
	assert.Zero(t, offset)

	page := q.WithPage(500, 200)
	assert.Equal(t, `Task where name is "limit 5" offset 500 limit 200`, page.String())
	assert.Equal(t, `Task where name is "limit 5" limit 700`, q.String(), "the query itself stays")
	assert.Equal(t, `Task where name is "limit 5" limit 0`, q.WithPage(-1, 0).String())
	assert.Equal(t, `Task where name is "limit 5" offset 0`, q.WithPage(0, -5).String())

	assert.False(t, q.HasSelect())
	selected := q.WithProjections(query.Plain("id", "name"))
	assert.True(t, selected.HasSelect())
	assert.Equal(t, `select id, name from Task where name is "limit 5" limit 700`, selected.String())
	assert.False(t, selected.IsAggregate())
}

func TestAggregates(t *testing.T) {
	for text, aggregate := range map[string]bool{
		"select count(id) from Task":            true,
		"select name from Task group by name":   true,
		"select id, max(bid) from Task":         true,
		"select count from Task":                false,
		"Task order by count(id)":               false,
		"select id from Task where a is 'sum('": false,
	} {
		q, err := query.Parse(text)
		require.NoError(t, err, text)
		assert.Equal(t, aggregate, q.IsAggregate(), text)
	}
}

func TestQueriesAreBuiltFromParts(t *testing.T) {
	shot, err := query.ParsePath(" parent[Shot].name ")
	require.NoError(t, err)
	q := query.New("Task").
		WithProjections([]query.Projection{{Path: shot}}).
		WithWhere(query.AllOf(
			query.OneOf(path("id"), []string{"u1", `u"2`}),
			query.Compare(path("project", "name"), query.Is, `5" disk's`),
		)).
		WithPage(0, 10)
	assert.Equal(t, `select parent[Shot].name from Task where id in ("u1", 'u"2') and project.name is "5\" disk's" offset 0 limit 10`, q.String())
	assert.Nil(t, query.AllOf())

	for _, bad := range []string{"", "a b", "a from User", "a.", ".a", "a[", "a[]", "a, b", "count(a)", "a;b"} {
		_, err := query.ParsePath(bad)
		assert.Error(t, err, bad)
	}
}

func TestDepthIsLimited(t *testing.T) {
	for name, nest := range map[string]func(int) string{
		"parentheses": func(n int) string { return strings.Repeat("(", n) + "a is 1" + strings.Repeat(")", n) },
		"not":         func(n int) string { return strings.Repeat("not ", n) + "a is 1" },
		"any":         func(n int) string { return strings.Repeat("a any (", n) + "a is 1" + strings.Repeat(")", n) },
		"queries": func(n int) string {
			return strings.Repeat("a in (select b from C where ", n) + "a is 1" + strings.Repeat(")", n)
		},
	} {
		_, err := query.Parse("Task where " + nest(300))
		assert.NoError(t, err, name)
		for _, n := range []int{1001, 100_000} {
			_, err = query.Parse("Task where " + nest(n))
			assert.ErrorContains(t, err, "nested more than 1000 levels", name)
		}
	}
	_, err := query.Parse("Task where a" + strings.Repeat(".a", 100_000) + " is 1")
	assert.ErrorContains(t, err, "more than 1000 steps")

	// width is no depth
	q, err := query.Parse("Task where a is 1" + strings.Repeat(" and b is 2", 100_000))
	require.NoError(t, err)
	assert.Len(t, q.Where.(*query.And).Terms, 100_001)
}

func BenchmarkParse(b *testing.B) {
	const text = `select name, status.name, project.name from Task where project.name is "Big Buck Bunny" and assignments any (resource.username is "ada") order by end_date desc, name limit 500`
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := query.Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseLongList(b *testing.B) {
	text := `Task where id in (` + strings.Repeat("4be2fac9-d3c7-50d7-aa40-e4a676461eb2,", 10_000) + `a)`
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := query.Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}
