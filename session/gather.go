package session

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// question is a query of a request that may hold several.
type question struct {
	expression string
	kept       bool                                // something is kept, which is worth more than a second attempt
	take       func(rows wire.Node, read *reading) // runs with the session locked, perhaps twice; rows are merged when it is nil
	records    []store.Record                      // that are asked for
	paths      []string                            // what of them
}

// fetchTogether is fetchInto in one request with what others ask for at the same time.
func (s *Session) fetchTogether(ctx context.Context, op string, questions []question) error {
	if len(questions) == 0 {
		return nil
	}
	batch := s.joinBatch(op, questions)
	select {
	case <-batch.done:
	case <-ctx.Done():
		return &AbortError{Op: op, Err: context.Cause(ctx)}
	}
	var refused *wire.ServerError
	if batch.callers > 1 && errors.As(batch.err, &refused) {
		// The server does not say whose operation it refused: everybody questions alone.
		return s.fetchInto(ctx, op, questions)
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
func (s *Session) joinBatch(op string, questions []question) *batch {
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
			b.err = s.fetchInto(s.life, op, b.questions)
			close(b.done)
		})
	}
	b.callers++
	for _, q := range questions {
		i := slices.IndexFunc(b.questions, func(other question) bool { return other.expression == q.expression })
		switch {
		case i < 0:
			b.questions = append(b.questions, q)
		case q.take != nil:
			first := b.questions[i].take
			b.questions[i].take = func(rows wire.Node, read *reading) { first(rows, read); q.take(rows, read) }
		}
	}
	return b
}

// gatherTime is just long enough for what is ready to run to run; browsers make a millisecond of it.
const gatherTime = time.Microsecond

// operationsPerRequest bounds a gathered request.
const operationsPerRequest = 50

// fetchInto posts queries in one request and merges what they bring.
func (s *Session) fetchInto(ctx context.Context, op string, questions []question) error {
	operations := make([]wire.Operation, len(questions))
	attempts := 1
	for i, a := range questions {
		operations[i] = wire.Query(a.expression)
		if !a.kept {
			attempts = 0
		}
	}
	asked := s.options.Now()
	return s.readWithin(ctx, op, wire.AppendOperations(nil, operations...), len(operations), attempts, nil,
		func(read *reading, replies []wire.Node) error {
			s.keepAnswers(questions, asked, replies)
			for i, reply := range replies {
				if reply.Get("data").Kind() != wire.Array {
					return malformed(op, "the reply has no list of rows")
				}
				if take := questions[i].take; take != nil {
					s.mu.Lock()
					take(reply.Get("data"), read)
					s.mu.Unlock()
					continue
				}
				if _, err := s.mergeRows(ctx, op, reply.Get("data"), nil, nil, read); err != nil {
					return err
				}
				s.noteUnanswered(questions[i], read)
			}
			return nil
		})
}

// lack is something of a record that the server was asked for.
type lack struct {
	record store.Record
	path   string
}

// noteUnanswered remembers what the server was asked for and did not give, so that it is not asked again: attributes that
// the user may not see, entities that are gone.
func (s *Session) noteUnanswered(q question, read *reading) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !read.whole() {
		return
	}
	for _, r := range q.records {
		for _, path := range q.paths {
			if !s.loaded([]store.Record{r}, strings.Split(path, ".")) {
				if s.unanswered == nil {
					s.unanswered = map[lack]uint32{}
				}
				s.unanswered[lack{r, path}] = s.store.Version(r)
			}
		}
	}
}

// isUnanswered reports whether the server was asked for something already, since the record last changed. The session is locked.
func (s *Session) isUnanswered(r store.Record, path string) bool {
	version, ok := s.unanswered[lack{r, path}]
	return ok && version == s.store.Version(r)
}

// pruneUnanswered forgets what was asked of records that have changed since, or are no more.
func (s *Session) pruneUnanswered() {
	for l, version := range s.unanswered {
		if s.store.Version(l.record) != version {
			delete(s.unanswered, l)
		}
	}
}
