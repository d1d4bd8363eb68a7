package session

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/event"
	"github.com/ftrack-wasm/ftrack-wasm/session/plugin"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/survey"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Session is a connection of one user to one ftrack server. It may be used by several goroutines at once.
type Session struct {
	options Options
	info    ServerInformation
	schemas *schema.Schemas
	hub     *event.Hub
	plugins *plugin.Registered
	key     func() string   // the API key, out of reach of what prints a session's fields; options do not hold it
	tokens  *tokenTransport // nil for a session with an API key
	life    context.Context // ends with Close
	end     context.CancelCauseFunc

	mu       sync.RWMutex // guards the store, and what follows
	store    *store.Store
	opened   time.Time
	entities map[store.Record]entityPointer
	tapes    []*wire.Tape
	watchers func(*store.Changes)

	gathering  *batch          // of populate and get, not sent yet
	unanswered map[lack]uint32 // what the server did not give, and the version of the record then

	log          []*entry // recorded operations
	pending      map[store.Record]*pendingEntity
	changes      map[place]*listChange    // of collections
	inStep       map[place]bool           // local values that only follow from others: they are not sent
	ensuring     map[string]chan struct{} // what Ensure is under way for; each is closed at its end
	otherEnds    map[ends]*schema.Attribute
	notRecording bool

	notPopulating atomic.Bool
	defaults      atomic.Pointer[map[*schema.EntityType][]string] // projections that the program gave

	locations locations // what the program says of them

	customs        map[string]*customValues // by the id of their entity
	configurations []configuration          // of custom attributes; nil until they are asked for
	setValues      map[[2]string]bool       // of custom attributes that are about to be unset: configuration and entity

	keeping   errands       // hands what the server sent to the storage
	surveyed  *survey.Types // of the errands
	heldTapes atomic.Int64  // bytes of tapes that wait with what is to be kept
	cached    sessionCache  // of Options.Cache

	committing chan struct{}         // holds one token while a commit is under way
	sending    atomic.Pointer[taken] // by that commit

	upkeep      *upkeep           // nil until an event or a live query needs it
	reads       map[*reading]bool // that are under way
	accepting   bool              // the reply to a commit is being merged
	conflicts   map[place]bool
	legacyTypes legacyTypes
	local       func(topic string, data []byte) // hears of local events
	upkept      func()                          // hears of changes that the session took in by itself
	holding     func([]store.Record) []bool     // tells which records the caller of a session with KeepRecords holds
}

// ServerInformation is what the server says of itself.
type ServerInformation struct {
	Version    string
	SchemaHash string
	// IsTimezoneSupportEnabled says whether timers are in UTC.
	IsTimezoneSupportEnabled bool
	raw                      []byte
}

// Raw is the whole reply as JSON.
func (i ServerInformation) Raw() []byte { return i.raw }

// New opens a session: it asks the server, in one request, who it is and what entity types it has. ctx bounds the
// opening only. Errors: *OptionError, *wire.NetworkError, *wire.ServerError, *ServerCompatibilityError,
// *UnrecognisedEntityTypeError for a name in EntityTypes.
func New(ctx context.Context, options Options) (*Session, error) {
	options, err := options.resolve()
	if err != nil {
		return nil, err
	}
	key := options.APIKey
	options.APIKey = ""
	s := &Session{options: options, entities: map[store.Record]entityPointer{}, pending: map[store.Record]*pendingEntity{},
		changes: map[place]*listChange{}, ensuring: map[string]chan struct{}{}, inStep: map[place]bool{}, otherEnds: map[ends]*schema.Attribute{}, committing: make(chan struct{}, 1), key: func() string { return key }}
	if options.Token != nil {
		s.tokens = &tokenTransport{inner: options.Transport, source: options.Token}
		s.options.Transport = s.tokens
	}
	s.life, s.end = context.WithCancelCause(context.Background())
	if err := s.open(ctx); err != nil {
		s.end(err)
		return nil, err
	}
	s.useCache()
	s.SetAutoPopulate(!options.NoAutoPopulate)
	for name, factory := range options.EntityTypes {
		if _, err := s.entityType(name); err != nil {
			s.end(err)
			return nil, err
		}
		if factory.DefaultProjections != nil {
			if err := s.SetDefaultProjections(name, factory.DefaultProjections); err != nil {
				s.end(err)
				return nil, err
			}
		}
	}
	s.startEvents(ctx)
	return s, nil
}

// String names the server and the user; it never shows the key.
func (s *Session) String() string { return "Session" + s.options.redacted() }

// GoString is what %#v prints; it never shows the key either.
func (s *Session) GoString() string { return s.String() }

// ServerURL is the server's address without a trailing slash.
func (s *Session) ServerURL() string { return s.options.ServerURL }

// APIUser is the user that operations are recorded against.
func (s *Session) APIUser() string { return s.options.APIUser }

// ClientToken is what the session's requests carry, so that the events of its own changes can be told apart.
func (s *Session) ClientToken() string { return s.options.ClientToken }

// ServerInformation is what the server said of itself when the session opened.
func (s *Session) ServerInformation() ServerInformation { return s.info }

// Schemas are the server's entity types.
func (s *Session) Schemas() *schema.Schemas { return s.schemas }

// Store is the identity map, for a caller on the same thread as everything that changes it: the module's boundary.
// Other callers read through entities.
func (s *Session) Store() *store.Store { return s.store }

// Authentication are the session's credentials, for requests of one's own.
func (s *Session) Authentication() *Authentication {
	authentication := NewAuthentication(s.key(), s.options.APIUser)
	if s.tokens != nil {
		authentication.token = s.tokens.known()
	}
	authentication.none = s.tokens != nil || s.options.NoCredentials
	return authentication
}

// Closed reports whether Close was called.
func (s *Session) Closed() bool { return s.life.Err() != nil }

// Close ends the session: requests under way are cancelled, and every method says ErrConnectionClosed from then on.
// Entities keep the values they have. With Options.Cache it waits until what came is written, for two seconds at most. Closing twice
// is fine.
func (s *Session) Close() error {
	s.endEvents()
	s.end(ErrConnectionClosed)
	if s.cached != nil {
		s.cached.close()
	}
	return nil
}

// OnChanges has f called after every merge, with the session locked: f must not call the session. It replaces the
// function given before.
func (s *Session) OnChanges(f func(*store.Changes)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers = f
}

// entityType finds a type, or says which known one is nearest.
func (s *Session) entityType(name string) (*schema.EntityType, error) {
	if t := s.schemas.Type(name); t != nil {
		return t, nil
	}
	return nil, &UnrecognisedEntityTypeError{Name: name, Nearest: s.schemas.Nearest(name)}
}
