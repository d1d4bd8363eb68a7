package jsbridge

import (
	"runtime"
	"unsafe"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// The ways in which a call ends.
const (
	settledJSON  = 0
	settledError = 1
	settledPage  = 2 // records
	settledPlain = 3 // rows that are no entities
)

// address is where a slice's elements stand in the module's memory. Go does not move them.
func address[T any](s []T) int {
	if len(s) == 0 {
		return 0
	}
	return int(uintptr(unsafe.Pointer(unsafe.SliceData(s))))
}

// settle ends a call. JavaScript reads the bytes before this returns.
func (b *bridge) settle(call, status int, bytes []byte) {
	delete(b.calls, call)
	b.host.Call("settle", call, status, address(bytes), len(bytes))
	runtime.KeepAlive(bytes)
}

// settlePage ends a call with rows. Mostly they are all of one type, which is told once, so that JavaScript need not ask for each.
func (b *bridge) settlePage(call int, page session.Page, of *store.Store) {
	flags := int32(0)
	for i, set := range [...]bool{page.Done, page.Freshness.FromCache, page.Freshness.Stale} {
		if set {
			flags |= 1 << i
		}
	}
	at := uint64(0) // milliseconds since 1970
	if !page.Freshness.FetchedAt.IsZero() {
		at = uint64(page.Freshness.FetchedAt.UnixMilli())
	}
	words := make([]int32, 0, 5+len(page.Records))
	words = append(words, flags, int32(len(page.Records)), int32(uint32(at)), int32(at>>32), commonType(of, page.Records))
	if page.Plain != nil {
		head := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), 4*len(words))
		b.settle(call, settledPlain, append(head[:len(head):len(head)], page.Plain...))
		return
	}
	for _, r := range page.Records {
		words = append(words, int32(r))
	}
	b.settle(call, settledPage, unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), 4*len(words)))
}

// commonType is the number of the type that all records have, -1 if there is no such type.
func commonType(of *store.Store, records []store.Record) int32 {
	common := int32(-1)
	for i, r := range records {
		t := of.Type(r)
		if t == nil || i > 0 && t.Index != common {
			return -1
		}
		common = t.Index
	}
	return common
}

func (b *bridge) settleError(call int, err error) {
	b.settle(call, settledError, encodeError(err))
}

// recover ends a call whose goroutine or function panicked; the core lives on.
func (b *bridge) recover(call int) {
	if p := recover(); p != nil {
		text := "the core panicked"
		switch p := p.(type) {
		case error:
			text += ": " + p.Error()
		case string:
			text += ": " + p
		}
		if call != 0 {
			b.settleError(call, &panicError{text})
		}
	}
}

// panicError is what a call that panicked rejects with.
type panicError struct{ text string }

// Error is the panic's text.
func (e *panicError) Error() string { return e.text }

// Code is the error's name on the JavaScript side.
func (e *panicError) Code() string { return "CORE_PANIC" }
