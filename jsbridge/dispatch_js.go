package jsbridge

import (
	"context"

	"github.com/ftrack-wasm/ftrack-wasm/jsbridge/guard"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// call is one operation that JavaScript asked for.
type call struct {
	id      int
	op      string
	payload wire.Node
	news    []byte        // in the place of a payload
	bound   *boundSession // nil for open
}

// answer ends a call: with JSON, or with a page.
type answer struct {
	json []byte
	page *session.Page
}

// operation does what a call asks for. It waits as long as it needs; its context ends when JavaScript cancels.
type operation struct {
	name string
	run  func(*bridge, context.Context, *call) (answer, error)
}

// operations are what dispatch knows.
var operations = []operation{
	{"queryNext", (*bridge).queryNext}, {"queryOpen", (*bridge).queryOpen}, {"queryClose", (*bridge).queryClose},
	{"populate", (*bridge).populate}, {"get", (*bridge).get}, {"first", (*bridge).first}, {"one", (*bridge).one},
	{"commit", (*bridge).commit}, {"ensure", (*bridge).ensure}, {"reset", (*bridge).reset}, {"reconcile", (*bridge).reconcile},
	{"call", (*bridge).call}, {"send", (*bridge).send}, {"search", (*bridge).search}, {"open", (*bridge).openSession}, {"close", (*bridge).closeSession}, {"schemas", (*bridge).schemas},
	{"saved", (*bridge).saved}, {"check", (*bridge).check}, {"news", (*bridge).news}, {"gone", (*bridge).gone},
}

func operationNamed(name string) func(*bridge, context.Context, *call) (answer, error) {
	for _, list := range [...][]operation{operations, hubOperations, liveOperations} {
		for _, o := range list {
			if o.name == name {
				return o.run
			}
		}
	}
	return nil
}

// dispatch starts an operation: session id, call id, name, payload as JSON bytes.
func (b *bridge) dispatch(args []guard.Value) {
	sessionID, err := args[0].Int()
	if err != nil {
		return
	}
	id, err := args[1].Int()
	if err != nil {
		return
	}
	defer b.recover(id)
	op, err := args[2].String()
	if err != nil {
		b.settleError(id, err)
		return
	}
	size, err := args[3].Length()
	if err != nil {
		b.settleError(id, err)
		return
	}
	payload := make([]byte, size)
	if _, err := guard.CopyBytesToGo(payload, args[3]); err != nil {
		b.settleError(id, err)
		return
	}
	var node wire.Node
	if op != "news" {
		node, err = wire.Parse(payload)
	}
	if err != nil {
		b.settleError(id, &session.ArgumentError{Text: op + ": the payload is no JSON"})
		return
	}
	if op == "cancel" {
		target, _ := node.Get("call").Int()
		if cancel := b.calls[int(target)]; cancel != nil {
			cancel(context.Canceled)
		}
		return
	}
	c := &call{id: id, op: op, payload: node, news: payload, bound: b.bound(int32(sessionID))}
	run := operationNamed(op)
	switch {
	case run == nil:
		b.settleError(id, &session.ArgumentError{Text: "the module knows no operation " + op})
		return
	case c.bound == nil && op != "open":
		b.settleError(id, session.ErrConnectionClosed)
		return
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	b.calls[id] = cancel
	go func() {
		defer cancel(nil)
		defer b.recover(id)
		result, err := run(b, ctx, c)
		b.tellChanges()
		switch {
		case err != nil:
			b.settleError(id, err)
		case result.page != nil:
			b.settlePage(id, *result.page, c.bound.store)
		default:
			b.settle(id, settledJSON, result.json)
		}
	}()
}

func (b *bridge) closeSession(_ context.Context, c *call) (answer, error) {
	err := c.bound.session.Close() // first: it ends what queries of the session wait for
	b.drop(c.bound)
	c.bound.session.Saved(context.Background())
	return answer{}, err
}

func (b *bridge) schemas(_ context.Context, c *call) (answer, error) {
	return answer{json: c.bound.session.Schemas().Raw()}, nil
}

func (b *bridge) call(ctx context.Context, c *call) (answer, error) {
	reply, err := c.bound.session.CallJSON(ctx, c.payload.Get("operations").Raw())
	return answer{json: reply}, err
}

func (b *bridge) send(ctx context.Context, c *call) (answer, error) {
	reply, err := c.bound.session.SendJSON(ctx, c.payload.Get("caller").Text(), c.payload.Get("operations"))
	return answer{json: reply}, err
}

func (b *bridge) search(ctx context.Context, c *call) (answer, error) {
	found, err := c.bound.session.SearchJSON(ctx, c.payload.Get("operation"))
	return answer{json: found}, err
}

func (b *bridge) newQuery(c *call) (*session.Query, error) {
	size, _ := c.payload.Get("pageSize").Int()
	return c.bound.session.Query(c.payload.Get("expression").Text(), session.QueryOptions{PageSize: int(size), Policy: session.Policy(c.payload.Get("policy").Text())})
}

func (b *bridge) queryOpen(_ context.Context, c *call) (answer, error) {
	q, err := b.newQuery(c)
	if err != nil {
		return answer{}, err
	}
	c.bound.queryID++
	c.bound.queries[c.bound.queryID] = &boundQuery{query: q}
	json, err := wire.AppendValue(nil, map[string]any{"query": c.bound.queryID})
	return answer{json: json}, err
}

func (b *bridge) queryNext(ctx context.Context, c *call) (answer, error) {
	id, _ := c.payload.Get("query").Int()
	q := c.bound.queries[int(id)]
	if q == nil {
		return answer{}, &session.ArgumentError{Text: "query: it was closed"}
	}
	page, err := q.query.Next(ctx)
	if err != nil {
		return answer{}, err
	}
	if page.Done {
		delete(c.bound.queries, int(id))
	}
	return answer{page: &page}, nil
}

func (b *bridge) queryClose(_ context.Context, c *call) (answer, error) {
	id, _ := c.payload.Get("query").Int()
	if q := c.bound.queries[int(id)]; q != nil {
		delete(c.bound.queries, int(id))
		q.query.Close()
	}
	return answer{}, nil
}

func (b *bridge) first(ctx context.Context, c *call) (answer, error) {
	q, err := b.newQuery(c)
	if err != nil {
		return answer{}, err
	}
	page, err := q.FirstPage(ctx)
	return answer{page: &page}, err
}

func (b *bridge) one(ctx context.Context, c *call) (answer, error) {
	q, err := b.newQuery(c)
	if err != nil {
		return answer{}, err
	}
	page, err := q.OnePage(ctx)
	return answer{page: &page}, err
}

func (b *bridge) get(ctx context.Context, c *call) (answer, error) {
	var key []string
	for _, part := range c.payload.Get("key").List() {
		if part.Kind() == wire.String {
			key = append(key, part.Text())
		} else {
			key = append(key, string(part.Raw()))
		}
	}
	page, err := c.bound.session.GetPage(ctx, c.payload.Get("type").Text(), key...)
	return answer{page: &page}, err
}

func (b *bridge) populate(ctx context.Context, c *call) (answer, error) {
	var records []store.Record
	for _, n := range c.payload.Get("records").List() {
		r, _ := n.Int()
		records = append(records, store.Record(r))
	}
	var projections []string
	for _, n := range c.payload.Get("projections").List() {
		projections = append(projections, n.Text())
	}
	return answer{}, c.bound.session.PopulateRecords(ctx, records, projections...)
}

func (b *bridge) commit(ctx context.Context, c *call) (answer, error) {
	n, err := c.bound.session.Commit(ctx, session.CommitOptions{Split: c.payload.Get("onTooLarge").Is("split")})
	if err != nil {
		return answer{}, err
	}
	json, err := wire.AppendValue(nil, map[string]any{"operations": n})
	return answer{json: json}, err
}

func (b *bridge) ensure(ctx context.Context, c *call) (answer, error) {
	var keys []string
	for _, n := range c.payload.Get("identifyingKeys").List() {
		keys = append(keys, n.Text())
	}
	page, err := c.bound.session.EnsureJSON(ctx, c.payload.Get("type").Text(), c.payload.Get("data").Raw(), keys...)
	return answer{page: &page}, err
}

func (b *bridge) reset(ctx context.Context, c *call) (answer, error) {
	return answer{json: []byte("null")}, c.bound.session.Reset(ctx)
}

func (b *bridge) reconcile(ctx context.Context, c *call) (answer, error) {
	verdicts, err := c.bound.session.ReconcileJSON(ctx)
	return answer{json: verdicts}, err
}
