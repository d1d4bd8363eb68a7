package session

import (
	"context"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Own is one operation of Send. One of Create, Update, Delete and Action is set.
type Own struct {
	Create string         // an entity of this type, with Values
	Update *Entity        // gets Values
	Delete *Entity        //
	Action wire.Operation // any other action, as it is
	Values map[string]any // what Entity.Set takes; immutable attributes too when it creates
}

// Sent is what became of an operation of Send.
type Sent struct {
	Entity *Entity   // that was created or updated
	Reply  wire.Node // the server's whole reply
}

// Send does operations at once, in one request of its own, as Ensure does: nothing of what is recorded goes along, and it stays
// recorded. On success the values are the server's. It is not repeated by itself; when no answer comes the error is a
// *CommitOutcomeUnknownError. Entities that are not committed yet cannot be named: an *OperationError.
func (s *Session) Send(ctx context.Context, operations ...Own) ([]Sent, error) {
	return s.sendAs(ctx, "send", operations...)
}

// sendAs is Send in the name of what was called.
func (s *Session) sendAs(ctx context.Context, op string, operations ...Own) ([]Sent, error) {
	own := make([]ownOperation, len(operations))
	s.mu.Lock()
	for i, o := range operations {
		members, err := s.members(o.Values)
		if err != nil {
			s.mu.Unlock()
			return nil, err
		}
		own[i] = ownOperation{action: o.Action, values: members}
		target := o.Update
		switch {
		case o.Create != "":
			own[i].kind, own[i].typeName = "create", o.Create
			continue
		case o.Delete != nil:
			own[i].kind, target = "delete", o.Delete
		case o.Update != nil:
			own[i].kind = "update"
		default:
			if err := checkAction(o.Action); err != "" {
				s.mu.Unlock()
				return nil, &ArgumentError{op + ": " + err}
			}
			continue
		}
		if target.session != s {
			s.mu.Unlock()
			return nil, &ArgumentError{op + ": an entity belongs to another session"}
		}
		own[i].record = target.record
	}
	s.mu.Unlock()
	records, body, err := s.send(ctx, op, own)
	if err != nil {
		return nil, err
	}
	root, err := wire.Parse(body)
	if err != nil {
		return nil, err
	}
	replies := root.List()
	sent := make([]Sent, len(operations))
	for i, r := range records {
		if sent[i].Reply = replies[i]; r != 0 {
			sent[i].Entity = s.entity(r)
		}
	}
	return sent, nil
}

// SendJSON is Send, in the name of what was called, with operations as commands have them: `{"action": "create", "type", "values"}`, `{"action": "update", "record",
// "values"}`, `{"action": "delete", "record"}`, `{"raw": operation}`. The answer is `{"records": [...], "replies": [...]}`, with 0 for what
// has no entity.
func (s *Session) SendJSON(ctx context.Context, op string, operations wire.Node) ([]byte, error) {
	var own []ownOperation
	for n := range operations.Elements() {
		o := ownOperation{kind: n.Get("action").Text(), typeName: n.Get("type").Text(), record: recordOf(n), values: s.membersOf(n.Get("values"))}
		if raw := n.Get("raw"); raw.Kind() == wire.Object {
			o.kind, o.action = "", wire.Operation{}
			for name, value := range raw.Members() {
				o.action[name] = wire.RawJSON(value.Raw())
			}
		}
		own = append(own, o)
	}
	records, body, err := s.send(ctx, op, own)
	if err != nil {
		return nil, err
	}
	out, err := wire.AppendValue(nil, map[string]any{"records": numbers(records), "replies": wire.RawJSON(body)})
	return out, err
}

// ownOperation is an operation of Send, checked for nothing yet.
type ownOperation struct {
	kind     string // create, update, delete, or "" for an action
	typeName string
	record   store.Record
	values   []member
	action   wire.Operation
}

// checkAction says what is wrong with an operation that is sent as it is, "" for nothing.
func checkAction(action wire.Operation) string {
	if len(action) == 0 {
		return "an operation has neither Create, Update or Delete nor an Action"
	}
	if _, err := wire.AppendValue(nil, action); err != nil {
		return err.Error()
	}
	return ""
}

// send gives the record of each operation, 0 where it has none, and the replies.
func (s *Session) send(ctx context.Context, op string, own []ownOperation) ([]store.Record, []byte, error) {
	release, err := s.holdCommit(ctx, op)
	if err != nil {
		return nil, nil, err
	}
	defer release()
	if len(own) == 0 {
		return nil, []byte("[]"), nil
	}
	s.mu.Lock()
	payloads, operations, err := s.planOwn(op, own)
	s.mu.Unlock()
	if err != nil {
		return nil, nil, err
	}
	t := &taken{made: map[store.Record]bool{}, done: map[*entry]bool{}}
	var body []byte
	err = s.post(ctx, op, wire.AppendOperations(nil, operations...), len(operations), func(replies []wire.Node) error {
		body = append(body, '[')
		var merged []wire.Node
		var planned []*payload
		for i, reply := range replies {
			if i > 0 {
				body = append(body, ',')
			}
			body = append(body, reply.Raw()...)
			if payloads[i] != nil {
				merged, planned = append(merged, reply), append(planned, payloads[i])
			}
		}
		body = append(body, ']')
		return s.accept(t, op, planned, merged)
	})
	if err != nil {
		return nil, nil, err
	}
	records := make([]store.Record, len(payloads))
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, p := range payloads {
		if p != nil && p.action != "delete" {
			records[i] = s.store.Find(p.typ.Name, p.key...)
		}
	}
	return records, body, nil
}

// planOwn makes the request; the payload of an action is nil. The session is locked.
func (s *Session) planOwn(op string, own []ownOperation) ([]*payload, []wire.Operation, error) {
	payloads := make([]*payload, len(own))
	operations := make([]wire.Operation, len(own))
	for i, o := range own {
		if o.kind == "" {
			operations[i] = o.action
			continue
		}
		p := &payload{action: o.kind}
		var err error
		switch o.kind {
		case "create":
			if p.typ, err = s.entityType(o.typeName); err == nil {
				p.data = s.withDefaults(p.typ, o.values)
				p.key, err = s.keyFrom(p.typ, p.data)
			}
		case "update", "delete":
			if p.typ, err = s.writable(o.record); err == nil {
				p.identity.record, p.key, p.data = o.record, s.store.Key(o.record), o.values
				err = s.checkCommitted(op, o.record)
			}
		default:
			err = &ArgumentError{op + ": there is no operation " + strconvQuote(o.kind)}
		}
		if err != nil {
			return nil, nil, err
		}
		for at, m := range p.data {
			if err := s.checkOwn(op, p, m); err != nil {
				return nil, nil, err
			}
			if p.typ.Attribute(m.name).Kind == schema.DateTime {
				p.data[at].value = tagDate(m.value)
			}
		}
		payloads[i], operations[i] = p, s.wireOperation(p)
	}
	return payloads, operations, nil
}

// checkOwn checks a value that is sent by itself. The session is locked.
func (s *Session) checkOwn(op string, p *payload, m member) error {
	if err := s.checkValue(p.typ, m.name, m.value); err != nil {
		return err
	}
	if a := p.typ.Attribute(m.name); p.action == "update" {
		if err := s.checkMutable(p.typ, p.identity.record, a); err != nil {
			return err
		}
	} else if a.Computed {
		return &ImmutableAttributeError{p.typ.Name, a.Name, "the server computes it"}
	}
	for _, r := range m.value.refersTo() {
		if err := s.checkCommitted(op, r); err != nil {
			return err
		}
	}
	return nil
}

// checkCommitted refuses an entity that the server does not have yet. The session is locked.
func (s *Session) checkCommitted(op string, r store.Record) error {
	if p := s.pending[r]; p != nil && p.created {
		return &OperationError{op + ": the " + s.store.Type(r).Name + " is not committed yet: commit it first"}
	}
	return nil
}
