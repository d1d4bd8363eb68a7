package session_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/production"
)

func rowsOf(t testing.TB, s *session.Session, expression string) []*session.Entity {
	q, err := s.Query(expression)
	require.NoError(t, err)
	rows, err := q.All(t.Context())
	require.NoError(t, err)
	return rows
}

func commitAll(t testing.TB, s *session.Session) {
	_, err := s.Commit(t.Context(), session.CommitOptions{})
	require.NoError(t, err)
}

// whileAReplyIsUnderWay does something after the server has answered a query, and before the session has the answer. check gets the rows of
// the same query from before and from that answer.
func whileAReplyIsUnderWay(t *testing.T, expression string, do func(t *testing.T, s *session.Session, rows []*session.Entity), check func(t *testing.T, before, after []*session.Entity)) {
	t.Helper()
	underWay(t, 5, expression, nil, do, check)
}

// underWay is whileAReplyIsUnderWay with so many tasks; with lost, commits arrive meanwhile and end with it.
func underWay(t *testing.T, tasks int, expression string, lost error, do func(t *testing.T, s *session.Session, rows []*session.Entity), check func(t *testing.T, before, after []*session.Entity)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := newServed(t, nil, nil)
		require.NoError(t, production.Build(server.handler.Store(), production.Plan{Name: "demo", Tasks: tasks, User: "demo"}))
		s := server.open(t)
		before := rowsOf(t, s, expression)
		release := make(chan struct{})
		var held atomic.Bool
		server.lose = func(body []byte, response *wire.Response) (*wire.Response, error) {
			if held.CompareAndSwap(false, true) {
				<-release
			} else if lost != nil && isWrite(body) {
				return nil, lost
			}
			return response, nil
		}
		done := make(chan []*session.Entity, 1)
		go func() { done <- rowsOf(t, s, expression) }()
		synctest.Wait()
		do(t, s, before)
		close(release)
		check(t, before, <-done)
	})
}

func TestAReplyThatLeftBeforeNewsOfAnotherSessionDoesNotTakeThemBack(t *testing.T) {
	whileAReplyIsUnderWay(t, "select name, description from Task", func(t *testing.T, s *session.Session, rows []*session.Entity) {
		time.Sleep(time.Second)
		require.NoError(t, s.TakeNews(t.Context(), time.Now(), []byte(`[{"__entity_type__":"Task","id":"`+rows[0].Text("id")+`","name":"renamed"}]`)))
		assert.Equal(t, "renamed", rows[0].Text("name"))
	}, func(t *testing.T, before, after []*session.Entity) {
		assert.Equal(t, "renamed", before[0].Text("name"))
		assert.Len(t, after, len(before))
	})
}

func TestAReplyThatLeftBeforeACommitDoesNotTakeItBack(t *testing.T) {
	whileAReplyIsUnderWay(t, "select name, description, link from Task", func(t *testing.T, s *session.Session, rows []*session.Entity) {
		require.NoError(t, rows[0].Set("name", "renamed"))
		commitAll(t, s)
	}, func(t *testing.T, before, after []*session.Entity) {
		assert.Equal(t, "renamed", before[0].Text("name"))
		link, err := before[0].Load(t.Context(), "link")
		require.NoError(t, err)
		assert.Contains(t, string(link.(session.JSON)), "renamed", "what the server makes of it is read anew")
		assert.Len(t, after, len(before))
	})
}

func TestAReplyThatLeftBeforeADeletionDoesNotBringItBack(t *testing.T) {
	whileAReplyIsUnderWay(t, "select name, parent.children.name from Task", func(t *testing.T, s *session.Session, rows []*session.Entity) {
		require.NoError(t, s.Delete(rows[0]))
		commitAll(t, s)
	}, func(t *testing.T, before, after []*session.Entity) {
		assert.Equal(t, session.Deleted, before[0].State())
		assert.Len(t, after, len(before)-1)
		children, err := before[1].Reference("parent").Load(t.Context(), "children")
		require.NoError(t, err)
		assert.NotContains(t, children, before[0])
		assert.Contains(t, children, before[1])
	})
}

func TestAReplyThatLeftBeforeACreationDoesNotTakeItOutOfItsParent(t *testing.T) {
	var created *session.Entity
	whileAReplyIsUnderWay(t, "select name, children.name from Shot", func(t *testing.T, s *session.Session, rows []*session.Entity) {
		var err error
		created, err = s.Create("Task", map[string]any{"name": "new", "parent": rows[0]})
		require.NoError(t, err)
		commitAll(t, s)
	}, func(t *testing.T, before, after []*session.Entity) {
		children, err := after[0].Load(t.Context(), "children")
		require.NoError(t, err)
		assert.Contains(t, children, created)
	})
}

// toldFirst has two queries answer while a commit is under way: one that left before it, and one that the server answered after it.
func toldFirst(t *testing.T, before, after string, do func(t *testing.T, s *session.Session, shots []*session.Entity), check func(t *testing.T, shots []*session.Entity)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := newServed(t, nil, nil)
		require.NoError(t, production.Build(server.handler.Store(), production.Plan{Name: "demo", Tasks: 20, User: "demo"}))
		s := server.open(t)
		shots := rowsOf(t, s, "select name from Shot")
		query, commit := make(chan struct{}), make(chan struct{})
		var held atomic.Bool
		server.lose = func(body []byte, response *wire.Response) (*wire.Response, error) {
			if isWrite(body) {
				<-commit
			} else if held.CompareAndSwap(false, true) {
				<-query
			}
			return response, nil
		}
		read, done := make(chan struct{}), make(chan error, 1)
		go func() { defer close(read); rowsOf(t, s, before) }()
		synctest.Wait()
		do(t, s, shots)
		go func() { _, err := s.Commit(t.Context(), session.CommitOptions{}); done <- err }()
		synctest.Wait()
		rowsOf(t, s, after)
		close(query)
		<-read
		close(commit)
		require.NoError(t, <-done)
		check(t, shots)
	})
}

func childrenOf(t *testing.T, e *session.Entity) []*session.Entity {
	t.Helper()
	children, err := e.Load(t.Context(), "children")
	require.NoError(t, err)
	return children.([]*session.Entity)
}

func TestACreationThatAQueryToldFirstIsInItsParentsListThatLeftBeforeIt(t *testing.T) {
	var made *session.Entity
	toldFirst(t, "select children.name from Shot", "select parent.name from Task", func(t *testing.T, s *session.Session, shots []*session.Entity) {
		var err error
		made, err = s.Create("Task", map[string]any{"name": "new", "parent": shots[0]})
		require.NoError(t, err)
	}, func(t *testing.T, shots []*session.Entity) { assert.Contains(t, childrenOf(t, shots[0]), made) })
}

func TestAMoveThatAQueryToldFirstIsInTheListsThatLeftBeforeIt(t *testing.T) {
	var moved *session.Entity
	toldFirst(t, "select children.name from Shot", "select parent.name from Task", func(t *testing.T, s *session.Session, shots []*session.Entity) {
		moved = rowsOf(t, s, `select name from Task where parent.id is "`+shots[0].PrimaryKey()[0]+`"`)[0]
		require.NoError(t, moved.Set("parent", shots[1]))
	}, func(t *testing.T, shots []*session.Entity) {
		assert.NotContains(t, childrenOf(t, shots[0]), moved)
		assert.Contains(t, childrenOf(t, shots[1]), moved)
	})
}

// committedPaths are what a session that hears of no events keeps right by itself while it is the only one that writes: not what the server
// computes, nor the links of entities below others.
var committedPaths = map[string][]string{
	"Task":         {"name", "description", "bid", "status_id", "status.name", "priority_id", "parent_id", "parent.name", "timelogs.id"},
	"Shot":         {"name", "children.name"},
	"Timelog":      {"duration", "context_id"},
	"AssetVersion": {"version", "status_id"},
	"Status":       {"name"},
}

// runCommitting has a session write and read at once, over a network that answers late and out of order and loses commits or the answers to
// them, and compares it with the server after each quiet moment. With events it hears of changes, its own and those of somebody else, who writes too, and follows live queries. It gives the
// number of quiet moments.
func runCommitting(t *testing.T, seed uint64, bursts int, events bool) (done int) {
	synctest.Test(t, func(t *testing.T) {
		var s *session.Session
		handler, err := sandbox.New(sandbox.Options{User: "demo", Key: "demo-key", OnUpdate: func(event []byte) {
			if s != nil && events {
				require.NoError(t, s.ApplyUpdate(event))
			}
		}})
		require.NoError(t, err)
		require.NoError(t, production.Build(handler.Store(), production.Plan{Name: "demo", Tasks: 20, User: "demo"}))
		server, other := &served{handler: handler}, &served{handler: handler}
		w := &liveWorld{TB: t, random: rand.New(rand.NewPCG(seed, 4)), handler: handler}
		lags := rand.New(rand.NewPCG(seed, 5))
		lag := func() time.Duration {
			server.mu.Lock()
			defer server.mu.Unlock()
			return time.Duration(lags.IntN(500)) * time.Millisecond
		}
		lost := errors.New("the wire broke")
		turn := make(chan struct{}, 1)
		var losing, losingAnswer atomic.Bool // the next commit, or its answer
		var looking sync.Mutex               // of the test into the server's store: what is sent again later comes after it
		server.fail = func(body []byte) (*wire.Response, error) {
			looking.Lock()
			defer looking.Unlock()
			if isWrite(body) && losing.CompareAndSwap(true, false) {
				return nil, lost
			}
			return nil, nil
		}
		server.lose = func(body []byte, response *wire.Response) (*wire.Response, error) {
			broken := isWrite(body) && losingAnswer.CompareAndSwap(true, false)
			if w.late.Load() {
				time.Sleep(lag())
			}
			if broken {
				return nil, lost
			}
			return response, nil
		}
		s = server.open(t)
		fresh := other.open(t)
		w.writer, w.fresh = other.open(t), fresh
		if events {
			for _, expression := range liveExpressions {
				l, err := s.Live(expression)
				require.NoError(t, err)
				w.lives = append(w.lives, l)
			}
		}
		held := map[string]map[string]*session.Entity{}
		read := func(entityType string) {
			for _, e := range rowsOf(t, s, "select "+strings.Join(committedPaths[entityType], ", ")+" from "+entityType) {
				held[entityType][e.PrimaryKey()[0]] = e
			}
		}
		types := slices.Sorted(maps.Keys(committedPaths))
		for _, entityType := range types {
			held[entityType] = map[string]*session.Entity{}
			read(entityType)
		}
		w.late.Store(true)
		for range bursts {
			for range 1 + w.random.IntN(6) {
				synctest.Wait() // the test looks into the server's store
				looking.Lock()
				o := w.change()
				looking.Unlock()
				switch {
				case o == nil:
				case events && w.random.IntN(2) == 0:
					w.send(o)
				default:
					w.trace = append(w.trace, fmt.Sprint(time.Now().Format("05.000 "), o, w.record(s, held, o)))
				}
				if w.random.IntN(6) == 0 {
					[]*atomic.Bool{&losing, &losingAnswer}[w.random.IntN(2)].Store(true)
				}
				if w.random.IntN(2) == 0 {
					go commitAtLast(t.Context(), s, turn)
				}
				if w.random.IntN(2) == 0 {
					q, err := s.Query("select " + strings.Join(committedPaths["Task"], ", ") + " from Task")
					if entityType := types[w.random.IntN(len(types))]; entityType != "Task" {
						q, err = s.Query("select " + strings.Join(committedPaths[entityType], ", ") + " from " + entityType)
					}
					require.NoError(t, err)
					go q.All(t.Context())
				}
				time.Sleep(time.Duration(w.random.IntN(400)) * time.Millisecond)
			}
			err := commitAtLast(t.Context(), s, turn)
			time.Sleep(10 * time.Second)
			synctest.Wait()
			if err != nil {
				var refused *wire.ServerError
				require.ErrorAs(t, err, &refused)
				return // it changed what had gone along with another: only events tell
			}
			require.NoError(t, fresh.Reset(t.Context()))
			for _, entityType := range types {
				paths, there := committedPaths[entityType], map[string]string{}
				for _, e := range rowsOf(t, fresh, "select "+strings.Join(paths, ", ")+" from "+entityType) {
					there[e.PrimaryKey()[0]] = loadedRow(t, e, paths)
				}
				for id, e := range held[entityType] {
					if there[id] == "" {
						if entityType != "Task" && entityType != "Shot" {
							delete(held[entityType], id) // the server took it along with another; of what came in the same commit not even events tell
							continue
						}
						require.Equal(t, session.Deleted, e.State(), "%s %s\n%s", entityType, id, w.story())
						continue
					}
					require.Equal(t, session.Unchanged, e.State(), "%s %s\n%s", entityType, id, w.story())
					require.Equal(t, there[id], loadedRow(t, e, paths), w.story())
				}
			}
			if events {
				w.agree()
			}
			done++
		}
	})
	return done
}

// isWrite reports whether a request is a commit.
func isWrite(body []byte) bool {
	return bytes.Contains(body, []byte(`"entity_data"`)) || bytes.Contains(body, []byte(`"action":"delete"`))
}

// commitAtLast commits, and asks the server what it has where an answer is lost, until nothing is left to commit; one after the other.
func commitAtLast(ctx context.Context, s *session.Session, turn chan struct{}) error {
	turn <- struct{}{}
	defer func() { <-turn }()
	for {
		_, err := s.Commit(ctx, session.CommitOptions{})
		if unknown := (*session.CommitOutcomeUnknownError)(nil); !errors.As(err, &unknown) {
			return err
		}
		if _, err := s.Reconcile(ctx); err != nil {
			return err
		}
	}
}

// loadedRow is shownRow of what is asked for where it is not loaded.
func loadedRow(t testing.TB, e *session.Entity, paths []string) string {
	for _, path := range paths {
		_, err := e.Load(t.Context(), path)
		require.NoError(t, err)
	}
	return shownRow(t.Context(), e, paths)
}

// record does a change of the live world by a session's own means.
func (w *liveWorld) record(s *session.Session, held map[string]map[string]*session.Entity, o map[string]any) error {
	entityType, key := o["entity_type"].(string), o["entity_key"].([]string)
	data, _ := o["entity_data"].(map[string]any)
	if held[entityType] == nil || key[0] == "" {
		return errors.New("is not of its types")
	}
	values := map[string]any{}
	for name, value := range data {
		if name == "__entity_type__" {
			continue
		}
		if id, ok := value.(string); ok && strings.HasSuffix(name, "_id") {
			for _, entities := range held {
				if e := entities[id]; id == "" || e != nil && e.State() == session.Deleted {
					return errors.New("names what is gone")
				}
			}
		}
		values[name] = value
	}
	if o["action"] == "create" {
		e, err := s.Create(entityType, values)
		if err == nil {
			held[entityType][key[0]] = e
		}
		return err
	}
	e := held[entityType][key[0]]
	if e == nil || e.State() == session.Deleted {
		return errors.New("is gone")
	}
	if o["action"] == "delete" {
		return s.Delete(e)
	}
	return e.SetAll(values)
}

func TestASessionThatWritesAndReadsAtOnceEndsWithWhatTheServerHas(t *testing.T) {
	for _, events := range []bool{false, true} {
		done := 0
		for seed := range uint64(20) {
			done += runCommitting(t, seed, 5, events)
		}
		require.Greater(t, done, 50)
	}
}

func FuzzCommitting(f *testing.F) {
	for _, seed := range []uint64{421, 431, 555, 467, 341, 457, 1112} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) { runCommitting(t, seed, 8, seed%2 == 1) })
}
