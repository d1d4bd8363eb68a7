package session

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// replyKey is what the reply to an expression is kept under.
func (s *Session) replyKey(expression string) string {
	return strings.Join([]string{"reply", s.options.ServerURL, s.options.APIUser, s.scope(), s.info.SchemaHash, expression}, "\n")
}

// scope tells credentials apart and leads back to none: 32 bits of a checksum.
func (s *Session) scope() string {
	return strconv.FormatUint(uint64(checksum([]byte(s.options.APIUser+"\n"+s.key()))), 16)
}

// keepsWith reports whether what a policy brings is kept.
func (s *Session) keepsWith(policy Policy) bool {
	return s.options.Storage != nil && policy != NetworkOnly
}

// keep has replies kept, behind the caller's back: each under the key of its place in keys. release is called when they are
// read no more.
func (s *Session) keep(keys []string, at time.Time, replies []wire.Node, release func()) {
	s.keeping.add(func() {
		defer release()
		for i, reply := range replies {
			s.keepOne(keys[i], at, reply, nil)
		}
	})
}

// keepAnswers has the replies to single reads kept. What they are read from is used again, so it is copied.
func (s *Session) keepAnswers(questions []question, replies []wire.Node) {
	if !s.keepsWith(s.options.Policy) {
		return
	}
	at := s.options.Now()
	for i, reply := range replies {
		key, body := s.replyKey("\n"+strconv.FormatUint(wire.Sum([]byte(questions[i].expression)), 16)), slices.Clone(reply.Raw())
		s.keeping.add(func() {
			if root, err := s.parse(context.Background(), body); err == nil {
				s.keepOne(key, at, root, nil)
			}
		})
	}
}

// keepEntities has entities kept that a commit changed, and forgotten that it deleted.
func (s *Session) keepEntities(objects []byte, gone []Identity) {
	at := s.options.Now()
	s.keeping.add(func() {
		if root, err := s.parse(context.Background(), objects); err == nil && (root.Len() > 0 || len(gone) > 0) {
			s.keepOne("", at, root, gone)
		}
	})
}

// identities name records. The session is locked.
func (s *Session) identities(records map[store.Record]bool) []Identity {
	var list []Identity
	for r := range records {
		list = append(list, s.identity(s.store.Type(r).Name, s.store.Key(r)...))
	}
	return list
}

// borrower is a storage that copies what it is given before it returns: there are megabytes.
type borrower interface {
	SaveBorrowed(saved *Saved)
}

// keepOne surveys a reply, or an array of entities, and has it saved.
func (s *Session) keepOne(key string, at time.Time, node wire.Node, gone []Identity) {
	v := s.newSurveyor(node)
	rows := node.Get("data")
	if node.Kind() == wire.Array {
		rows = node
		v.body, v.base = v.body[1:len(v.body)-1], v.base+1
	}
	for i, row := range rows.List() {
		v.value(row.Index())
		if i%rowsPerBreath == 0 && s.breathe(context.Background()) != nil {
			return
		}
	}
	if showsKey([]byte(s.key()), v.body) {
		return // nobody expects it there
	}
	places := v.found()
	if s.breathe(context.Background()) != nil {
		return
	}
	saved := &Saved{Key: key, Body: v.body, At: at, Places: places, Gone: gone, schemas: s.schemas}
	if borrower, ok := s.options.Storage.(borrower); ok {
		borrower.SaveBorrowed(saved)
		return
	}
	if !v.own {
		saved.Body = bytes.Clone(v.body)
	}
	s.options.Storage.Save(saved)
}

// parse is wire.Parse in small pieces.
func (s *Session) parse(ctx context.Context, document []byte) (wire.Node, error) {
	tape := new(wire.Tape)
	tape.Start(document)
	for {
		done, err := tape.Step(scanStep)
		if done || err != nil {
			return tape.Root(), err
		}
		if err := s.breathe(ctx); err != nil {
			return wire.Node{}, err
		}
	}
}

// Saved waits until all that is to be kept has been handed to the storage; with Options.Cache, until it is written.
func (s *Session) Saved(ctx context.Context) error {
	waits := []func() <-chan struct{}{s.keeping.idle}
	if s.cached != nil {
		waits = append(waits, s.cached.written)
	}
	for _, wait := range waits {
		select {
		case <-wait():
		case <-ctx.Done():
			return &AbortError{Op: "kept", Err: context.Cause(ctx)}
		}
	}
	return nil
}

// keptReply is a reply that was kept; false for none.
func (s *Session) keptReply(ctx context.Context, expression string) (Kept, bool) {
	return s.options.Storage.LoadReply(ctx, s.replyKey(expression))
}

// errands are done one after the other, behind the callers' backs. The zero value has none.
type errands struct {
	mu    sync.Mutex
	list  []func()
	busy  bool
	waits []chan struct{}
}

func (e *errands) add(errand func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = append(e.list, errand)
	if !e.busy {
		e.busy = true
		go e.run()
	}
}

func (e *errands) run() {
	for {
		e.mu.Lock()
		if len(e.list) == 0 {
			e.busy = false
			for _, wait := range e.waits {
				close(wait)
			}
			e.waits = nil
			e.mu.Unlock()
			return
		}
		errand := e.list[0]
		e.list = e.list[1:]
		e.mu.Unlock()
		errand()
	}
}

// idle is closed once there are none.
func (e *errands) idle() <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	wait := make(chan struct{})
	if !e.busy {
		close(wait)
	} else {
		e.waits = append(e.waits, wait)
	}
	return wait
}
