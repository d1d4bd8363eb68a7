package session

import (
	"context"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/survey"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Storage keeps what the server sent from session to session: replies to queries, and the entities in them. It gives back whole
// what was saved, or nothing, and it reports its own problems: to a session, one that fails has nothing. Its methods may be
// called from several goroutines at once.
type Storage interface {
	// LoadReply gives what was saved last under a key, any time ago.
	LoadReply(ctx context.Context, key string) (Kept, bool)
	// LoadEntity gives what is kept of one entity and came within a span of time: a JSON array of objects with its type and key in
	// them, the newest first, each with some of its attributes. false for nothing, and for one that is known to be deleted.
	LoadEntity(ctx context.Context, identity Identity, within Span) (objects []byte, ok bool)
	// Save keeps something, in the place of what was there under its key. It owns what it is given, and does not wait for it to
	// be written.
	Save(saved *Saved)
}

// Identity names an entity.
type Identity struct {
	Type string // the concrete type, or one above it
	Key  []string
	// Hash is the same whichever type the entity is named by, and differs from that of any other entity.
	Hash uint64
}

// Span is a time from one moment to another, both included; the zero Span is all time.
type Span struct{ From, To time.Time }

// Holds reports whether a moment lies in the span.
func (s Span) Holds(at time.Time) bool {
	return s == Span{} || !at.Before(s.From) && !at.After(s.To)
}

// Saved is something to be kept.
type Saved struct {
	// Key is a text of any length, different for each server, user, credentials and version of the schemas; "" for what is only
	// looked for by the entities in it, such as those that a commit changed.
	Key string
	// Body is JSON: the reply to a query, or an array of entities, without what the server computes.
	Body []byte
	// At is when the server was asked for it; of what a commit changed, when the server's answer came.
	At time.Time
	// Places are the entities in Body that have more than their key, however deep they stand, sorted by Hash.
	Places []Place
	// Gone are entities that were deleted on the server.
	Gone []Identity

	schemas *schema.Schemas
}

// Place is where an entity stands in a body: an object of JSON.
type Place = survey.Place

// Identity reads the type and the key of the entity in a place.
func (s *Saved) Identity(p Place) Identity {
	object, _ := wire.Parse(s.Body[p.Offset : p.Offset+p.Length])
	name := object.Get("__entity_type__").Text()
	return Identity{Type: name, Key: keyIn(object, survey.PrimaryKey(s.schemas.Type(name))), Hash: p.Hash}
}

// Kept is a reply that was saved.
type Kept struct {
	Body []byte // the caller owns it
	// Recycle, when set, takes Body back once nothing refers to it any more.
	Recycle func(body []byte)
	At      time.Time
	// Newer is a JSON array of what came later than Body of the entities that stand in it, the newest first; nil for nothing.
	Newer []byte
	// Gone are the offsets in Body of entities that have been deleted since.
	Gone map[int]bool
}

// identity names an entity of a type.
func (s *Session) identity(entityType string, key ...string) Identity {
	return Identity{entityType, key, survey.Hash(survey.RootName(s.schemas, entityType), key)}
}
