package session

import (
	"context"
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Verdict says what the server has of a recorded operation.
type Verdict struct {
	Operation Operation
	Outcome   Outcome
}

// Outcome is what became of an operation whose commit was not answered.
type Outcome string

// Outcomes. Undecidable is an operation whose entity is there but has neither the new value nor the one from before: the
// server may have applied it, and somebody else changed it since; or somebody changed it before.
const (
	Applied     Outcome = "applied"
	NotApplied  Outcome = "not applied"
	Undecidable Outcome = "undecidable"
)

// Reconcile asks the server, in one request, which of the recorded operations it has: after a *CommitOutcomeUnknownError. What it has
// applied is taken from the record, its values are the server's then; everything else stays for the next Commit.
func (s *Session) Reconcile(ctx context.Context) ([]Verdict, error) {
	var verdicts []Verdict
	err := s.reconcile(ctx, func(e *entry, o Outcome) { verdicts = append(verdicts, Verdict{s.operationOf(e), o}) })
	return verdicts, err
}

// ReconcileJSON is Reconcile with the operations as commands show them.
func (s *Session) ReconcileJSON(ctx context.Context) ([]byte, error) {
	list := []any{}
	err := s.reconcile(ctx, func(e *entry, o Outcome) {
		list = append(list, map[string]any{"operation": s.shown(e), "verdict": string(o)})
	})
	if err != nil {
		return nil, err
	}
	return wire.AppendValue(nil, list)
}

// asked is what the server is asked about one entity.
type asked struct {
	typ   *schema.EntityType
	key   []string
	names []string // attributes whose values decide
	row   map[string]literal
	found bool
}

// reconcile tells each recorded operation's outcome, with the session locked.
func (s *Session) reconcile(ctx context.Context, tell func(*entry, Outcome)) error {
	release, err := s.holdCommit(ctx, "reconcile")
	if err != nil {
		return err
	}
	defer release()
	s.mu.Lock()
	t := &taken{recorded: append([]*entry(nil), s.log...), made: map[store.Record]bool{}, done: map[*entry]bool{}}
	t.log = s.expandMappings(t)
	payloads := s.planned(t.log, true)
	questions := make([]*asked, len(payloads))
	operations := make([]wire.Operation, len(payloads))
	for i, p := range payloads {
		questions[i] = s.question(p)
		operations[i] = wire.Query(questions[i].expression())
	}
	s.mu.Unlock()
	if len(payloads) > 0 {
		err = s.read(ctx, "reconcile", wire.AppendOperations(nil, operations...), len(operations), func(_ *reading, replies []wire.Node) error {
			for i, reply := range replies {
				if reply.Get("data").Kind() != wire.Array {
					return malformed("reconcile", "the reply has no list of rows")
				}
				for row := range reply.Get("data").Elements() {
					questions[i].answer(s, row)
				}
			}
			return nil
		})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() {
		for r := range t.made {
			s.store.Retire(r) // rows of mappings that were only made to be asked about
		}
	}()
	if err != nil {
		return err
	}
	s.judge(t, payloads, questions, tell)
	return nil
}

// question is what tells whether a payload was applied. The session is locked.
func (s *Session) question(p *payload) *asked {
	q := &asked{typ: p.typ, key: p.key, row: map[string]literal{}}
	if p.action == "update" {
		for _, m := range p.data {
			q.names = append(q.names, m.name)
		}
	}
	return q
}

func (q *asked) expression() string {
	projections := append([]string(nil), q.typ.PrimaryKey...)
	for _, name := range q.names {
		a := q.typ.Attribute(name)
		if target := a.Target; target != "" {
			name += ".id"
		}
		projections = append(projections, name)
	}
	return "select " + strings.Join(projections, ", ") + " from " + q.typ.Name + " where " + keyCriterion(q.typ, q.key)
}

// answer keeps the row's values; they are not merged, for the operations may not have been sent.
func (q *asked) answer(s *Session, row wire.Node) {
	q.found = true
	for _, name := range q.names {
		if value := row.Get(name); value.Kind() != wire.Missing {
			q.row[name] = s.serverLiteral(value)
		}
	}
}

// serverLiteral is a value of a reply; entities are compared by their keys.
func (s *Session) serverLiteral(n wire.Node) literal {
	s.mu.Lock()
	defer s.mu.Unlock()
	record := func(n wire.Node) store.Record {
		t := s.schemas.Type(n.Get("__entity_type__").Text())
		if t == nil {
			return 0
		}
		key := make([]string, len(t.PrimaryKey))
		for i, name := range t.PrimaryKey {
			if part := n.Get(name); part.Kind() == wire.String {
				key[i] = part.Text()
			} else {
				key[i] = string(part.Raw())
			}
		}
		if r := s.store.Find(t.Name, key...); r != 0 {
			return r
		}
		return s.stub(t, key)
	}
	if isReference(n) {
		return literal{ref: record(n)}
	}
	if items := n.List(); n.Kind() == wire.Array && (len(items) == 0 || isReference(items[0])) {
		l := literal{isList: true}
		for _, item := range items {
			l.list = append(l.list, record(item))
		}
		return l
	}
	return literal{json: append([]byte(nil), n.Raw()...)}
}

// judge tells each recorded operation's outcome, and takes those that were applied from the record. The session is
// locked.
func (s *Session) judge(t *taken, payloads []*payload, questions []*asked, tell func(*entry, Outcome)) {
	outcomes := map[*entry]Outcome{}
	missing := map[identity]bool{} // what the server does not have because it was not created
	for i, p := range payloads {
		q := questions[i]
		for _, e := range p.entries {
			outcome := Applied
			switch {
			case p.action == "create":
				if !q.found && !s.retired(p.identity.record) { // of that events told: it was there, and is gone again
					outcome, missing[p.identity] = NotApplied, true
				}
			case p.action == "delete":
				if q.found || missing[p.identity] {
					outcome = NotApplied
				}
			default:
				outcome = q.updateOutcome(s, p, e)
			}
			for _, each := range e.recorded() {
				outcomes[each] = outcome
			}
		}
	}
	silent := map[attributeOf]*entry{} // the last update of an attribute that has nothing to say
	for _, e := range t.recorded {
		if _, asked := outcomes[e]; !asked && e.kind == updateEntry && e.record != 0 {
			silent[s.attributeOf(e)] = e
		}
	}
	for at, last := range silent {
		if !s.cameByEvent(last) {
			delete(silent, at)
		}
	}
	for _, e := range t.recorded {
		outcome, asked := outcomes[e]
		if !asked {
			outcome = NotApplied
			if e.kind == updateEntry && silent[s.attributeOf(e)] != nil { // what came before the last counts no more
				outcome, outcomes[e] = Applied, Applied
			}
		}
		e.unanswered = e.unanswered && outcome == Undecidable
		tell(e, outcome)
	}
	s.takeApplied(t, payloads, outcomes, silent)
}

// attributeOf is the attribute that an update is of; a reference and its foreign key are one.
func (s *Session) attributeOf(e *entry) attributeOf {
	if e.record == 0 || s.store.Type(e.record) == nil {
		return attributeOf{}
	}
	return attributeOf{identity{record: e.record}, pairName(s.store.Type(e.record), e.attribute)}
}

// cameByEvent reports whether an update that was sent, and not answered, has nothing to say any more because the server's value is that one
// now: an event came in the answer's place.
func (s *Session) cameByEvent(e *entry) bool {
	if !e.unanswered || e.kind != updateEntry || e.record == 0 || s.store.Type(e.record) == nil {
		return false
	}
	a := s.store.Type(e.record).Attribute(e.attribute)
	if a == nil {
		return false
	}
	remote := s.current(s.store.Remote(e.record, a.Slot))
	return !remote.notSet() && sameSet(remote, e.new)
}

func (q *asked) updateOutcome(s *Session, p *payload, e *entry) Outcome {
	for _, m := range p.data {
		if pairName(p.typ, m.name) != pairName(p.typ, e.attribute) {
			continue
		}
		now, known := q.row[m.name]
		before := s.current(s.store.Remote(p.identity.record, p.typ.Attribute(m.name).Slot))
		switch {
		case !q.found || !known:
			return Undecidable
		case sameSet(now, m.value):
			return Applied
		case !before.notSet() && sameSet(now, before):
			return NotApplied
		}
		return Undecidable
	}
	return Undecidable
}

// sameSet is same, lists in any order.
func sameSet(a, b literal) bool {
	if !a.isList || !b.isList {
		return same(a, b)
	}
	if len(a.list) != len(b.list) {
		return false
	}
	there := map[store.Record]bool{}
	for _, r := range a.list {
		there[r] = true
	}
	for _, r := range b.list {
		if !there[r] {
			return false
		}
	}
	return true
}

// takeApplied ends the entries that the server has, as if it had answered.
func (s *Session) takeApplied(t *taken, payloads []*payload, outcomes map[*entry]Outcome, silent map[attributeOf]*entry) {
	applied := func(e *entry) bool { return outcomes[e.recorded()[0]] == Applied }
	s.dropEntries(applied)
	for _, e := range silent {
		s.settle(e.record, s.store.Type(e.record), e.attribute)
	}
	for e, outcome := range outcomes {
		t.done[e] = outcome == Applied // counted above
	}
	var accepted []*payload
	for _, p := range payloads {
		taken := *p
		taken.entries = slices.DeleteFunc(slices.Clone(p.entries), func(e *entry) bool { return !applied(e) })
		if len(taken.entries) == 0 || p.action == "create" && s.retired(p.identity.record) {
			continue
		}
		if p.action == "update" {
			taken.data = slices.DeleteFunc(slices.Clone(p.data), func(m member) bool {
				return !slices.ContainsFunc(taken.entries, func(e *entry) bool { return pairName(p.typ, e.attribute) == pairName(p.typ, m.name) })
			})
		}
		accepted = append(accepted, &taken)
	}
	s.acceptAll(t, accepted, nil)
	if len(s.log) > 0 {
		s.tell()
		return
	}
	t.recorded, t.inStep, s.inStep = nil, s.inStep, map[place]bool{}
	noted := s.noteOwn()
	s.endTaken(t)
	noted(nil)
}
