package jsbridge

import (
	"context"
	"runtime"
	"strconv"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// warmUp merges a small invented reply while the first session waits for its server. A browser compiles a function of
// the module when it is called first: without this, the first page of rows pays for all of them, the collector's and
// the growth of the memory included, some 50 ms in one piece.
func (b *bridge) warmUp() {
	defer b.recover(0)
	ctx := context.Background()
	if b.turns.yield(ctx) != nil {
		return
	}
	b.requests.Reserve()
	for range reservedArenas {
		_ = make([]byte, arena) // freed below
		if b.turns.yield(ctx) != nil {
			return
		}
	}
	if runtime.GC(); b.turns.yield(ctx) != nil {
		return
	}
	schemas, err := schema.Parse([]byte(warmSchemas))
	if err != nil {
		return
	}
	s := store.New(schemas)
	var reply []byte
	for i := range warmRows {
		id := strconv.Itoa(100 + i)
		reply = append(reply, `{"__entity_type__":"A","id":"00000000-0000-4000-8000-000000000`+id+`","name":"warm `+id+`",
			"text":"a \"longer\" text","word":"\u00e9 été","bid":`+id+`.5,"sort":`+id+`,"done":false,"none":null,"link":[{"type":"x"}],
			"day":{"__type__":"datetime","value":"2020-01-01T00:00:00"},"empty":[],"one":{"__entity_type__":"B","id":"b`+id+`"},
			"many":[{"__entity_type__":"B","id":"00000000-0000-4000-8000-000000000000","name":"b"}]}`...)
		reply = append(reply, ',')
	}
	reply = append(append([]byte{'['}, reply[:len(reply)-1]...), ']')
	tape := new(wire.Tape)
	tape.Start(reply)
	for done := false; !done; {
		if done, err = tape.Step(1 << 10); err != nil || b.turns.pause(ctx) != nil {
			return
		}
	}
	m := s.Begin(nil)
	for _, row := range tape.Root().List() {
		m.Row(row)
		if b.turns.pause(ctx) != nil {
			break
		}
	}
	m.End()
}

// Growing the memory takes the browser some milliseconds, whatever the size: it is grown ahead for the first pages.
const (
	reservedArenas = 5
	arena          = 4 << 20 // by which Go asks for memory
)

const (
	warmRows    = 48
	warmSchemas = `[{"id":"A","primary_key":["id"],"properties":{"id":{"type":"string"},"name":{"type":"string"},"one":{"$ref":"B"},
		"many":{"type":"array","items":{"$ref":"B"}},"empty":{"type":"array","items":{"$ref":"B"}}}},
		{"id":"B","primary_key":["id"],"properties":{"id":{"type":"string"},"name":{"type":"string"}}}]`
)
