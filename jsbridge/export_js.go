package jsbridge

import (
	"runtime"
	"time"
	"unsafe"

	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// What exports leave for JavaScript to read at once. Both stand at fixed addresses.
var (
	// result is the scratch area: the first two words, and the float64 in the second eight bytes.
	result struct {
		first, second uint32
		number        float64
		inline        [8]byte
	}
	buffer [4096]byte
)

// The kinds that reading tells apart beyond the store's.
const bigInteger = 5

// readMark is set in whatever a read returns. An export that blocks returns 0, and JavaScript tells it by that.
const readMark = 0x100

const maxSafeInteger = 1<<53 - 1

//go:wasmexport ftrack_scratch
func scratch() int32 { return int32(uintptr(unsafe.Pointer(&result))) }

//go:wasmexport ftrack_buffer
func bufferAddress() int32 { return int32(uintptr(unsafe.Pointer(&buffer))) }

//go:wasmexport ftrack_epoch
func epoch(session int32) int32 {
	if s := module.bound(session); s != nil {
		return int32(uintptr(unsafe.Pointer(s.store.Epoch())))
	}
	return 0
}

//go:wasmexport ftrack_read
func read(session, record, slot int32) int32 {
	s := module.bound(session)
	if s == nil {
		return readMark
	}
	return leave(s.store, s.store.Read(store.Record(record), slot)) | readMark
}

//go:wasmexport ftrack_read_remote
func readRemote(session, record, slot int32) int32 {
	s := module.bound(session)
	if s == nil {
		return readMark
	}
	return leave(s.store, s.store.Remote(store.Record(record), slot)) | readMark
}

// leave puts a value into the scratch area and gives its kind.
func leave(s *store.Store, v *store.Value) int32 {
	kind := v.Kind()
	switch kind {
	case store.NotLoaded, store.Null, store.False, store.True:
		return int32(kind)
	case store.Reference:
		result.first = uint32(v.Reference())
		return int32(kind)
	}
	b := s.Bytes(v, result.inline[:])
	if kind == store.Number {
		if i, ok := wire.ParseInt(b); ok && -maxSafeInteger <= i && i <= maxSafeInteger && (i != 0 || b[0] != '-') {
			result.number = float64(i)
			return int32(kind)
		}
		if !whole(b) {
			result.number, _ = wire.ParseFloat(b)
			return int32(kind)
		}
		kind = bigInteger
	}
	result.first = uint32(address(b))
	result.second = uint32(v.Len())
	return int32(kind)
}

// whole reports whether a number is written without fraction and exponent; -0 is a float to JavaScript.
func whole(b []byte) bool {
	for i, c := range b {
		if c-'0' > 9 && (i > 0 || c != '-') {
			return false
		}
	}
	return string(b) != "-0"
}

//go:wasmexport ftrack_version
func version(session, record int32) int32 {
	if s := module.bound(session); s != nil {
		return int32(s.store.Version(store.Record(record)))
	}
	return 0
}

//go:wasmexport ftrack_type
func typeIndex(session, record int32) int32 {
	if s := module.bound(session); s != nil {
		if t := s.store.Type(store.Record(record)); t != nil {
			return t.Index
		}
	}
	return -1
}

//go:wasmexport ftrack_type_name
func typeName(session, index int32) int32 {
	if s := module.bound(session); s != nil {
		if t := s.store.TypeAt(index); t != nil {
			return int32(copy(buffer[:], t.Name))
		}
	}
	return 0
}

//go:wasmexport ftrack_slot
func slot(session, record, pointer, length int32) int32 {
	s := module.bound(session)
	offset := uintptr(uint32(pointer)) - uintptr(unsafe.Pointer(&buffer))
	if s == nil || offset > uintptr(len(buffer)) || uintptr(length) > uintptr(len(buffer))-offset {
		return -1
	}
	name := unsafe.String(&buffer[0], len(buffer))[offset : offset+uintptr(length)]
	if t := s.store.Type(store.Record(record)); t != nil {
		return s.store.Slot(t.Name, name)
	}
	return -1
}

//go:wasmexport ftrack_slot_name
func slotName(session, record, slot int32) int32 {
	if s := module.bound(session); s != nil {
		return int32(copy(buffer[:], s.store.SlotName(store.Record(record), slot)))
	}
	return 0
}

//go:wasmexport ftrack_slots
func slots(session, record int32) int32 {
	s := module.bound(session)
	if s == nil {
		return 0
	}
	n := int32(0)
	for slot := range s.store.Slots(store.Record(record)) {
		if s.store.Read(store.Record(record), slot) != nil && 2*n+1 < int32(len(buffer)) {
			buffer[2*n], buffer[2*n+1] = byte(slot), byte(slot>>8)
			n++
		}
	}
	return n
}

//go:wasmexport ftrack_watch
func watch(session, record, on int32) {
	if s := module.bound(session); s != nil {
		s.store.Watch(store.Record(record), on != 0)
	}
}

//go:wasmexport ftrack_sweep_begin
func sweepBegin(session int32) int32 {
	if s := module.bound(session); s != nil && s.store.WantsSweep() && s.store.SweepBegin() {
		s.session.HoldPending()
		return 1
	}
	return 0
}

//go:wasmexport ftrack_sweep_root
func sweepRoot(session, record int32) {
	if s := module.bound(session); s != nil {
		s.store.SweepRoot(store.Record(record))
	}
}

//go:wasmexport ftrack_sweep_step
func sweepStep(session, budget int32) int32 {
	if s := module.bound(session); s != nil && !s.store.SweepStep(int(budget)) {
		return 0
	}
	return 1
}

//go:wasmexport ftrack_stats
func stats(session, what int32) float64 {
	switch what {
	case 4:
		return float64(heapCollected)
	case 5:
		return float64(module.open)
	case 7:
		return float64(runtime.NumGoroutine())
	}
	s := module.bound(session)
	if s == nil {
		return 0
	}
	held := s.store.Stats()
	switch what {
	case 0:
		return float64(held.Records)
	case 1:
		return float64(held.DocumentBytes)
	case 2:
		return float64(held.LiveBytes)
	case 3:
		return float64(held.StoreBytes)
	case 6:
		if s.store.WantsSweep() {
			return 1
		}
	}
	return 0
}

// heapCollected are the bytes of the heap after the last collection on request.
var heapCollected uint64

//go:wasmexport ftrack_gc
func collect() float64 {
	runtime.GC()
	start := time.Now()
	runtime.GC()
	took := time.Since(start)
	// At any other time this could wait for a collection under way, which an export must not.
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	heapCollected = memory.HeapAlloc
	return float64(took) / float64(time.Millisecond)
}
