package session_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
)

// plainTask is a task as plain Go data.
type plainTask struct {
	values   map[string]any // name, description, bid
	status   string         // id
	scopes   map[string]bool
	metadata map[string]string
}

func (p *plainTask) clone() *plainTask {
	return &plainTask{maps.Clone(p.values), p.status, maps.Clone(p.scopes), maps.Clone(p.metadata)}
}

func (p *plainTask) String() string {
	set := func(m map[string]bool) string { return strings.Join(slices.Sorted(maps.Keys(m)), " ") }
	var pairs []string
	for k, v := range p.metadata {
		pairs = append(pairs, k+"="+v)
	}
	sort.Strings(pairs)
	return fmt.Sprintf("name=%v description=%v bid=%v status=%s scopes=[%s] metadata=[%s]", p.values["name"], p.values["description"], p.values["bid"], p.status, set(p.scopes), strings.Join(pairs, " "))
}

// change is one thing that was done to a task: applied to the plain data it is the whole meaning of the operation.
type plainChange struct {
	id    string
	slot  string // what a later change of the same replaces, or unset takes back
	apply func(*plainTask)
}

// writer is a session beside its plain twin: what it has recorded and not committed.
type writer struct {
	*session.Session
	served  *served
	created map[string]*plainTask
	deleted map[string]bool
	changes []plainChange
	held    map[string]*session.Entity
	next    int
}

func (w *writer) reset() {
	w.created, w.deleted, w.changes = map[string]*plainTask{}, map[string]bool{}, nil
}

// seen is what the writer should see: the server's tasks with its own changes over them.
func (w *writer) seen(tasks map[string]*plainTask) map[string]*plainTask {
	out := map[string]*plainTask{}
	for id, task := range tasks {
		if !w.deleted[id] {
			out[id] = task.clone()
		}
	}
	for id, task := range w.created {
		if !w.deleted[id] {
			out[id] = task.clone()
		}
	}
	for _, c := range w.changes {
		if task := out[c.id]; task != nil {
			c.apply(task)
		}
	}
	return out
}

type unitOfWork struct {
	testing.TB
	random  *rand.Rand
	server  *served
	file    *scripts
	tasks   map[string]*plainTask // on the server
	writers []*writer
	trace   []string
	growing bool // the server lets nobody take members out of lists
}

// workflow are what tasks name although the scripts' file lacks it: without it a server that wants each key to lead somewhere takes none.
var workflow = []map[string]any{
	{"__entity_type__": "ObjectType", "id": "11c137c0-ee7e-4f9c-91c5-8c77cec22b2c", "name": "Task"},
	{"__entity_type__": "Priority", "id": "9661b320-3a0c-11e2-81c1-0800200c9a66", "name": "None", "value": 0},
}

const taskProjections = "name, description, bid, status_id, status.name, scopes.name, metadata.key, metadata.value"

func newUnitOfWork(t testing.TB, file *scripts, seed uint64, assume sandbox.Assumptions) *unitOfWork {
	u := &unitOfWork{TB: t, random: rand.New(rand.NewPCG(seed, 1)), server: newServed(t, append(file.entities(), workflow...), assume), file: file, tasks: map[string]*plainTask{}, growing: assume["shortened-list"] == "add"}
	u.tasks[file.IDs["t1"]] = &plainTask{map[string]any{"name": "comp", "description": "d1", "bid": 3600.0}, file.IDs["st1"], map[string]bool{file.IDs["sc1"]: true, file.IDs["sc2"]: true}, map[string]string{}}
	u.tasks[file.IDs["t2"]] = &plainTask{map[string]any{"name": "anim", "description": nil, "bid": 0.0}, file.IDs["st2"], map[string]bool{}, map[string]string{}}
	for i := range 2 {
		w := &writer{served: &served{handler: u.server.handler}, held: map[string]*session.Entity{}}
		var err error
		w.Session, err = session.New(t.Context(), session.Options{
			ServerURL: "http://sandbox", APIUser: "demo", APIKey: "demo-key", Transport: w.served,
			NewID: func() string { w.next++; return fmt.Sprintf("%08d-0000-4000-8000-%012d", i+1, w.next) },
		})
		require.NoError(t, err)
		t.Cleanup(func() { w.Close() })
		w.reset()
		u.writers = append(u.writers, w)
	}
	return u
}

// refresh has a writer query everything, so that it knows the server's values of now.
func (u *unitOfWork) refresh(w *writer) {
	q, err := w.Query("select "+taskProjections+" from Task", session.QueryOptions{})
	require.NoError(u, err)
	rows, err := q.All(u.Context())
	require.NoError(u, err)
	for _, e := range rows {
		w.held[e.PrimaryKey()[0]] = e
	}
	q, err = w.Query("select name from Scope", session.QueryOptions{})
	require.NoError(u, err)
	rows, err = q.All(u.Context())
	require.NoError(u, err)
	for _, e := range rows {
		w.held[e.PrimaryKey()[0]] = e
	}
}

// show is an entity as plain text, by what the session says of it.
func show(e *session.Entity) string {
	task := &plainTask{map[string]any{}, e.Text("status_id"), map[string]bool{}, map[string]string{}}
	for _, name := range []string{"name", "description", "bid"} {
		v, _ := e.Value(name)
		if i, ok := v.(int64); ok {
			v = float64(i)
		}
		task.values[name] = v
	}
	if status := e.Reference("status"); status == nil || status.PrimaryKey()[0] != task.status {
		return "status and status_id differ"
	}
	c, err := e.Collection("scopes")
	if err != nil {
		return err.Error()
	}
	members, _ := c.Entities()
	for _, m := range members {
		task.scopes[m.PrimaryKey()[0]] = true
	}
	m, err := e.Mapping("metadata")
	if err != nil {
		return err.Error()
	}
	values, _ := m.Values()
	for k, v := range values {
		task.metadata[k] = v.(string)
	}
	return task.String()
}

// agree compares server, session and plain data.
func (u *unitOfWork) agree() {
	u.Helper()
	for i, w := range u.writers {
		u.refresh(w)
		expected := w.seen(u.tasks)
		for id, task := range expected {
			e := w.held[id]
			require.NotNil(u, e, "writer %d: %s is not there\n%s", i, id, u.story())
			if w.created[id] != nil && task.status == "" {
				continue
			}
			require.Equal(u, task.String(), show(e), "writer %d, %s\n%s", i, id, u.story())
		}
		for id, e := range w.held {
			if e.Type().Name == "Task" && expected[id] == nil && w.deleted[id] {
				require.Equal(u, session.Deleted, e.State(), "writer %d, %s\n%s", i, id, u.story())
			}
		}
	}
}

func (u *unitOfWork) story() string { return strings.Join(u.trace, "\n") }

func (u *unitOfWork) note(format string, args ...any) {
	u.trace = append(u.trace, fmt.Sprintf(format, args...))
}

// pick is one of the tasks that a writer can change, "" when there is none.
func (u *unitOfWork) pick(w *writer) string {
	var ids []string
	for id := range w.seen(u.tasks) {
		if w.held[id] != nil && w.held[id].State() != session.Deleted {
			ids = append(ids, id)
		}
	}
	sort.Strings(ids)
	if len(ids) == 0 {
		return ""
	}
	return ids[u.random.IntN(len(ids))]
}

func (w *writer) change(id, slot string, apply func(*plainTask)) {
	w.changes = append(w.changes, plainChange{id, slot, apply})
}

func (w *writer) takeBack(id, slot string) {
	w.changes = slices.DeleteFunc(w.changes, func(c plainChange) bool { return c.id == id && (slot == "" || c.slot == slot) })
}

var refused = []byte(`{"exception":"ServerError","content":"refused on purpose","error_code":null}`)

// step does one random thing.
func (u *unitOfWork) step() {
	i := u.random.IntN(2)
	w := u.writers[i]
	id := u.pick(w)
	what := u.random.IntN(20)
	if id == "" && what < 14 {
		what = 14
	}
	e := w.held[id]
	switch what {
	case 0, 1, 2:
		name := []string{"name", "description", "bid"}[what]
		var value any = fmt.Sprintf("v%d", u.random.IntN(4))
		if name == "bid" {
			value = float64(u.random.IntN(4))
		} else if name == "description" && u.random.IntN(3) == 0 {
			value = nil
		}
		u.note("%d: %s.%s = %v", i, id, name, value)
		require.NoError(u, e.Set(name, value), u.story())
		w.change(id, name, func(t *plainTask) { t.values[name] = value })
	case 3, 4:
		status := u.file.IDs[[]string{"st1", "st2"}[u.random.IntN(2)]]
		u.note("%d: %s.status = %s", i, id, status)
		require.NoError(u, e.Set("status_id", status), u.story())
		w.change(id, "status", func(t *plainTask) { t.status = status })
	case 5, 6, 7:
		scope := u.file.IDs[[]string{"sc1", "sc2", "sc3"}[u.random.IntN(3)]]
		c, err := e.Collection("scopes")
		require.NoError(u, err)
		members, _ := c.Entities()
		if slices.Contains(members, w.held[scope]) {
			if u.growing {
				return
			}
			u.note("%d: %s.scopes remove %s", i, id, scope)
			require.NoError(u, c.Remove(w.held[scope]), u.story())
			w.change(id, "scopes", func(t *plainTask) { delete(t.scopes, scope) })
		} else {
			u.note("%d: %s.scopes add %s", i, id, scope)
			require.NoError(u, c.Add(w.held[scope]), u.story())
			w.change(id, "scopes", func(t *plainTask) { t.scopes[scope] = true })
		}
	case 8, 9:
		key, value := fmt.Sprintf("k%d", u.random.IntN(2)), fmt.Sprintf("m%d", u.random.IntN(3))
		m, err := e.Mapping("metadata")
		require.NoError(u, err)
		if u.random.IntN(3) == 0 {
			u.note("%d: %s.metadata delete %s", i, id, key)
			require.NoError(u, m.Delete(key), u.story())
			w.change(id, "metadata", func(t *plainTask) { delete(t.metadata, key) })
		} else {
			u.note("%d: %s.metadata %s = %s", i, id, key, value)
			require.NoError(u, m.Set(key, value), u.story())
			w.change(id, "metadata", func(t *plainTask) { t.metadata[key] = value })
		}
	case 10:
		name := []string{"name", "description", "bid", "status", "scopes", "metadata"}[u.random.IntN(6)]
		if w.created[id] != nil && (name == "name" || name == "status") {
			return // a created task needs these to be compared
		}
		u.note("%d: %s revert %s", i, id, name)
		require.NoError(u, e.Revert(name, map[bool]string{true: "status_id", false: name}[name == "status"]), u.story())
		w.takeBack(id, name)
	case 11:
		name := []string{"description", "bid"}[u.random.IntN(2)]
		if w.created[id] != nil {
			return
		}
		u.note("%d: %s unset %s", i, id, name)
		require.NoError(u, e.Unset(name), u.story())
		w.takeBack(id, name)
	case 12, 13:
		u.note("%d: delete %s", i, id)
		require.NoError(u, w.Delete(e), u.story())
		w.deleted[id] = true
	case 14:
		shot := u.shot(w)
		status := u.file.IDs["st1"]
		e, err := w.Create("Task", map[string]any{"name": "new", "parent": shot, "status_id": status, "bid": 0, "description": nil})
		require.NoError(u, err, u.story())
		id := e.PrimaryKey()[0]
		u.note("%d: create %s", i, id)
		w.held[id] = e
		w.created[id] = &plainTask{map[string]any{"name": "new", "description": nil, "bid": 0.0}, status, map[string]bool{}, map[string]string{}}
	case 15:
		u.note("%d: rollback", i)
		w.Rollback()
		w.reset()
	case 16:
		u.fail(i, w)
	case 17:
		u.lose(i, w)
	default:
		u.commit(i, w)
	}
}

func (u *unitOfWork) shot(w *writer) *session.Entity {
	e, err := w.Get(u.Context(), "Shot", u.file.IDs["sh1"])
	require.NoError(u, err)
	require.NotNil(u, e)
	return e
}

// mayCommit brings a writer up to date, and reports whether its batch can be applied: what the other one deleted meanwhile cannot be
// changed.
func (u *unitOfWork) mayCommit(w *writer) bool {
	u.refresh(w)
	for _, c := range w.changes {
		if u.tasks[c.id] == nil && w.created[c.id] == nil {
			return false
		}
	}
	for id := range w.deleted {
		if u.tasks[id] == nil && w.created[id] == nil {
			return false
		}
	}
	return true
}

func (u *unitOfWork) commit(i int, w *writer) {
	if !u.mayCommit(w) {
		u.note("%d: rollback, the other one deleted something", i)
		w.Rollback()
		w.reset()
		return
	}
	u.note("%d: commit", i)
	_, err := w.Commit(u.Context(), session.CommitOptions{})
	require.NoError(u, err, u.story())
	u.tasks = w.seen(u.tasks)
	w.reset()
	require.Zero(u, w.RecordedOperations().Len(), u.story())
	u.agree()
}

// fail commits to a server that refuses.
func (u *unitOfWork) fail(i int, w *writer) {
	u.note("%d: failing commit", i)
	w.served.fail = func(body []byte) (*wire.Response, error) {
		if strings.Contains(string(body), `"action":"query"`) {
			return nil, nil
		}
		return &wire.Response{Status: 200, Body: refused}, nil
	}
	before := w.RecordedOperations().Len()
	_, err := w.Commit(u.Context(), session.CommitOptions{})
	w.served.fail = nil
	if err != nil {
		var server *wire.ServerError
		require.True(u, errors.As(err, &server), "%v\n%s", err, u.story())
		require.Equal(u, before, w.RecordedOperations().Len(), u.story())
	} else {
		w.endNothing(u)
	}
	u.agree()
}

// endNothing is for a commit that had nothing to send: changes that took each other back are gone.
func (w *writer) endNothing(u *unitOfWork) {
	u.tasks = w.seen(u.tasks)
	w.reset()
}

// lose commits, loses the reply or the request, and reconciles.
func (u *unitOfWork) lose(i int, w *writer) {
	if !u.mayCommit(w) {
		return
	}
	arrived := u.random.IntN(2) == 0
	u.note("%d: commit, %v and no answer", i, map[bool]string{true: "arrived", false: "lost"}[arrived])
	lost := errors.New("the wire broke")
	isCommit := func(body string) bool { return !strings.Contains(body, `"action":"query"`) }
	if arrived {
		w.served.lose = func(body []byte, r *wire.Response) (*wire.Response, error) {
			if isCommit(string(body)) {
				return nil, lost
			}
			return r, nil
		}
	} else {
		w.served.fail = func(body []byte) (*wire.Response, error) {
			if isCommit(string(body)) {
				return nil, lost
			}
			return nil, nil
		}
	}
	_, err := w.Commit(u.Context(), session.CommitOptions{})
	w.served.lose, w.served.fail = nil, nil
	if err == nil {
		w.endNothing(u)
		u.agree()
		return
	}
	var unknown *session.CommitOutcomeUnknownError
	require.True(u, errors.As(err, &unknown), "%v\n%s", err, u.story())
	verdicts, err := w.Reconcile(u.Context())
	require.NoError(u, err, u.story())
	for _, v := range verdicts {
		require.NotEqual(u, session.Undecidable, v.Outcome, "%#v\n%s", v.Operation, u.story())
	}
	if arrived {
		u.tasks = w.seen(u.tasks)
		// What had nothing to say is still recorded; it has nothing to say now either.
		n, err := w.Commit(u.Context(), session.CommitOptions{})
		require.NoError(u, err, u.story())
		require.Zero(u, n, u.story())
		w.reset()
	}
	u.agree()
}

// runUnitOfWork runs some random sequences of changes, one after the other, by the same sessions.
func runUnitOfWork(t testing.TB, file *scripts, seed uint64, sequences int, assume sandbox.Assumptions) {
	u := newUnitOfWork(t, file, seed, assume)
	u.agree()
	for range sequences {
		u.trace = nil
		for range 6 + u.random.IntN(12) {
			u.step()
		}
		for i, w := range u.writers {
			u.commit(i, w)
		}
	}
}

func TestSessionsServerAndPlainDataAgreeAfterEachCommit(t *testing.T) {
	file := readScripts(t)
	for seed := range uint64(40) {
		runUnitOfWork(t, file, seed, 5, nil)
	}
}

// What no source settles of the real server, as far as changes can depend on it. With shortened-list=add no client can
// take a member out of a list, and none tries.
func TestSessionsServerAndPlainDataAgreeWhateverTheServerIsLike(t *testing.T) {
	file := readScripts(t)
	for _, assume := range []sandbox.Assumptions{
		{"batch-order": "updates-first"}, {"batch-atomicity": "partial"}, {"text-case": "sensitive"}, {"backslash": "literal"}, {"custom-attributes": "sparse"},
		{"write-reply": "all"}, {"write-reply": "sent"}, {"write-reply": "key"}, {"deleted-twice": "refused"},
		{"left-out-child": "orphaned"}, {"left-out-child": "refused"}, {"hierarchical-unset": "inherited"}, {"missing-target": "refused"}, {"shortened-list": "add"},
	} {
		t.Run(fmt.Sprint(assume), func(t *testing.T) {
			for seed := range uint64(10) {
				runUnitOfWork(t, file, seed, 5, assume)
			}
		})
	}
}

// FuzzUnitOfWork runs 60 sequences for each input.
func FuzzUnitOfWork(f *testing.F) {
	file := readScripts(f)
	for seed := range uint64(20) {
		f.Add(seed)
	}
	assumptions := []sandbox.Assumptions{nil, {"batch-order": "updates-first"}, {"batch-atomicity": "partial"}, {"write-reply": "all"}, {"write-reply": "key"}}
	f.Fuzz(func(t *testing.T, seed uint64) {
		runUnitOfWork(t, file, seed, 60, assumptions[seed%uint64(len(assumptions))])
	})
}
