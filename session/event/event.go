package event

import (
	"sync/atomic"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Event is something that happened, or that somebody asks for. Once published or received its fields do not change.
// Use it by pointer.
type Event struct {
	ID    string
	Topic string
	// Data is the event's own content, usually an object. Missing is sent as {}.
	Data wire.Node
	// Source tells who published: an object with id, applicationId, user (an object with username) and more. Missing is sent as
	// null; a hub puts its own in its place.
	Source wire.Node
	// Sent is when, as the event server has it; "" is sent as null.
	Sent string
	// Target is an expression over the metadata of subscribers: only those that it matches get the event. "" is all of them.
	Target string
	// InReplyToEvent is the id of the event that this one answers, "" for none.
	InReplyToEvent string

	stopped  atomic.Bool
	local    bool      // published by PublishLocal, or by the hub itself
	document wire.Node // what it was read from, Missing where it was made here
}

// New makes an event without an id, which it gets when it is published. Data may be what wire.AppendValue takes;
// a failure is a *wire.EncodeError.
func New(topic string, data any) (*Event, error) {
	node, err := Node(data)
	if err != nil {
		return nil, err
	}
	return &Event{Topic: topic, Data: node}, nil
}

// Node makes a node of a Go value. It takes what wire.AppendValue does, and nodes; nil gives the Missing node.
func Node(value any) (wire.Node, error) {
	switch v := value.(type) {
	case nil:
		return wire.Node{}, nil
	case wire.Node:
		return v, nil
	}
	text, err := wire.AppendValue(nil, value)
	if err != nil {
		return wire.Node{}, err
	}
	return wire.Parse(text)
}

// ParseEvent reads the JSON of an event, which must not change afterwards. What is no JSON is a *wire.SyntaxError, what is no
// event a *PacketError.
func ParseEvent(text []byte) (*Event, error) {
	node, err := wire.Parse(text)
	if err != nil {
		return nil, err
	}
	return FromNode(node)
}

// members are those of an event's document, as FromNode looks for them.
var members = [...]string{"id", "topic", "data", "source", "target", "inReplyToEvent", "sent"}

// FromNode makes an event of a scanned document: an object with a topic. Members of another kind than they should be count as
// not there. What is no event is a *PacketError.
func FromNode(node wire.Node) (*Event, error) {
	if node.Kind() != wire.Object {
		return nil, &PacketError{Reason: "an event that is " + node.Kind().String() + " and no object"}
	}
	var found [len(members)]wire.Node
	node.Find(members[:], found[:])
	e := &Event{document: node, ID: found[0].Text(), Topic: found[1].Text(), Data: found[2], Source: found[3], Target: found[4].Text(), InReplyToEvent: found[5].Text()}
	if e.Topic == "" {
		return nil, &PacketError{Reason: "an event without a topic"}
	}
	switch sent := found[6]; sent.Kind() {
	case wire.String:
		e.Sent = sent.Text()
	case wire.Number:
		e.Sent = string(sent.Raw())
	}
	return e, nil
}

// AppendJSON appends the event as the event server takes it.
func (e *Event) AppendJSON(out []byte) []byte {
	out = wire.AppendText(append(out, `{"id":`...), e.ID)
	out = appendNode(append(out, `,"data":`...), e.Data, "{}")
	out = wire.AppendText(append(out, `,"topic":`...), e.Topic)
	out = appendText(append(out, `,"sent":`...), e.Sent)
	out = appendNode(append(out, `,"source":`...), e.Source, "null")
	out = wire.AppendText(append(out, `,"target":`...), e.Target)
	out = appendText(append(out, `,"inReplyToEvent":`...), e.InReplyToEvent)
	return append(out, '}')
}

func appendNode(out []byte, node wire.Node, missing string) []byte {
	if node.Kind() == wire.Missing {
		return append(out, missing...)
	}
	return append(out, node.Raw()...)
}

func appendText(out []byte, text string) []byte {
	if text == "" {
		return append(out, "null"...)
	}
	return wire.AppendText(out, text)
}

// Stop keeps the event from the subscribers that come after the one that calls it.
func (e *Event) Stop() { e.stopped.Store(true) }

// Stopped reports whether Stop was called.
func (e *Event) Stopped() bool { return e.stopped.Load() }

// Local reports whether the event stays in its hub; nobody answers it.
func (e *Event) Local() bool { return e.local }

// SourceID is the id of the hub that published, "" when unknown.
func (e *Event) SourceID() string { return e.Source.Get("id").Text() }

// ClientToken is that of the session whose change the event tells of, "" when unknown.
func (e *Event) ClientToken() string {
	if token := e.Data.Get("clientToken").Text(); token != "" {
		return token
	}
	return e.Source.Get("clientToken").Text()
}

// Lookup is the value of a field of the event, its names being those of the document: data.entities, source.user.username.
// Missing when there is none.
func (e *Event) Lookup(path []string) wire.Node {
	switch path[0] {
	case "data":
		return Walk(e.Data, path[1:])
	case "source":
		return Walk(e.Source, path[1:])
	}
	if len(path) > 1 {
		return wire.Node{}
	}
	text := ""
	switch path[0] {
	case "topic":
		text = e.Topic
	case "id":
		text = e.ID
	case "sent":
		text = e.Sent
	case "target":
		text = e.Target
	case "inReplyToEvent":
		text = e.InReplyToEvent
	default:
		return wire.Node{}
	}
	if node := e.document.Get(path[0]); node.Is(text) {
		return node
	}
	return textNode(text)
}

// Walk is the value at a path of member names, Missing when there is none.
func Walk(node wire.Node, path []string) wire.Node {
	for _, name := range path {
		node = node.Get(name)
	}
	return node
}

func textNode(text string) wire.Node {
	node, _ := wire.Parse(wire.AppendText(nil, text))
	return node
}
