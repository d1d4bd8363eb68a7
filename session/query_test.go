package session

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

func TestAQuerySendsNothingBeforeRowsAreAskedFor(t *testing.T) {
	server := &script{answer: pages(1200)}
	s := open(t, server)
	q, err := s.Query("Task")
	require.NoError(t, err)
	assert.Zero(t, server.sent())
	rows, err := q.All(context.Background())
	require.NoError(t, err)
	assert.Len(t, rows, 1200)
	assert.Equal(t, []string{
		"select context_type, id, name from Task offset 0 limit 500",
		"select context_type, id, name from Task offset 500 limit 500",
		"select context_type, id, name from Task offset 1000 limit 500"}, server.expressions(t))
	again, err := q.All(context.Background())
	require.NoError(t, err)
	assert.Equal(t, 3, server.sent(), "the rows are at hand")
	assert.Same(t, rows[7], again[7])
	assert.Equal(t, "task 1199", rows[1199].Text("name"))
}

func TestLimitAndOffsetOfTheExpressionAreRespected(t *testing.T) {
	for expression, want := range map[string]struct {
		first, rows int
		sent        []string
	}{
		"select name from Task limit 3":                          {0, 3, []string{"offset 0 limit 3"}},
		"select name from Task offset 5 limit 700":               {5, 700, []string{"offset 5 limit 500", "offset 505 limit 200"}},
		`select name from Task where name is "limit 5 offset 9"`: {0, 1000, []string{"offset 0 limit 500", "offset 500 limit 500", "offset 1000 limit 500"}},
		"select name from Task limit 0":                          {0, 0, nil},
		" SELECT name FROM Task LIMIT 2":                         {0, 2, []string{"offset 0 limit 2"}},
	} {
		server := &script{answer: pages(1000)}
		s := open(t, server)
		q, err := s.Query(expression)
		require.NoError(t, err, expression)
		rows, err := q.All(context.Background())
		require.NoError(t, err, expression)
		if assert.Len(t, rows, want.rows, expression) && len(rows) > 0 {
			assert.Equal(t, fmt.Sprintf("t%d", want.first), rows[0].PrimaryKey()[0])
		}
		var tails []string
		for _, e := range server.expressions(t) {
			tails = append(tails, e[strings.LastIndex(e, "offset "):])
		}
		assert.Equal(t, want.sent, tails, expression)
	}
}

func TestTheNextPageIsRequestedWhileOneIsRead(t *testing.T) {
	server := &script{answer: pages(2000)}
	s := open(t, server)
	q, err := s.Query("Task")
	require.NoError(t, err)
	_, err = q.Next(context.Background())
	require.NoError(t, err)
	require.Eventually(t, func() bool { return server.sent() == 2 }, 5*time.Second, time.Millisecond)
}

func TestALoopThatBreaksStopsRequesting(t *testing.T) {
	server := &script{answer: pages(5000)}
	s := open(t, server)
	q, err := s.Query("Task")
	require.NoError(t, err)
	n := 0
	for row, err := range q.Each(context.Background()) {
		require.NoError(t, err)
		assert.Equal(t, fmt.Sprintf("task %d", n), row.Text("name"))
		if n++; n == 501 {
			break
		}
	}
	assert.LessOrEqual(t, server.sent(), 3)
	rows, err := q.All(context.Background())
	require.NoError(t, err)
	assert.Len(t, rows, 5000, "the query goes on where it stood")
}

func TestFirstAndOne(t *testing.T) {
	ctx := context.Background()
	for total, want := range map[int]error{0: ErrNoResultFound, 1: nil, 2: ErrMultipleResultsFound} {
		server := &script{answer: pages(total)}
		s := open(t, server)
		q, err := s.Query("select name from Task")
		require.NoError(t, err)
		first, err := q.First(ctx)
		require.NoError(t, err)
		assert.Equal(t, total > 0, first != nil)
		one, err := q.One(ctx)
		assert.ErrorIs(t, err, want)
		if want == nil {
			assert.Same(t, first, one)
		}
		assert.Equal(t, []string{"select name from Task limit 1", "select name from Task limit 2"}, server.expressions(t))
	}
	s := open(t, &script{answer: pages(1)})
	q, _ := s.Query("Task limit 1")
	_, err := q.First(ctx)
	assert.ErrorContains(t, err, "limit")
	q, _ = s.Query("Task offset 1")
	_, err = q.One(ctx)
	assert.ErrorContains(t, err, "offset")
}

func TestUnknownTypesAndSyntaxErrorsAreToldBeforeSending(t *testing.T) {
	server := &script{}
	s := open(t, server)
	_, err := s.Query("select name from Tusk")
	var unknown *UnrecognisedEntityTypeError
	require.ErrorAs(t, err, &unknown)
	assert.Equal(t, "Task", unknown.Nearest)
	_, err = s.Query("select name from Task where")
	require.Error(t, err)
	assert.Equal(t, "QUERY_SYNTAX", Code(err))
	_, err = s.Get(context.Background(), "task", "x")
	require.ErrorAs(t, err, &unknown)
	assert.Zero(t, server.sent())
}

func TestWhatSeveralCallersLackAtTheSameTimeIsOneRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &script{answer: pages(3)}
		s := open(t, server)
		q, _ := s.Query("Task")
		rows, err := q.All(context.Background())
		require.NoError(t, err)
		refuse := false
		server.answer = func(_ context.Context, _ int, operations []map[string]any) (*wire.Response, error) {
			if refuse && len(operations) > 1 {
				return ok(`{"exception":"ValidationError","content":"one of these is wrong","error_code":"x"}`), nil
			}
			var replies []string
			for range operations {
				replies = append(replies, `{"action":"query","data":[],"metadata":{"next":{"offset":null}}}`)
			}
			return ok("[" + strings.Join(replies, ",") + "]"), nil
		}
		load := func(first, second string) {
			var wg sync.WaitGroup
			for i := range rows {
				wg.Go(func() {
					assert.NoError(t, s.Populate(context.Background(), rows[i:i+1], first))
					assert.NoError(t, s.Populate(context.Background(), rows[i:i+1], second))
				})
			}
			wg.Wait()
		}
		before := server.sent()
		load("description", "bid")
		assert.Equal(t, 2, server.sent()-before, "goroutines that wait together share a request")
		refuse = true
		before = server.sent()
		load("sort", "start_date") // a refusal that may be somebody else's is not everybody's
		assert.Equal(t, 2*(1+len(rows)), server.sent()-before)
	})
}

func TestAggregateRowsArePlain(t *testing.T) {
	s := open(t, &script{answer: func(context.Context, int, []map[string]any) (*wire.Response, error) {
		return ok(`[{"action":"query","data":[{"count_id":3,"status_id":"a"},{"count_id":1,"status_id":"b"}],"metadata":{"next":{"offset":null}}}]`), nil
	}})
	q, err := s.Query("select count(id), status_id from Task group by status_id")
	require.NoError(t, err)
	page, err := q.Next(context.Background())
	require.NoError(t, err)
	assert.JSONEq(t, `[{"count_id":3,"status_id":"a"},{"count_id":1,"status_id":"b"}]`, string(page.Plain))
	assert.True(t, page.Done)
}

func TestGetAsksOnceAndKnowsBaseTypes(t *testing.T) {
	ctx := context.Background()
	server := &script{answer: pages(1)}
	s := open(t, server)
	task, err := s.Get(ctx, "Task", "t0")
	require.NoError(t, err)
	again, err := s.Get(ctx, "TypedContext", "t0")
	require.NoError(t, err)
	assert.Same(t, task, again)
	assert.Equal(t, []string{`select context_type, id, name from Task where id is "t0" limit 1`}, server.expressions(t))
	_, err = s.Get(ctx, "Metadata", "only one")
	assert.ErrorContains(t, err, "parent_id, key")
	server.answer = pages(0)
	none, err := s.Get(ctx, "Task", "nobody")
	require.NoError(t, err)
	assert.Nil(t, none)
}

func TestPopulateLoadsOnlyWhatIsMissingInOneRequest(t *testing.T) {
	ctx := context.Background()
	server := &script{answer: pages(3)}
	s := open(t, server)
	q, _ := s.Query("Task")
	rows, err := q.All(ctx)
	require.NoError(t, err)
	server.answer = func(_ context.Context, _ int, operations []map[string]any) (*wire.Response, error) {
		return ok(`[{"action":"query","data":[
			{"__entity_type__":"Task","id":"t0","status":{"__entity_type__":"Status","id":"s","name":"Done"}},
			{"__entity_type__":"Task","id":"t1","status":null},{"__entity_type__":"Task","id":"t2","status":{"__entity_type__":"Status","id":"s"}}],
			"metadata":{"next":{"offset":null}}}]`), nil
	}
	require.NoError(t, s.Populate(ctx, rows, "name", "status.name"))
	require.NoError(t, s.Populate(ctx, rows, "name", "status.name"))
	assert.Equal(t, `select status.name from Task where id in ("t0", "t1", "t2")`, server.expressions(t)[1])
	assert.Equal(t, 2, server.sent(), "the second call finds all loaded")
	assert.Equal(t, "Done", rows[2].Reference("status").Text("name"))
	status, loaded := rows[1].Value("status")
	assert.True(t, loaded)
	assert.Nil(t, status)
	assert.ErrorContains(t, s.Populate(ctx, rows, "statuss"), `"statuss" of Task`)
	assert.ErrorContains(t, s.Populate(ctx, rows, "name.x"), "no relation")
}
