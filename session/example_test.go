package session_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/nethttp"
)

const exampleSchemas = `[
	{"id": "Status", "primary_key": ["id"], "default_projections": ["id", "name"],
	 "properties": {"id": {"type": "string"}, "name": {"type": "string"}}},
	{"id": "Task", "primary_key": ["id"], "default_projections": ["id", "name"],
	 "properties": {"id": {"type": "string"}, "name": {"type": "string"}, "bid": {"type": "number"},
	   "start_date": {"type": "string", "format": "date-time"}, "status": {"$ref": "Status"}, "status_id": {"type": "string"}}}]`

// serve answers the few queries of the examples as an ftrack server would.
func serve(w http.ResponseWriter, r *http.Request) {
	var operations []struct{ Action, Expression string }
	if err := json.NewDecoder(r.Body).Decode(&operations); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	replies := make([]string, len(operations))
	for i, operation := range operations {
		switch operation.Action {
		case "query_server_information":
			replies[i] = `{"version": "4.13.8", "schema_hash": "x"}`
		case "query_schemas":
			replies[i] = exampleSchemas
		default:
			replies[i] = `{"action": "query", "data": [` + rows(operation.Expression) + `], "metadata": {"next": {"offset": null}}}`
		}
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, "["+strings.Join(replies, ",")+"]")
}

func rows(expression string) string {
	const comp = `{"__entity_type__": "Task", "id": "t1", "name": "comp"}`
	switch {
	case strings.Contains(expression, "status.name"):
		return `{"__entity_type__": "Task", "id": "t1", "bid": 7200, "start_date": {"__type__": "datetime", "value": "2024-10-29T22:00:00"},
			"status": {"__entity_type__": "Status", "id": "s1", "name": "In progress"}}`
	case strings.Contains(expression, `"nobody"`):
		return ""
	case strings.Contains(expression, "t1"), strings.Contains(expression, "limit 1"):
		return comp
	}
	return comp + `, {"__entity_type__": "Task", "id": "t2", "name": "light"}`
}

// openExample opens a session on a server of its own. A program of yours gives its studio's address instead.
func openExample() (*session.Session, func()) {
	server := httptest.NewServer(http.HandlerFunc(serve))
	s, err := session.New(context.Background(), session.Options{
		ServerURL: server.URL, APIUser: "ada", APIKey: "secret", Transport: nethttp.New(nil)})
	if err != nil {
		panic(err)
	}
	return s, func() { s.Close(); server.Close() }
}

func ExampleNew() {
	server := httptest.NewServer(http.HandlerFunc(serve))
	defer server.Close()
	s, err := session.New(context.Background(), session.Options{
		ServerURL: server.URL, // https://STUDIO.ftrackapp.com
		APIUser:   "ada",
		APIKey:    "secret",
		Transport: nethttp.New(nil),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	fmt.Println(s.APIUser(), s.ServerInformation().Version, len(s.Schemas().Types()), "types")
	// Output: ada 4.13.8 2 types
}

func ExampleSession_Query() {
	s, done := openExample()
	defer done()
	q, err := s.Query(`select name from Task where status.name is "In progress" order by name`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(q)
	_, err = s.Query("select name from Tusk")
	fmt.Println(err)
	// Output:
	// select name from Task where status.name is "In progress" order by name
	// unrecognised entity type "Tusk": did you mean "Task"?
}

func ExampleQuery_Each() {
	s, done := openExample()
	defer done()
	q, err := s.Query("select name from Task order by name")
	if err != nil {
		fmt.Println(err)
		return
	}
	for task, err := range q.Each(context.Background()) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(task.Text("name"))
	}
	// Output:
	// comp
	// light
}

func ExampleQuery_First() {
	s, done := openExample()
	defer done()
	q, err := s.Query("select name from Task order by name")
	if err != nil {
		fmt.Println(err)
		return
	}
	task, err := q.First(context.Background())
	if err != nil || task == nil { // nil: the query found nothing
		fmt.Println("no task", err)
		return
	}
	fmt.Println(task.Type().Name, task.Text("name"))
	// Output: Task comp
}

func ExampleSession_Get() {
	s, done := openExample()
	defer done()
	ctx := context.Background()
	task, err := s.Get(ctx, "Task", "t1")
	if err != nil {
		fmt.Println(err)
		return
	}
	again, _ := s.Get(ctx, "Task", "t1") // in memory: no request
	fmt.Println(task.PrimaryKey(), task.Text("name"), again == task)
	none, err := s.Get(ctx, "Task", "nobody")
	fmt.Println(none == nil, err)
	// Output:
	// [t1] comp true
	// true <nil>
}

func ExampleSession_Populate() {
	s, done := openExample()
	defer done()
	ctx := context.Background()
	task, err := s.Get(ctx, "Task", "t1")
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := s.Populate(ctx, []*session.Entity{task}, "bid", "start_date", "status.name"); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(task.Reference("status").Text("name"))
	fmt.Println(s.Populate(ctx, []*session.Entity{task}, "satus"))
	// Output:
	// In progress
	// populate: unknown attribute "satus" of Task in "satus"
}

func ExampleEntity_Value() {
	s, done := openExample()
	defer done()
	ctx := context.Background()
	task, err := s.Get(ctx, "Task", "t1")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, loaded := task.Value("bid")
	fmt.Println("loaded:", loaded)
	if err := s.Populate(ctx, []*session.Entity{task}, "bid", "start_date", "status.name"); err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"name", "bid", "start_date", "status"} {
		switch v, _ := task.Value(name); v := v.(type) {
		case string:
			fmt.Println(name, "is the text", v)
		case int64:
			fmt.Println(name, "is the number", v)
		case time.Time:
			fmt.Println(name, "is the time", v.Format(time.RFC3339))
		case *session.Entity:
			fmt.Println(name, "is a", v.Type().Name)
		}
	}
	// Output:
	// loaded: false
	// name is the text comp
	// bid is the number 7200
	// start_date is the time 2024-10-29T22:00:00Z
	// status is a Status
}
