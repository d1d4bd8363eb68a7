package session

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// question is a query of a request that may hold several, and who takes its rows: they are merged when take is nil. The
// session is locked while it runs; it may run twice.
type question struct {
	expression string
	take       func(rows wire.Node)
}

// fetchTogether is fetchInto in one request with what others ask for at the same time.
func (s *Session) fetchTogether(ctx context.Context, questions []question) error {
	if len(questions) == 0 {
		return nil
	}
	batch := s.joinBatch(questions)
	select {
	case <-batch.done:
	case <-ctx.Done():
		return &AbortError{Op: "populate", Err: context.Cause(ctx)}
	}
	var refused *wire.ServerError
	if batch.callers > 1 && errors.As(batch.err, &refused) {
		// The server does not say whose operation it refused: everybody questions alone.
		return s.fetchInto(ctx, questions)
	}
	return batch.err
}

// batch is a request for several callers that is being gathered, or under way.
type batch struct {
	questions []question
	callers   int
	done      chan struct{}
	err       error // once done
}

// joinBatch adds queries to the request that is being gathered; the first caller begins one, which leaves as soon
// as everything that runs now has had the chance to join.
func (s *Session) joinBatch(questions []question) *batch {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.gathering
	if b == nil || len(b.questions)+len(questions) > operationsPerRequest {
		b = &batch{done: make(chan struct{})}
		s.gathering = b
		time.AfterFunc(gatherTime, func() {
			s.mu.Lock()
			if s.gathering == b {
				s.gathering = nil
			}
			s.mu.Unlock()
			b.err = s.fetchInto(s.life, b.questions)
			close(b.done)
		})
	}
	b.callers++
	for _, a := range questions {
		if !slices.ContainsFunc(b.questions, func(other question) bool { return other.expression == a.expression }) {
			b.questions = append(b.questions, a)
		}
	}
	return b
}

// gatherTime is just long enough for what is ready to run to run; browsers make a millisecond of it.
const gatherTime = time.Microsecond

// operationsPerRequest bounds a gathered request.
const operationsPerRequest = 50

// fetchInto posts queries in one request and merges what they bring.
func (s *Session) fetchInto(ctx context.Context, questions []question) error {
	operations := make([]wire.Operation, len(questions))
	for i, a := range questions {
		operations[i] = wire.Query(a.expression)
	}
	return s.read(ctx, "populate", wire.AppendOperations(nil, operations...), len(operations),
		func(_ *wire.Tape, replies []wire.Node) error {
			for i, reply := range replies {
				if reply.Get("data").Kind() != wire.Array {
					return malformed("populate", "the reply has no list of rows")
				}
				if take := questions[i].take; take != nil {
					s.mu.Lock()
					take(reply.Get("data"))
					s.mu.Unlock()
					continue
				}
				if _, err := s.mergeRows(ctx, "populate", reply.Get("data"), nil); err != nil {
					return err
				}
			}
			return nil
		})
}
