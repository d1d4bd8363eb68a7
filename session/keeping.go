package session

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/survey"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// replyKey is what the reply to an expression is kept under.
func (s *Session) replyKey(expression string) string {
	return strings.Join([]string{"reply", s.options.ServerURL, s.options.APIUser, s.scope(), s.info.SchemaHash, expression}, "\n")
}

// scope tells credentials apart and leads back to none: 32 bits of a checksum.
func (s *Session) scope() string {
	return strconv.FormatUint(uint64(survey.Checksum([]byte(s.options.APIUser+"\n"+s.key()))), 16)
}

// keepsWith reports whether what a policy brings is kept.
func (s *Session) keepsWith(policy Policy) bool {
	return s.options.Storage != nil && policy != NetworkOnly
}

// mostTapes is how many bytes of tapes may wait with their replies. A reply beyond that is scanned again when it is kept.
const mostTapes = 16 << 20

// keep has the reply to a query kept under a key, once nobody waits for rows. It owns the response, and the tape that was made from it.
func (s *Session) keep(key string, at time.Time, response *wire.Response, tape *wire.Tape) {
	held := tape.Size()
	if s.heldTapes.Add(int64(held)) > mostTapes {
		s.heldTapes.Add(-int64(held))
		s.giveTape(tape)
		tape, held = nil, 0
	}
	s.keeping.add(len(response.Body)+held, func() {
		defer response.Done()
		root := wire.Node{}
		if tape != nil {
			root = tape.Root()
			defer s.heldTapes.Add(-int64(held))
		} else {
			tape = s.takeTape()
			root, _ = s.parseOn(context.Background(), tape, response.Body)
		}
		defer s.giveTape(tape)
		for reply := range root.Elements() {
			s.keepOne(key, at, reply, nil)
		}
	})
}

// keepAnswers has the replies to single reads kept. What they are read from is used again, so it is copied.
func (s *Session) keepAnswers(questions []question, at time.Time, replies []wire.Node) {
	if !s.keepsWith(s.options.Policy) {
		return
	}
	for i, reply := range replies {
		s.keepCopy("\n"+strconv.FormatUint(wire.Sum([]byte(questions[i].expression)), 16), at, reply)
	}
}

// keepCopy has a copy of a reply kept under what stands for its expression.
func (s *Session) keepCopy(expression string, at time.Time, reply wire.Node) {
	key, body := s.replyKey(expression), slices.Clone(reply.Raw())
	s.keeping.add(len(body), func() {
		if root, err := s.parse(context.Background(), body); err == nil {
			s.keepOne(key, at, root, nil)
		}
	})
}

// keepEntities has entities kept that a commit changed, and forgotten that it deleted.
func (s *Session) keepEntities(objects []byte, gone []Identity) {
	at := s.options.Now()
	s.keeping.add(len(objects), func() {
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

// keepOne surveys a reply, or an array of entities, and has it saved. Only errands come here, one after the other.
func (s *Session) keepOne(key string, at time.Time, node wire.Node, gone []Identity) {
	if s.surveyed == nil || s.surveyed.Schemas() != s.schemas {
		s.surveyed = survey.NewTypes(s.schemas)
	}
	v := survey.New(s.surveyed, node)
	rows := node.Get("data")
	if node.Kind() == wire.Array {
		rows = node
		v.WithoutBrackets()
	}
	for i, row := range rows.List() {
		v.Value(row.Index())
		if i%rowsPerBreath == 0 && s.breathe(context.Background()) != nil {
			return
		}
	}
	body, owned := v.Body()
	if survey.ShowsKey([]byte(s.key()), body) {
		return // nobody expects it there
	}
	places := v.Places()
	if s.breathe(context.Background()) != nil {
		return
	}
	saved := &Saved{Key: key, Body: body, At: at, Places: places, Gone: gone, schemas: s.schemas}
	if borrower, ok := s.options.Storage.(borrower); ok {
		borrower.SaveBorrowed(saved)
		return
	}
	if !owned {
		saved.Body = bytes.Clone(body)
	}
	s.options.Storage.Save(saved)
}

// parse is wire.Parse in small pieces.
func (s *Session) parse(ctx context.Context, document []byte) (wire.Node, error) {
	return s.parseOn(ctx, new(wire.Tape), document)
}

func (s *Session) parseOn(ctx context.Context, tape *wire.Tape, document []byte) (wire.Node, error) {
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

// keptObjects is what the storage has of an entity; false for nothing.
func (s *Session) keptObjects(ctx context.Context, identity Identity, within Span) ([]byte, bool) {
	s.allKept(ctx)
	return s.options.Storage.LoadEntity(ctx, identity, within)
}

// allKept waits until what the session has fetched, committed and deleted is in the storage: what is read from it must not be older.
func (s *Session) allKept(ctx context.Context) {
	select {
	case <-s.keeping.idle():
	case <-ctx.Done():
	}
}

// keptReply is a reply that was kept; false for none.
func (s *Session) keptReply(ctx context.Context, expression string) (Kept, bool) {
	s.allKept(ctx)
	return s.options.Storage.LoadReply(ctx, s.replyKey(expression))
}
