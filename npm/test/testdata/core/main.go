//go:build js && wasm

// A core for tests of how the package meets the death of one. It opens sessions without a server, and dies on request
// in each way that a core can: `call` names the way as the action of its first operation.
package main

import (
	"strconv"
	"syscall/js"
	"unsafe"
)

var version = "unset"

// mark tells the results of reads from the garbage of an export that waited.
const mark = 0x100

var (
	host    = js.Global().Get("ftrackHost")
	scratch [32]byte
	buffer  [4096]byte
	epoch   uint32
	doom    string
	opened  int
	never   chan int
)

func main() {
	host.Call("ready", map[string]any{
		"version":  version,
		"readMark": mark,
		"dispatch": js.FuncOf(dispatch),
		"fetched":  js.FuncOf(func(js.Value, []js.Value) any { return nil }),
		"woke":     js.FuncOf(func(js.Value, []js.Value) any { return nil }),
	})
	select {}
}

func dispatch(_ js.Value, args []js.Value) any {
	call, op := args[1].Int(), args[2].String()
	payload := make([]byte, args[3].Length())
	js.CopyBytesToGo(payload, args[3])
	switch op {
	case "open":
		opened++
		settle(call, 0, `{"session":`+strconv.Itoa(opened)+`,"serverUrl":"http://x","apiUser":"u","serverInformation":{},"types":[{"name":"Task","base":null,`+
			`"primaryKey":["id"],"defaultProjections":["id"],"attributes":[["id",0,"string","",0],["name",1,"string","",0]]}]}`)
	case "schemas":
		settle(call, 0, `[]`)
	case "get":
		page := []int32{1, 1, 1}
		host.Call("settle", call, 2, int(uintptr(unsafe.Pointer(&page[0]))), 12)
	case "close":
		settle(call, 0, "")
	case "call":
		die(call, wayOf(string(payload)))
	}
	return nil
}

func settle(call, status int, text string) {
	b := []byte(text)
	pointer := 0
	if len(b) > 0 {
		pointer = int(uintptr(unsafe.Pointer(&b[0])))
	}
	host.Call("settle", call, status, pointer, len(b))
}

// wayOf reads {"operations":[{"action":"way"}]}.
func wayOf(payload string) string {
	const before = `{"operations":[{"action":"`
	return payload[len(before) : len(payload)-len(`"}]}`)]
}

func die(call int, way string) {
	switch way {
	case "goroutine panic":
		go func() { panic("a goroutine panicked") }()
	case "callback panic":
		panic("a callback panicked")
	case "exit":
		go func() { var nothing *int; *nothing = 1 }()
	case "stack overflow":
		go func() { overflow(0) }()
	case "wait":
	default: // the next read does it
		doom = way
		settle(call, 0, "[]")
	}
}

func overflow(n int) int { return overflow(n+1) + n }

//go:wasmexport ftrack_scratch
func exportScratch() int32 { return int32(uintptr(unsafe.Pointer(&scratch))) }

//go:wasmexport ftrack_buffer
func exportBuffer() int32 { return int32(uintptr(unsafe.Pointer(&buffer))) }

//go:wasmexport ftrack_epoch
func exportEpoch(int32) int32 { return int32(uintptr(unsafe.Pointer(&epoch))) }

//go:wasmexport ftrack_type
func exportType(_, _ int32) int32 { return 0 }

//go:wasmexport ftrack_version
func exportVersion(_, _ int32) int32 { return 1 }

//go:wasmexport ftrack_stats
func exportStats(_, _ int32) float64 { return 0 }

//go:wasmexport ftrack_read
func exportRead(_, _, _ int32) int32 {
	switch doom {
	case "export panic":
		panic("an export panicked")
	case "export overflow":
		return int32(overflow(0))
	case "blocked export":
		return int32(<-never)
	}
	return mark | 3
}
