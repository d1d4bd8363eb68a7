package session

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// CommitOptions are those of one commit; the zero value refuses a batch that is too large.
type CommitOptions struct {
	// Split sends a batch of more than MaxBatch operations in several requests, each of which may fail by itself.
	Split bool
}

// MaxBatch is how many operations one request may hold.
const MaxBatch = 5000

// Commit sends what is recorded in one request, and gives the number of operations sent; without any it asks nothing of the
// server. On success each value that was sent is the server's value, with the reply over it. On failure everything is as it was: the
// operations stay recorded, the local values stay set, and the *wire.ServerError holds the batch; the server does not say which
// operation of it failed. What is recorded while a commit is under way stays for the next one, and a second commit waits
// for the first. It is never repeated by itself. When no answer comes after it was sent, the error is a *CommitOutcomeUnknownError: see Reconcile.
func (s *Session) Commit(ctx context.Context, options CommitOptions) (int, error) {
	release, err := s.holdCommit(ctx, "commit")
	if err != nil {
		return 0, err
	}
	defer release()
	if err := s.loadWhatCommitNeeds(ctx); err != nil {
		return 0, err
	}
	return s.commitTaken(ctx, options)
}

// holdCommit waits for the commit that is under way; op names who waits.
func (s *Session) holdCommit(ctx context.Context, op string) (release func(), err error) {
	if s.Closed() {
		return nil, ErrConnectionClosed
	}
	select {
	case s.committing <- struct{}{}:
		return func() { <-s.committing }, nil
	case <-ctx.Done():
		return nil, &AbortError{Op: op, Err: context.Cause(ctx)}
	case <-s.life.Done():
		return nil, ErrConnectionClosed
	}
}

// loadWhatCommitNeeds fetches the collections and mappings that were changed without being loaded: the protocol takes
// whole lists only.
func (s *Session) loadWhatCommitNeeds(ctx context.Context) error {
	wanted := map[string][]store.Record{}
	s.mu.Lock()
	for at, change := range s.changes {
		if p := s.pending[at.record]; !change.whole && (p == nil || !p.created) && s.store.Remote(at.record, at.slot) == nil {
			name := s.store.SlotName(at.record, at.slot)
			wanted[name] = append(wanted[name], at.record)
		}
	}
	for _, e := range s.log {
		if p := s.pending[e.record]; e.kind == mapEntry && (p == nil || !p.created) {
			if a := s.store.Type(e.record).Attribute(e.attribute); a.Kind == schema.Mapped && s.store.Remote(e.record, a.Slot) == nil {
				wanted[e.attribute] = append(wanted[e.attribute], e.record)
			}
		}
	}
	s.mu.Unlock()
	for name, records := range wanted {
		if err := s.PopulateRecords(ctx, records, name); err != nil {
			return err
		}
	}
	return s.prepareCustomAttributes(ctx)
}

// commitTaken sends what is recorded. What the server has not taken is recorded again, whatever becomes of it.
func (s *Session) commitTaken(ctx context.Context, options CommitOptions) (sent int, err error) {
	defer s.sending.Store(nil)
	t, payloads, operations, err := s.takePlanned(options)
	if err != nil {
		return 0, err
	}
	var open []*payload // were sent, and it is not known what became of them
	whole := false
	defer func() {
		if !whole {
			s.giveBack(t, open)
		}
	}()
	for sent < len(operations) {
		end := min(sent+MaxBatch, len(operations))
		chunk := operations[sent:end]
		open = payloads[sent:end]
		err := s.post(ctx, "commit", wire.AppendOperations(nil, chunk...), len(chunk), func(replies []wire.Node) error {
			return s.accept(t, "commit", payloads[sent:end], replies)
		})
		if unknown := (*CommitOutcomeUnknownError)(nil); !errors.As(err, &unknown) {
			open = nil
		}
		if err != nil {
			var refused *wire.ServerError
			if errors.As(err, &refused) {
				refused.Operations = chunk
			}
			return sent, err
		}
		sent = end
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	noted := s.noteOwn()
	s.endTaken(t)
	noted(nil)
	whole = true
	return len(operations), nil
}

// takePlanned takes what is recorded, with the operations that say it.
func (s *Session) takePlanned(options CommitOptions) (*taken, []*payload, []wire.Operation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.takeLog()
	s.sending.Store(t)
	planned := false
	defer func() {
		if !planned {
			s.putBack(t)
		}
	}()
	payloads := s.plan(t.log)
	if len(payloads) > MaxBatch && !options.Split {
		return nil, nil, nil, &OperationError{"commit: " + strconv.Itoa(len(payloads)) + " operations are more than the " + strconv.Itoa(MaxBatch) +
			" that one request may hold: commit more often, or let it be split"}
	}
	operations := make([]wire.Operation, len(payloads))
	for i, p := range payloads {
		operations[i] = s.wireOperation(p)
	}
	planned = true
	return t, payloads, operations, nil
}

// giveBack undoes takePlanned for what the server has not taken; open was sent, and not answered.
func (s *Session) giveBack(t *taken, open []*payload) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.putBack(t)
	for _, p := range open {
		for _, e := range p.entries {
			e.unanswered = true
		}
	}
}

// post sends a batch once, in the name of op, and tells a refusal from an answer that did not come, or that use can make nothing of.
func (s *Session) post(ctx context.Context, op string, body []byte, operations int, use func([]wire.Node) error) error {
	if err := ctx.Err(); err != nil {
		return &AbortError{Op: op, Err: context.Cause(ctx)}
	}
	ctx, release := s.bounded(ctx)
	defer release()
	read := s.beginRead()
	read.commit = true
	defer read.end()
	response, err := s.exchange(ctx, op, body)
	if unsent := (*wire.UnsentError)(nil); errors.As(err, &unsent) {
		return err
	}
	if err != nil {
		return &CommitOutcomeUnknownError{op, err}
	}
	defer response.Done()
	if err := wire.CheckStatus(op, response); err != nil {
		err = wire.CheckStatus(op, s.redacted(response))
		if response.Status >= 502 && response.Status <= 504 {
			return &CommitOutcomeUnknownError{op, err} // a proxy's: the server may have had it
		}
		return err
	}
	// The answer is here: it is read to its end whatever the caller's context says, or what the server did would be lost.
	tape := s.takeTape()
	defer s.giveTape(tape)
	replies, err := s.scan(context.WithoutCancel(ctx), op, response, tape, operations)
	if err != nil {
		var refused *wire.ServerError
		if errors.As(err, &refused) && refused.Exception != wire.MalformedReply {
			return err
		}
		return &CommitOutcomeUnknownError{op, err}
	}
	if err := use(replies); err != nil {
		return &CommitOutcomeUnknownError{op, err}
	}
	return nil
}

// underWay is what a commit has taken whose outcome is not known yet; nil for none. The session is locked.
func (s *Session) underWay() *taken {
	t := s.sending.Load()
	if t == nil || !slices.ContainsFunc(t.recorded, func(e *entry) bool { return !t.done[e] }) {
		return nil
	}
	return t
}

// outstanding is what is recorded that the server has not taken: by a commit that is under way, then the log. The session is locked.
func (s *Session) outstanding() []*entry {
	t := s.underWay()
	if t == nil {
		return s.log
	}
	sent := slices.DeleteFunc(slices.Clone(t.recorded), func(e *entry) bool { return t.done[e] })
	return append(sent, s.log...)
}
