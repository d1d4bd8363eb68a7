package jsbridge

import (
	"context"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/jsbridge/guard"
)

// replies is the way to what the page keeps of the replies to queries: a database of the browser, in the host's hands.
type replies struct {
	host    guard.Value
	bytes   guard.Value // the constructor Uint8Array
	pending map[int]chan keptReply
	lastID  int
}

func newReplies(host guard.Value) *replies {
	constructor, _ := guard.Global().Get("Uint8Array")
	return &replies{host: host, bytes: constructor, pending: map[int]chan keptReply{}}
}

type keptReply struct {
	bytes []byte
	at    time.Time
	ok    bool
}

// loaded takes what the host had: id, bytes or null, milliseconds since 1970 at which they came.
func (r *replies) loaded(args []guard.Value) {
	id, err := args[0].Int()
	if err != nil {
		return
	}
	arrived := r.pending[id]
	if arrived == nil {
		return
	}
	arrived <- keptReplyFrom(args)
}

func keptReplyFrom(args []guard.Value) keptReply {
	size, err := args[1].Length()
	if err != nil {
		return keptReply{}
	}
	milliseconds, err := args[2].Float()
	if err != nil {
		return keptReply{}
	}
	kept := keptReply{bytes: make([]byte, size), at: time.UnixMilli(int64(milliseconds)), ok: true}
	if _, err := guard.CopyBytesToGo(kept.bytes, args[1]); err != nil {
		return keptReply{}
	}
	return kept
}

// sessionReplies is a session's storage.
type sessionReplies struct {
	*replies
	session func() int
}

// LoadReply asks the host.
func (s *sessionReplies) LoadReply(ctx context.Context, key string) ([]byte, time.Time, bool) {
	s.lastID++
	id, arrived := s.lastID, make(chan keptReply, 1)
	s.pending[id] = arrived
	defer delete(s.pending, id)
	if _, err := s.host.Call("loadReply", id, s.session(), key); err != nil {
		return nil, time.Time{}, false
	}
	select {
	case kept := <-arrived:
		return kept.bytes, kept.at, kept.ok
	case <-ctx.Done():
		return nil, time.Time{}, false
	}
}

// SaveReply hands the bytes to the host, which writes them when it can.
func (s *sessionReplies) SaveReply(key string, kept []byte, at time.Time) {
	bytes, err := s.bytes.New(len(kept))
	if err != nil {
		return
	}
	if _, err := guard.CopyBytesToJS(bytes, kept); err != nil {
		return
	}
	s.host.Call("saveReply", s.session(), key, bytes, float64(at.UnixMilli()))
}
