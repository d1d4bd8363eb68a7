package jsbridge

import (
	"unsafe"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// What a write returns beside readMark.
const (
	writeDone    = 0
	writeRefused = 1
)

// command is where JavaScript writes a command that is too long for buffer, written where its answer stands until the next.
var command, written []byte

//go:wasmexport ftrack_reserve
func reserve(length int32) int32 {
	if length < 0 {
		return 0
	}
	command = make([]byte, length)
	return int32(address(command))
}

// write does a command that stands at a pointer, in buffer or in what was reserved, and leaves its answer in the scratch
// area.
//
//go:wasmexport ftrack_write
func write(id, pointer, length int32) (status int32) {
	return commanded(id, pointer, length, (*session.Session).Command)
}

// set gives an attribute of a record a value, which stands at a pointer as commands have it. The answer is as after write; none when there
// is nothing to tell.
//
//go:wasmexport ftrack_set
func set(id, record, slot, pointer, length int32) (status int32) {
	return commanded(id, pointer, length, func(s *session.Session, value []byte) ([]byte, error) {
		return s.SetJSON(store.Record(record), slot, value)
	})
}

// commanded has a session do what stands at a pointer.
func commanded(id, pointer, length int32, do func(s *session.Session, text []byte) ([]byte, error)) (status int32) {
	defer func() {
		if p := recover(); p != nil {
			status = answerWrite(nil, &session.ArgumentError{Text: "the core panicked in a command"})
		}
	}()
	s := module.bound(id)
	if s == nil {
		return answerWrite(nil, session.ErrConnectionClosed)
	}
	text := commandAt(uintptr(uint32(pointer)), uintptr(length))
	if text == nil {
		return answerWrite(nil, &session.ArgumentError{Text: "a command stands outside its area"})
	}
	return answerWrite(do(s.session, text))
}

// commandAt copies a command, so that what is kept of it outlives the area.
func commandAt(pointer, length uintptr) []byte {
	for _, area := range [][]byte{buffer[:], command} {
		if len(area) == 0 {
			continue
		}
		if offset := pointer - uintptr(unsafe.Pointer(unsafe.SliceData(area))); offset <= uintptr(len(area)) && length <= uintptr(len(area))-offset {
			return append([]byte{}, area[offset:offset+length]...)
		}
	}
	return nil
}

func answerWrite(answer []byte, err error) int32 {
	status := int32(writeDone)
	if err != nil {
		answer, status = encodeError(err), writeRefused
	}
	written = answer
	result.first, result.second = uint32(address(written)), uint32(len(written))
	return status | readMark
}
