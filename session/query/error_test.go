package query_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
)

func TestErrorsNameThePlace(t *testing.T) {
	for _, c := range []struct {
		text   string
		offset int
		says   string
	}{
		{"", 0, "expected an entity type"},
		{"   ", 3, "expected an entity type"},
		{"(", 0, "expected an entity type"},
		{"select", 6, "expected an attribute to select"},
		{"select name", 11, "expected , or from"},
		{"select name,", 12, "expected an attribute to select"},
		{"select name from", 16, "expected an entity type"},
		{"select name form Task", 12, "expected , or from"},
		{"select count(id from Task", 16, "expected )"},
		{"Task wher name is 1", 5, "expected where"},
		{"Task where", 10, "expected a condition"},
		{"Task where name", 15, "expected an operator"},
		{"Task where name like", 20, "expected a value"},
		{"Task where name is", 18, "expected a value"},
		{"Task where name is not", 22, "expected a value"},
		{"Task where name == 1", 17, "expected a value"},
		{"Task where name on 1", 16, "expected an operator"},
		{"Task where a is 1 b is 2", 18, "expected where"},
		{"Task where a is 1 and", 21, "expected a condition"},
		{"Task where (a is 1", 18, "expected and, or or )"},
		{"Task where a is 1)", 17, "expected where"},
		{"Task where a in", 15, "expected ( after in"},
		{"Task where a in (1", 18, "expected , or )"},
		{"Task where a in (1,", 19, "expected a value"},
		{"Task where a in (1,)", 19, "expected a value"},
		{"Task where a any", 16, "expected ( after any"},
		{"Task where a has (b is 1", 24, "expected and, or or )"},
		{`Task where a is "x`, 16, "quotes opened here are not closed"},
		{`Task where a is "x\"`, 16, "quotes opened here are not closed"},
		{`Task where a is "x\`, 16, "quotes opened here are not closed"},
		{"Task where a. is 1", 13, "expected an attribute after the dot"},
		{"Task where a[ is 1", 17, "expected ]"},
		{"Task where a[] is 1", 13, "expected an entity type in the brackets"},
		{"Task limit", 10, "expected a whole number after limit"},
		{"Task limit x", 11, "expected a whole number after limit"},
		{"Task limit -1", 11, "expected a whole number after limit"},
		{"Task limit 1.5", 11, "expected a whole number after limit"},
		{"Task limit 5x", 11, "expected a whole number after limit"},
		{"Task limit 99999999999999999999", 11, "expected a whole number after limit"},
		{"Task offset 1 limit 2 offset 3", 22, "stands twice"},
		{"Task order by", 13, "expected an attribute to order by"},
		{"Task order name", 5, "expected where"},
		{"Task group by", 13, "expected an attribute to group by"},
		{"Task order by a limit 5 where b is 1", 24, "expected where"},
	} {
		_, err := query.Parse(c.text)
		var syntax *query.SyntaxError
		if !assert.ErrorAs(t, err, &syntax, c.text) {
			continue
		}
		assert.Equal(t, c.offset, syntax.Offset, c.text)
		assert.Contains(t, syntax.Message, c.says, c.text)
	}
}

func TestErrorsShowTheLineWithACaret(t *testing.T) {
	for _, c := range []struct{ text, shown string }{
		{"Task where name is", "query syntax: line 1, column 19: expected a value\n" +
			"    Task where name is\n" +
			"                      ^"},
		{"Task\r\n\twhere näme is (\r\n\tand b is 1", "query syntax: line 2, column 16: expected a value\n" +
			"    \twhere näme is (\n" +
			"    \t              ^"},
		{"Task where " + strings.Repeat("ä", 100) + " ! " + strings.Repeat("ö", 100), "query syntax: line 1, column 113: " +
			"expected an operator: is, is_not, in, not_in, like, has, any, =, !=, >, <, >=, <=, after, before\n" +
			"    …" + strings.Repeat("ä", 59) + " ! " + strings.Repeat("ö", 58) + "…\n" +
			"    " + strings.Repeat(" ", 61) + "^"},
	} {
		_, err := query.Parse(c.text)
		require.Error(t, err)
		assert.Equal(t, c.shown, err.Error())
	}
}
