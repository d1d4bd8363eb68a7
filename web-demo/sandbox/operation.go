package sandbox

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// run answers the operations of a request in order.
func (s *Server) run(ctx context.Context, operations wire.Node, header http.Header, base string) ([]byte, error) {
	r := &request{Server: s, ctx: ctx, denormalize: option(header.Get("ftrack-api-options"), "denormalize"),
		origin: origin{header.Get("ftrack-clienttoken"), header.Get("ftrack-pushtoken")}, base: base}
	writes := false
	for operation := range operations.Elements() {
		if operation.Kind() != wire.Object {
			return nil, malformed("Each operation must be an object.")
		}
		writes = writes || writing[member(operation, "action")]
	}
	if !writes {
		s.store.RLock()
		defer s.store.RUnlock()
		return r.all(operations)
	}
	defer s.deliver()
	s.store.Lock()
	defer s.store.Unlock()
	return r.carryOut(operations)
}

// option tells whether ftrack-api-options asks for something: `strict:1;denormalize:1`, or with `=`.
func option(options, name string) bool {
	for _, part := range strings.FieldsFunc(options, func(r rune) bool { return r == ';' || r == ',' }) {
		key, value, _ := strings.Cut(strings.ReplaceAll(part, "=", ":"), ":")
		if strings.TrimSpace(key) == name {
			return strings.TrimSpace(value) == "1" || strings.EqualFold(strings.TrimSpace(value), "true")
		}
	}
	return false
}

// request is one request being answered. The store's lock is held.
type request struct {
	*Server
	ctx         context.Context
	denormalize bool
	origin      origin
	base        string // the server's address
	batch       batch
}

func (r *request) all(operations wire.Node) ([]byte, error) {
	out := []byte{'['}
	for operation := range operations.Elements() {
		if len(out) > 1 {
			out = append(out, ',')
		}
		var err error
		if out, err = r.one(operation, out); err != nil {
			return nil, err
		}
	}
	return append(out, ']'), nil
}

func (r *request) one(operation wire.Node, out []byte) ([]byte, error) {
	switch action := member(operation, "action"); action {
	case "query_server_information":
		return r.information(operation, out), nil
	case "query_schemas":
		return append(out, r.set.Schemas.Raw()...), nil
	case "query":
		expression := operation.Get("expression")
		if expression.Kind() != wire.String {
			return out, malformed("A query needs an expression.")
		}
		return r.query(r.ctx, expression.Text(), r.denormalize, out)
	case "search":
		return r.search(operation, out)
	default:
		if act := actions[action]; act != nil && !r.assumed.is("actions", "invalid") {
			return act(r, operation, out)
		}
		return out, &Error{Exception: "InvalidActionError", Content: "Invalid action: " + strconv.Quote(action), Status: 400}
	}
}

// information answers query_server_information; with values it holds those only.
func (r *request) information(operation wire.Node, out []byte) []byte {
	all := map[string]any{
		"version": "dev", "schema_hash": r.set.Hash, "is_timezone_support_enabled": true,
		"is_nested_subqueries_enabled": r.assumed.is("nested-subqueries", "allowed"),
		"storage_scenario":             map[string]any{"scenario": "ftrack.automatic", "data": map[string]any{}},
		"product":                      map[string]any{"name": "ftrack-wasm sandbox"},
		"week_startday":                int64(0), "workday_length": int64(28800), "preferred_language": "en",
	}
	if values := operation.Get("values"); values.Kind() == wire.Array {
		wanted := map[string]any{}
		for value := range values.Elements() {
			if answer, ok := all[value.Text()]; ok {
				wanted[value.Text()] = answer
			}
		}
		all = wanted
	}
	out, _ = wire.AppendValue(out, all)
	return out
}
