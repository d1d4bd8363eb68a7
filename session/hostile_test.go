package session

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// scripted opens a session whose queries get what body holds at the time, the same bytes for every request.
func scripted(t *testing.T) (s *Session, server *script, body *string) {
	body = new(string)
	server = &script{answer: func(context.Context, int, []map[string]any) (*wire.Response, error) { return ok(*body), nil }}
	return open(t, server), server, body
}

func reply(rows, next string) string {
	return `[{"action":"query","data":[` + rows + `],"metadata":{"next":{"offset":` + next + `}}}]`
}

// ask sends a fresh query.
func ask(t *testing.T, s *Session) ([]*Entity, error) {
	t.Helper()
	q, err := s.Query("select name from Task")
	require.NoError(t, err)
	return q.All(context.Background())
}

// checkWorks asks for a task that no hostile reply has touched.
func checkWorks(t *testing.T, s *Session, body *string) {
	t.Helper()
	*body = reply(`{"__entity_type__":"Task","id":"good","name":"fine"}`, "null")
	rows, err := ask(t, s)
	require.NoError(t, err)
	require.Len(t, rows, 1)
	require.Equal(t, "fine", rows[0].Text("name"))
}

func TestAReplyCutAtAnyByteIsAnErrorAndTheSessionGoesOn(t *testing.T) {
	s, _, body := scripted(t)
	whole := reply(`{"__entity_type__":"Task","id":"t","name":"Gr\u00f6\u00dfe ö","bid":-1.5e3,"status":null,"link":[{"a":true}]}`, "null")
	for n := range len(whole) {
		*body = whole[:n]
		_, err := ask(t, s)
		require.Error(t, err, "cut after %d bytes", n)
		assert.Contains(t, []string{"NETWORK_ERROR", "SERVER_ERROR"}, Code(err))
		assert.Zero(t, s.store.Count(), "nothing of it is kept")
	}
	*body = whole
	rows, err := ask(t, s)
	require.NoError(t, err)
	assert.Equal(t, "Größe ö", rows[0].Text("name"))
	checkWorks(t, s, body)
}

func TestAQueryWhosePageWasCutAsksForTheSamePageAgain(t *testing.T) {
	for _, expression := range []string{"select name from Task", "select name from Task limit 4"} {
		cut := true
		server := &script{}
		server.answer = func(ctx context.Context, n int, operations []map[string]any) (*wire.Response, error) {
			response, err := pages(4)(ctx, n, operations)
			if n == 2 && cut {
				cut = false
				response.Body = response.Body[:len(response.Body)-7]
			}
			return response, err
		}
		s := open(t, server)
		q, err := s.Query(expression, QueryOptions{PageSize: 2})
		require.NoError(t, err)
		_, err = q.All(context.Background())
		require.Error(t, err)
		assert.Len(t, q.Rows(), 2, "the rows at hand stay")
		rows, err := q.All(context.Background())
		require.NoError(t, err)
		require.Len(t, rows, 4, expression)
		assert.Equal(t, "task 3", rows[3].Text("name"))
	}
}

func TestOddKeysAreOrdinaryAttributesAndTheLastOfTwoCounts(t *testing.T) {
	s, _, body := scripted(t)
	*body = reply(`{"__proto__":{"polluted":true},"constructor":"c","toString":1,"":"empty","name":"first","id":"x","id":"t",
		"__entity_type__":"Status","__entity_type__":"Task","n\u0061me":"last"}`, "null")
	rows, err := ask(t, s)
	require.NoError(t, err)
	require.Len(t, rows, 1)
	task := rows[0]
	assert.Equal(t, "Task", task.Type().Name)
	assert.Equal(t, []string{"t"}, task.PrimaryKey())
	for name, want := range map[string]any{"__proto__": JSON(`{"polluted":true}`), "constructor": "c", "toString": int64(1),
		"": "empty", "name": "last", "id": "t"} {
		v, loaded := task.Value(name)
		assert.True(t, loaded, name)
		assert.Equal(t, want, v, name)
	}
	_, loaded := task.Value("polluted")
	assert.False(t, loaded)
	checkWorks(t, s, body)
}

func TestANestingBombIsRefused(t *testing.T) {
	entity := func(depth int) string {
		open := strings.Repeat(`{"__entity_type__":"Task","id":"deep","parent":`, depth)
		return open + "null" + strings.Repeat("}", depth)
	}
	s, _, body := scripted(t)
	for name, rows := range map[string]string{
		"arrays":        `{"__entity_type__":"Task","id":"t","x":` + strings.Repeat("[", 1<<20) + strings.Repeat("]", 1<<20) + "}",
		"open arrays":   strings.Repeat("[", 1<<20),
		"objects":       `{"__entity_type__":"Task","id":"t","x":` + strings.Repeat(`{"a":`, 1<<18) + "1" + strings.Repeat("}", 1<<18) + "}",
		"entities":      entity(1 << 16),
		"just too deep": entity(wire.MaxDepth - 2),
	} {
		*body = reply(rows, "null")
		_, err := ask(t, s)
		require.Error(t, err, name)
		assert.Equal(t, "SERVER_ERROR", Code(err), name)
		assert.Less(t, len(err.Error()), 1000, "an error shows an excerpt only")
		checkWorks(t, s, body)
	}
	*body = reply(entity(wire.MaxDepth-3), "null")
	rows, err := ask(t, s)
	require.NoError(t, err)
	_, loaded := rows[0].Value("parent")
	assert.True(t, loaded)
}

func TestAReplyOfFiftyMegabytesIsReadAndItsValuesAreKept(t *testing.T) {
	s, _, body := scripted(t)
	const rows, size = 500, 100 << 10
	text := strings.Repeat("0123456789 ö\\n", size/14)
	var b strings.Builder
	for i := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"__entity_type__":"Task","id":"t%d","description":"%d %s"}`, i, i, text)
	}
	*body = reply(b.String(), "null")
	require.Greater(t, len(*body), 50_000_000)
	q, err := s.Query("select description from Task")
	require.NoError(t, err)
	list, err := q.All(context.Background())
	require.NoError(t, err)
	require.Len(t, list, rows)
	want := strings.ReplaceAll(text, `\n`, "\n")
	for i, task := range list {
		if got := task.Text("description"); got != fmt.Sprint(i, " ", want) {
			require.Fail(t, "another text", "row %d has %d bytes", i, len(got))
		}
	}
	checkWorks(t, s, body)
}

func TestANextOffsetThatDoesNotAdvanceIsAnErrorAndNoLoop(t *testing.T) {
	for _, next := range []string{"0", "-1", "2", "1"} {
		wrong := true
		server := &script{}
		server.answer = func(ctx context.Context, n int, operations []map[string]any) (*wire.Response, error) {
			if n == 2 && wrong {
				wrong = false
				return ok(reply(`{"__entity_type__":"Task","id":"t2","name":"task 2"},{"__entity_type__":"Task","id":"t3","name":"task 3"}`, next)), nil
			}
			return pages(6)(ctx, n, operations)
		}
		s := open(t, server)
		q, err := s.Query("select name from Task limit 6", QueryOptions{PageSize: 2})
		require.NoError(t, err)
		_, err = q.All(context.Background())
		require.ErrorContains(t, err, "next offset", next)
		assert.Equal(t, "SERVER_ERROR", Code(err))
		rows, err := q.All(context.Background())
		require.NoError(t, err)
		require.Len(t, rows, 6, "next offset %s", next)
	}
}

func TestRepliesOfAWrongFormAreErrors(t *testing.T) {
	s, _, body := scripted(t)
	for _, text := range []string{
		`{}`, `[]`, `null`, `[null]`, `[{"data":{}}]`, `[{"action":"query"}]`, `[{"data":[]},{"data":[]}]`, `"x"`, `<html>login</html>`,
		reply(`{"__entity_type__":"Task","id":"a"},{"count_id":1}`, "null"), "\x00", reply(``, "null") + "x", `[{"data":[]`,
	} {
		*body = text
		_, err := ask(t, s)
		require.Error(t, err, text)
		assert.NotEqual(t, "INTERNAL", Code(err), text)
		checkWorks(t, s, body)
	}
}
