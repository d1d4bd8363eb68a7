package fetchserver

import (
	"context"
	"errors"
	"syscall/js"
)

// host is what host.mjs gives.
var host = js.Global().Get("host")

// settlement is what became of a promise.
type settlement struct {
	value js.Value
	err   error
}

var (
	waiting = map[int]chan settlement{}
	lastID  int
	_       = keep("settled", func(args []js.Value) any {
		id := args[0].Int()
		answered := waiting[id]
		delete(waiting, id)
		if answered != nil {
			s := settlement{value: args[1]}
			if !args[2].IsNull() {
				s.err = errors.New(args[2].String())
			}
			answered <- s
		}
		return nil
	})
)

// keep gives the host a function for as long as the module runs.
func keep(name string, f func(args []js.Value) any) struct{} {
	host.Set(name, js.FuncOf(func(_ js.Value, args []js.Value) any { return f(args) }))
	return struct{}{}
}

// Await waits for a promise of the host, or for the end of ctx: then it gives the context's cause.
func Await(ctx context.Context, promise js.Value) (js.Value, error) {
	lastID++
	id, answered := lastID, make(chan settlement, 1)
	waiting[id] = answered
	host.Call("wait", promise, id)
	select {
	case s := <-answered:
		return s.value, s.err
	case <-ctx.Done():
		delete(waiting, id)
		return js.Value{}, context.Cause(ctx)
	}
}

// Host is the object of the platform's functions, for what a program adds to it.
func Host() js.Value { return host }

// Keep gives the host a function under a name.
func Keep(name string, f func(args []js.Value) any) { keep(name, f) }
