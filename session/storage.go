package session

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Storage keeps the replies to queries from session to session. It reports its own problems: to a session, one that fails has
// nothing. Keys are texts of any length, different for each server, user and version of the schemas; what is kept bears a checksum, by
// which sessions tell what is damaged.
type Storage interface {
	// LoadReply gives what was kept under a key and when it came; the caller owns the bytes.
	LoadReply(ctx context.Context, key string) (kept []byte, at time.Time, ok bool)
	// SaveReply keeps something in the place of what was there. It owns the bytes, and does not wait for them to be written.
	SaveReply(key string, kept []byte, at time.Time)
}

// replyKey is what the reply to an expression is kept under.
func (s *Session) replyKey(expression string) string {
	return strings.Join([]string{"reply", s.options.ServerURL, s.options.APIUser, s.info.SchemaHash, expression}, "\n")
}

// keepReply has a reply kept, without the values that the server computes: they can carry keys in their addresses, and nobody
// would take them from a reply that was kept.
func (s *Session) keepReply(expression string, data wire.Node, body []byte, at time.Time) {
	kept := make([]byte, sumLength+len(body))
	copied := kept[sumLength:]
	copy(copied, body)
	if s.computes(body) {
		s.blankComputed(data, copied)
	}
	wire.PutWord(kept, wire.Sum(copied))
	s.options.Storage.SaveReply(s.replyKey(expression), kept, at)
}

// keptReply is a reply that was kept, and when it came; false for none, and for one that is damaged.
func (s *Session) keptReply(ctx context.Context, expression string) (body []byte, at time.Time, ok bool) {
	kept, at, ok := s.options.Storage.LoadReply(ctx, s.replyKey(expression))
	if !ok || len(kept) < sumLength || wire.Word(kept) != wire.Sum(kept[sumLength:]) {
		return nil, at, false
	}
	return kept[sumLength:], at, true
}

// sumLength is how many bytes of what is kept are its checksum; the reply follows.
const sumLength = 8

// computes reports whether the name of a computed attribute stands in a reply.
func (s *Session) computes(body []byte) bool {
	seen := map[string]bool{}
	for _, t := range s.schemas.Types() {
		for _, a := range t.Attributes {
			if a.Computed && !seen[a.Name] {
				seen[a.Name] = true
				if bytes.Contains(body, []byte(strconvQuote(a.Name))) {
					return true
				}
			}
		}
	}
	return false
}

// blankComputed overwrites the values of computed attributes, wherever in the rows their entities stand.
func (s *Session) blankComputed(n wire.Node, body []byte) {
	switch n.Kind() {
	case wire.Array:
		for element := range n.Elements() {
			s.blankComputed(element, body)
		}
	case wire.Object:
		var t *schema.EntityType
		if name := n.Get("__entity_type__"); name.Kind() == wire.String {
			t = s.schemas.Type(name.Text())
		}
		for name, value := range n.Members() {
			if a := attributeNamed(t, name); a == nil || !a.Computed {
				s.blankComputed(value, body)
				continue
			}
			offset, length := value.Span()
			if value.Kind() == wire.String {
				offset, length = offset-1, length+2
			}
			for i := range length {
				body[offset+i] = ' '
			}
			body[offset] = '0'
		}
	}
}

func attributeNamed(t *schema.EntityType, name string) *schema.Attribute {
	if t == nil {
		return nil
	}
	return t.Attribute(name)
}
