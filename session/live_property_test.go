package session_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/production"
)

// liveExpressions are followed while another session works; the package's tests follow the same in a browser. Those with an order have one
// without ties, so that a fresh query gives the same rows in the same order; the rows of the others are compared as sets.
var liveExpressions = readExpressions()

func readExpressions() (expressions []string) {
	text, err := os.ReadFile("testdata/live-expressions.json")
	if err == nil {
		err = json.Unmarshal(text, &expressions)
	}
	if err != nil {
		panic(err)
	}
	return expressions
}

// liveWorld is a server, a session that follows it, and others.
type liveWorld struct {
	testing.TB
	random   *rand.Rand
	handler  *sandbox.Server
	follower *session.Session
	fresh    *session.Session
	own      *served // of the follower
	writer   *session.Session
	lives    []*session.Live
	trace    []string
	created  int
	down     atomic.Bool // the follower's network
	late     atomic.Bool // its answers come up to half a second after the server wrote them
	assume   sandbox.Assumptions
	reported []error     // of the follower
	panics   atomic.Bool // the next pause of the follower does
}

func newLiveWorld(t testing.TB, seed uint64, assume sandbox.Assumptions, expressions []string) *liveWorld {
	w := &liveWorld{TB: t, random: rand.New(rand.NewPCG(seed, 2)), assume: assume}
	var err error
	w.handler, err = sandbox.New(sandbox.Options{User: "demo", Key: "demo-key", Assume: assume, OnUpdate: func(event []byte) {
		if w.follower != nil {
			require.NoError(t, w.follower.ApplyUpdate(event))
		}
	}})
	require.NoError(t, err)
	require.NoError(t, production.Build(w.handler.Store(), production.Plan{Name: "demo", Tasks: 40, User: "demo"}))
	open := func() (*session.Session, *served) {
		transport := &served{handler: w.handler}
		follows := w.own == nil
		if follows {
			transport.fail = func([]byte) (*wire.Response, error) {
				if w.down.Load() {
					return nil, errors.New("no network")
				}
				return nil, nil
			}
			var sent atomic.Int64
			transport.lose = func(_ []byte, response *wire.Response) (*wire.Response, error) {
				if w.late.Load() {
					time.Sleep(time.Duration(sent.Add(1)*137%500) * time.Millisecond)
				}
				return response, nil
			}
		}
		s, err := session.New(t.Context(), session.Options{ServerURL: "http://sandbox", APIUser: "demo", APIKey: "demo-key", Transport: transport, Timeout: 10 * time.Second,
			Report: func(err error) { w.reported = append(w.reported, err) },
			Pause: func(ctx context.Context) error {
				if follows && w.panics.CompareAndSwap(true, false) {
					panic("a fault of the core")
				}
				return ctx.Err()
			}})
		require.NoError(t, err)
		t.Cleanup(func() { s.Close() })
		return s, transport
	}
	w.follower, w.own = open()
	w.writer, _ = open()
	w.fresh, _ = open()
	for _, expression := range expressions {
		l, err := w.follower.Live(expression)
		require.NoError(t, err, expression)
		w.lives = append(w.lives, l)
	}
	return w
}

// ids are the keys of all entities of a type on the server.
func (w *liveWorld) ids(entityType string) []string {
	s := w.handler.Store()
	var ids []string
	for _, e := range s.Entities(s.Schemas().Type(entityType)) {
		ids = append(ids, s.ID(e))
	}
	slices.Sort(ids)
	return ids
}

func (w *liveWorld) one(entityType string) string {
	ids := w.ids(entityType)
	if len(ids) == 0 {
		return ""
	}
	return ids[w.random.IntN(len(ids))]
}

func (w *liveWorld) pick(values ...any) any { return values[w.random.IntN(len(values))] }

func (w *liveWorld) id() string {
	w.created++
	return fmt.Sprintf("aaaaaaaa-0000-4000-8000-%012d", w.created)
}

func update(entityType, id string, pairs ...any) map[string]any {
	data := map[string]any{"__entity_type__": entityType}
	for i := 0; i < len(pairs); i += 2 {
		data[pairs[i].(string)] = pairs[i+1]
	}
	return map[string]any{"action": "update", "entity_type": entityType, "entity_key": []string{id}, "entity_data": data}
}

func (w *liveWorld) create(entityType string, pairs ...any) map[string]any {
	id := w.id()
	o := update(entityType, id, append(pairs, "id", id)...)
	o["action"] = "create"
	return o
}

func remove(entityType string, key ...string) map[string]any {
	return map[string]any{"action": "delete", "entity_type": entityType, "entity_key": key}
}

// change is a random write of the other session; nil for none.
func (w *liveWorld) change() map[string]any {
	task := w.one("Task")
	words := []any{"Layout", "layout", "comp", "Compositing", "x_y", "Éclair", "", "rigging", "path is P:\\x", "see client notes from Tuesday", nil, "null"}
	switch w.random.IntN(25) {
	case 0, 1:
		return update("Task", task, "status_id", w.one("Status"))
	case 2:
		return update("Task", task, "name", w.pick(words[:6]...))
	case 3:
		return update("Task", task, "description", w.pick(words...))
	case 4:
		return update("Task", task, "bid", w.pick(0, 3600, 36000, 40000, 50000, 100800, 144000))
	case 5:
		return update("Task", task, "parent_id", w.one("Shot"))
	case 6, 7:
		parent := w.one("Shot")
		return w.create("Task", "name", w.pick(words[:6]...), "parent_id", parent, "status_id", w.one("Status"), "bid", w.pick(0, 40000, 140000), "description", w.pick(words...),
			"priority_id", w.one("Priority"), "type_id", w.one("Type"), "project_id", w.one("Project"), "object_type_id", "11c137c0-ee7e-4f9c-91c5-8c77cec22b2c")
	case 8:
		return remove("Task", task)
	case 9:
		return update("Shot", w.one("Shot"), "name", w.pick("sh0010", "hero", "other", "sq010"))
	case 10:
		return update("Status", w.one("Status"), "name", w.pick("In progress", "Done", "Waiting"))
	case 11:
		return w.create("Appointment", "type", "assignment", "context_id", task, "resource_id", w.one("User"))
	case 12:
		if a := w.one("Appointment"); a != "" {
			return remove("Appointment", a)
		}
	case 13:
		return w.create("Timelog", "context_id", task, "user_id", w.one("User"), "duration", w.pick(50.0, 500.0))
	case 14:
		if log := w.one("Timelog"); log != "" {
			return w.pick(remove("Timelog", log), update("Timelog", log, "duration", w.pick(50.0, 500.0))).(map[string]any)
		}
	case 15:
		return w.create("AssetVersion", "asset_id", w.one("Asset"), "version", 1+w.random.IntN(9), "status_id", w.one("Status"), "user_id", w.one("User"))
	case 16:
		return update("Task", task, "priority_id", w.one("Priority"))
	case 17:
		return update("Shot", w.one("Shot"), "parent_id", w.one("Sequence"))
	case 18:
		if list := w.one("TypedContextList"); list != "" {
			return w.create("ListObject", "list_id", list, "entity_id", task)
		}
	case 20:
		return w.metadata(task)
	case 21, 22:
		if fps := w.configuration("fps"); fps != "" {
			entity := w.one(w.pick("Shot", "Sequence").(string))
			o := update("ContextCustomAttributeValue", "", "value", w.pick(24.0, 48.0))
			o["entity_key"] = []string{fps, entity}
			return o
		}
	case 23:
		return update("Project", w.one("Project"), "name", w.pick("show_001", "renamed"))
	case 24:
		return remove("Shot", w.one("Shot"))
	case 19:
		if member := w.one("ListObject"); member != "" {
			return remove("ListObject", member)
		}
	}
	return nil
}

// metadata sets or takes away a key of a task.
func (w *liveWorld) metadata(task string) map[string]any {
	s := w.handler.Store()
	there := s.Find(s.Schemas().Type("Metadata"), task, "k") != 0
	value := w.pick("v1", "v2")
	switch {
	case !there:
		o := update("Metadata", "", "parent_id", task, "parent_type", "Task", "key", "k", "value", value)
		o["action"], o["entity_key"] = "create", []string{task, "k"}
		return o
	case w.random.IntN(2) == 0:
		return remove("Metadata", task, "k")
	}
	o := update("Metadata", "", "value", value)
	o["entity_key"] = []string{task, "k"}
	return o
}

// configuration is the hierarchical custom attribute of a key.
func (w *liveWorld) configuration(key string) string {
	s := w.handler.Store()
	for _, e := range s.Entities(s.Schemas().Type("CustomAttributeConfiguration")) {
		if s.Named(e, "key").Text() == key && s.Named(e, "is_hierarchical").Bool() {
			return s.ID(e)
		}
	}
	return ""
}

func (w *liveWorld) send(operations ...map[string]any) {
	text, err := json.Marshal(operations)
	require.NoError(w, err)
	_, err = w.writer.CallJSON(w.Context(), text)
	w.trace = append(w.trace, fmt.Sprintf("%s -> %v", text, err)) // a server may refuse it: nothing happened then
}

// shownRow is what a row shows, as text.
func shownRow(ctx context.Context, e *session.Entity, paths []string) string {
	out := e.Type().Name + " " + strings.Join(e.PrimaryKey(), "/")
	for _, path := range paths {
		v, err := e.Load(ctx, path, session.LoadOptions{NoFetch: true})
		if err != nil {
			return err.Error()
		}
		out += fmt.Sprintf(" | %s=%s", path, shownValue(v))
	}
	return out
}

func shownValue(v any) string {
	switch v := v.(type) {
	case *session.Entity:
		if v == nil {
			return "nil"
		}
		return v.Type().Name + " " + strings.Join(v.PrimaryKey(), "/")
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = shownValue(item)
		}
		slices.Sort(parts)
		return "[" + strings.Join(parts, ", ") + "]"
	case session.JSON:
		return string(v)
	}
	return fmt.Sprint(v)
}

// agree compares the live lists with fresh queries.
func (w *liveWorld) agree() {
	w.Helper()
	ctx := w.Context()
	require.NoError(w, w.fresh.Reset(ctx))
	for _, l := range w.lives {
		err := l.Wait(ctx)
		q, freshErr := w.fresh.Query(l.String())
		require.NoError(w, freshErr)
		if strings.Contains(l.String(), "count(") {
			page, freshErr := q.Next(ctx)
			require.Equal(w, freshErr == nil, err == nil, "%s: %v, live %v", l, freshErr, err)
			require.Equal(w, sortedRows(w, page.Plain), sortedRows(w, l.Plain()), "%s\n%s", l, w.story())
			continue
		}
		rows, freshErr := q.All(ctx)
		require.Equal(w, freshErr == nil, err == nil, "%s: %v, live %v\n%s", l, freshErr, err, w.story())
		if err != nil {
			continue
		}
		var expected, shown []string
		for _, e := range rows {
			expected = append(expected, shownRow(ctx, e, l.Projections()))
		}
		for _, e := range l.Rows() {
			shown = append(shown, shownRow(ctx, e, l.Projections()))
		}
		if !strings.Contains(l.String(), "order by") {
			slices.Sort(expected)
			slices.Sort(shown)
		}
		require.Empty(w, differences(expected, shown), "%s\n%s", l, w.story())
	}
}

func sortedRows(t testing.TB, plain []byte) []string {
	var rows []map[string]any
	if plain != nil {
		require.NoError(t, json.Unmarshal(plain, &rows))
	}
	var out []string
	for _, row := range rows {
		out = append(out, fmt.Sprint(row))
	}
	slices.Sort(out)
	return out
}

func (w *liveWorld) story() string { return strings.Join(w.trace, "\n") }

// runLive has another session change things in bursts, and compares after each quiet moment. It gives the number of changes, of requests,
// and of questions in these.
func runLive(t *testing.T, seed uint64, bursts int, assume sandbox.Assumptions, expressions []string) (changes, requests, questions int) {
	synctest.Test(t, func(t *testing.T) {
		w := newLiveWorld(t, seed, assume, expressions)
		w.agree()
		w.own.sent = nil
		w.late.Store(seed%2 == 1)
		for range bursts {
			var batch []map[string]any
			for range 1 + w.random.IntN(4) {
				if o := w.change(); o != nil {
					batch = append(batch, o)
				}
				if len(batch) > 0 && w.random.IntN(2) == 0 {
					w.send(batch...)
					changes += len(batch)
					batch = nil
				}
				if w.late.Load() {
					time.Sleep(time.Duration(w.random.IntN(300)) * time.Millisecond)
				}
			}
			if len(batch) > 0 {
				w.send(batch...)
				changes += len(batch)
			}
			w.agree()
		}
		requests = len(w.own.sent)
		for _, body := range w.own.sent {
			questions += strings.Count(body, `"action":"query"`)
		}
	})
	return changes, requests, questions
}

// liveAssumptions are all the ways in which a server may be that live queries could depend on.
var liveAssumptions = []sandbox.Assumptions{
	nil, {"text-case": "sensitive"}, {"null-order": "high"}, {"null-order": "first"}, {"null-order": "last"}, {"empty-in": "error"},
	{"backslash": "literal"}, {"none-words": "none"}, {"none-words": "verbatim"}, {"nested-subqueries": "refused"}, {"event-batch": "entity"},
	{"event-entity-type": "absent"}, {"event-removed": "none"}, {"event-custom-attributes": "row"}, {"custom-attributes": "sparse"},
	{"custom-attributes": "dense-none"}, {"missing-target": "refused"}, {"write-reply": "key"}, {"write-reply": "all"}, {"write-reply": "sent"},
	{"left-out-child": "orphaned"}, {"left-out-child": "refused"}, {"shortened-list": "add"}, {"deleted-twice": "refused"},
	{"batch-atomicity": "partial"}, {"batch-order": "updates-first"}, {"hierarchical-unset": "inherited"},
}

func TestLiveQueriesEqualFreshOnesWhateverTheServerIsLike(t *testing.T) {
	for i, assume := range liveAssumptions {
		t.Run(fmt.Sprint(assume), func(t *testing.T) {
			changes, requests, questions := runLive(t, uint64(i), 10, assume, liveExpressions)
			t.Logf("%d live queries, %d changes: %d requests with %d questions", len(liveExpressions), changes, requests, questions)
		})
	}
}

// differences are the lines that only one of two lists has, or where their order differs.
func differences(expected, shown []string) []string {
	if slices.Equal(expected, shown) {
		return nil
	}
	var out []string
	for _, line := range expected {
		if !slices.Contains(shown, line) {
			out = append(out, "- "+line)
		}
	}
	for _, line := range shown {
		if !slices.Contains(expected, line) {
			out = append(out, "+ "+line)
		}
	}
	if out == nil {
		out = append([]string{"the order"}, shown...)
	}
	return out
}
