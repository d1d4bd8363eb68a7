package jsbridge

import (
	"unsafe"

	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// Addresses in the module's memory, 0 for what is not there. With them JavaScript reads values without a call; see
// session/store/address.go for what stays where it is.

//go:wasmexport ftrack_dropped_at
func droppedAt(session int32) int32 {
	if s := module.bound(session); s != nil {
		return int32(uintptr(unsafe.Pointer(s.store.Dropped())))
	}
	return 0
}

//go:wasmexport ftrack_records_at
func recordsAt(session, record int32) int32 {
	if s := module.bound(session); s != nil {
		return int32(uintptr(s.store.RecordsAt(store.Record(record))))
	}
	return 0
}

//go:wasmexport ftrack_block_at
func blockAt(session, record, slot int32) int32 {
	if s := module.bound(session); s != nil {
		return int32(uintptr(s.store.BlockAt(store.Record(record), slot)))
	}
	return 0
}

//go:wasmexport ftrack_chunk_at
func chunkAt(session, number int32) int32 {
	if s := module.bound(session); s != nil {
		return int32(uintptr(s.store.ChunkAt(uint32(number))))
	}
	return 0
}
