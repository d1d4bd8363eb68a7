package jsbridge

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/jsbridge/fetch"
	"github.com/ftrack-wasm/ftrack-wasm/jsbridge/guard"
	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// replies is the way to what the page keeps of what the server sent: a database of the browser, in the host's hands.
type replies struct {
	host    guard.Value
	bytes   guard.Value // the constructor Uint8Array
	buffers *fetch.Requests
	pending map[int]chan found
	lastID  int
}

func newReplies(host guard.Value, buffers *fetch.Requests) *replies {
	constructor, _ := guard.Global().Get("Uint8Array")
	return &replies{host: host, bytes: constructor, buffers: buffers, pending: map[int]chan found{}}
}

// found is what the host had.
type found struct {
	kept session.Kept
	ok   bool
}

// loaded takes what the host had: id, pieces or null, their size together, milliseconds since 1970 at which they came, what is newer of the
// entities in them or null, offsets of those that are gone (as bytes, four for each) or null.
func (r *replies) loaded(args []guard.Value) {
	id, err := args[0].Int()
	if err != nil {
		return
	}
	arrived := r.pending[id]
	if arrived == nil {
		return
	}
	f := found{}
	milliseconds, err := args[3].Float()
	f.kept.Body, f.ok = r.bodyOf(args[1], args[2])
	if len(f.kept.Body) >= largeBody {
		f.kept.Recycle = r.buffers.Recycle
	}
	f.ok = f.ok && err == nil
	f.kept.At = time.UnixMilli(int64(milliseconds))
	f.kept.Newer, _ = bytesOf(args[4])
	if offsets, ok := bytesOf(args[5]); ok {
		f.kept.Gone = map[int]bool{}
		for ; len(offsets) >= 4; offsets = offsets[4:] {
			f.kept.Gone[int(offsets[0])|int(offsets[1])<<8|int(offsets[2])<<16|int(offsets[3])<<24] = true
		}
	}
	arrived <- f
}

// largeBody is how long a body is that goes into a buffer of the requests' replies.
const largeBody = 64 << 10

// bodyOf puts pieces together; false for null. What is large is to be given back.
func (r *replies) bodyOf(pieces, size guard.Value) ([]byte, bool) {
	count, err := pieces.Length()
	if err != nil {
		return nil, false
	}
	length, err := size.Int()
	if err != nil {
		return nil, false
	}
	var b []byte
	if length < largeBody {
		b = make([]byte, length)
	} else {
		b = r.buffers.Body(length)
	}
	at := 0
	for i := range count {
		piece, err := pieces.Get(strconv.Itoa(i))
		if err != nil {
			return nil, false
		}
		n, err := guard.CopyBytesToGo(b[at:], piece)
		if err != nil {
			return nil, false
		}
		at += n
	}
	return b, at == length
}

// bytesOf copies a Uint8Array; false for null.
func bytesOf(value guard.Value) ([]byte, bool) {
	size, err := value.Length()
	if err != nil {
		return nil, false
	}
	b := make([]byte, size)
	_, err = guard.CopyBytesToGo(b, value)
	return b, err == nil
}

func (r *replies) toJS(b []byte) (guard.Value, bool) {
	array, err := r.bytes.New(len(b))
	if err != nil {
		return array, false
	}
	_, err = guard.CopyBytesToJS(array, b)
	return array, err == nil
}

// ask has the host look for something and waits for it.
func (r *replies) ask(ctx context.Context, method string, args ...any) found {
	r.lastID++
	id, arrived := r.lastID, make(chan found, 1)
	r.pending[id] = arrived
	defer delete(r.pending, id)
	if _, err := r.host.Call(method, append([]any{id}, args...)...); err != nil {
		return found{}
	}
	select {
	case f := <-arrived:
		return f
	case <-ctx.Done():
		return found{}
	}
}

// sessionReplies is a session's storage.
type sessionReplies struct {
	*replies
	session func() int
}

// LoadReply asks the host.
func (s *sessionReplies) LoadReply(ctx context.Context, key string) (session.Kept, bool) {
	f := s.ask(ctx, "loadReply", s.session(), key)
	return f.kept, f.ok
}

// LoadEntity asks the host.
func (s *sessionReplies) LoadEntity(ctx context.Context, identity session.Identity, within session.Span) ([]byte, bool) {
	from, to := float64(0), float64(0)
	if within != (session.Span{}) {
		from, to = float64(within.From.UnixMilli()), float64(within.To.UnixMilli())
	}
	key, _ := wire.AppendValue(nil, identity.Key)
	f := s.ask(ctx, "loadEntity", s.session(), identity.Type, string(key), float64(uint32(identity.Hash)), float64(identity.Hash>>32), from, to)
	return f.kept.Body, f.ok
}

// Save hands the bytes to the host, which writes them when it can.
func (s *sessionReplies) Save(saved *session.Saved) { s.SaveBorrowed(saved) }

// SaveBorrowed is Save for bytes that belong to somebody else again when it returns.
func (s *sessionReplies) SaveBorrowed(saved *session.Saved) {
	places, gone := saved.Places, []byte("[")
	if len(saved.Gone) > 0 {
		places = slices.Clone(places)
		for i, identity := range saved.Gone {
			places = append(places, session.Place{Hash: identity.Hash})
			if i > 0 {
				gone = append(gone, ',')
			}
			gone, _ = wire.AppendValue(gone, []any{identity.Type, identity.Key})
		}
		slices.SortStableFunc(places, func(a, b session.Place) int { return cmp.Compare(a.Hash, b.Hash) })
	}
	if table, ok := s.toJS(packPlaces(places)); ok {
		s.host.Call("saveReply", s.session(), saved.Key, address(saved.Body), len(saved.Body), float64(saved.At.UnixMilli()), table, string(append(gone, ']')))
	}
	runtime.KeepAlive(saved.Body)
}

// placeWords is how many words of 32 bits, the lowest byte first, tell the host of a place: hash (lower and upper half), checksum,
// offset, length. An entity that is gone has no length.
const placeWords = 5

func packPlaces(places []session.Place) []byte {
	out := make([]byte, 0, 4*placeWords*len(places))
	for _, p := range places {
		for _, word := range [placeWords]uint32{uint32(p.Hash), uint32(p.Hash >> 32), p.Content, p.Offset, p.Length} {
			out = append(out, byte(word), byte(word>>8), byte(word>>16), byte(word>>24))
		}
	}
	return out
}
