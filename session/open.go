package session

import (
	"context"
	"errors"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// SchemaCache keeps the schemas of servers between sessions: their text as the server sent it, a JSON array that is not to be
// changed, with the hash that the server gave for it. It reports its own problems: to a session, one that fails has nothing. The
// package schemacache has one for folders.
type SchemaCache interface {
	// LoadSchemas gives what was saved for a server, and whether anything was.
	LoadSchemas(ctx context.Context, serverURL string) (hash string, text []byte, ok bool)
	// SaveSchemas keeps schemas in the place of what was there.
	SaveSchemas(ctx context.Context, serverURL, hash string, text []byte)
}

// open asks the server about itself, and for its schemas unless it still has those that were kept: in one request when
// none were.
func (s *Session) open(ctx context.Context) error {
	if s.options.SchemaCache != nil {
		if hash, text, ok := s.options.SchemaCache.LoadSchemas(ctx, s.options.ServerURL); ok && hash != "" {
			return s.openWith(ctx, hash, text)
		}
	}
	body := wire.AppendOperations(nil, wire.QueryServerInformation(), wire.QuerySchemas())
	return s.read(ctx, "open", body, 2, func(_ *reading, replies []wire.Node) error {
		if err := s.takeInformation(ctx, replies[0]); err != nil {
			return err
		}
		return s.takeSchemas(ctx, replies[1])
	})
}

// openWith opens with schemas that were kept. They are read while the server answers.
func (s *Session) openWith(ctx context.Context, hash string, text []byte) error {
	parsed := make(chan *schema.Schemas, 1)
	go func() {
		schemas, err := schema.Parse(text)
		if err != nil {
			schemas = nil // damaged: asked for again
		}
		parsed <- schemas
	}()
	if s.options.OpenEarly {
		schemas := <-parsed
		if schemas != nil {
			s.openKept(hash, schemas)
			return s.breatheOpening(ctx)
		}
		parsed <- nil
	}
	ask := func(attempts int) error {
		body := wire.AppendOperations(nil, wire.QueryServerInformation())
		return s.readWithin(ctx, "open", body, 1, attempts, nil, func(_ *reading, replies []wire.Node) error {
			return s.takeInformation(ctx, replies[0])
		})
	}
	attempts := 0
	if s.options.OpenOffline {
		attempts = 1 // what is kept is worth more than a second attempt
	}
	err := ask(attempts)
	var network *wire.NetworkError
	if s.options.OpenOffline && errors.As(err, &network) {
		schemas := <-parsed
		if schemas != nil {
			s.openKept(hash, schemas)
			return nil
		}
		parsed <- nil
	}
	if s.options.OpenOffline && wire.Retryable(err) {
		err = ask(0)
	}
	if err != nil {
		return err
	}
	if schemas := <-parsed; schemas != nil && s.info.SchemaHash == hash {
		s.takeStore(schemas)
		return s.breatheOpening(ctx)
	}
	return s.read(ctx, "open", wire.AppendOperations(nil, wire.QuerySchemas()), 1, func(_ *reading, replies []wire.Node) error {
		return s.takeSchemas(ctx, replies[0])
	})
}

// openKept opens with what is kept: nothing is known of the server but its schemas.
func (s *Session) openKept(hash string, schemas *schema.Schemas) {
	s.info = ServerInformation{SchemaHash: hash}
	s.info.raw, _ = wire.AppendValue(nil, map[string]any{"schema_hash": hash})
	s.takeStore(schemas)
}

// Check asks the server about itself, once, and gives its answer as JSON: whether it can be reached, and still takes the session's
// credentials. A session that has opened without the server's answer learns by it what it would have met then.
func (s *Session) Check(ctx context.Context) ([]byte, error) {
	var answer []byte
	body := wire.AppendOperations(nil, wire.QueryServerInformation())
	err := s.readWithin(ctx, "open", body, 1, 1, nil, func(_ *reading, replies []wire.Node) error {
		answer = append([]byte(nil), replies[0].Raw()...)
		return checkCompatibility(replies[0].Get("version").Text())
	})
	return answer, err
}

func (s *Session) takeInformation(ctx context.Context, info wire.Node) error {
	s.info = ServerInformation{
		Version: info.Get("version").Text(), SchemaHash: info.Get("schema_hash").Text(),
		IsTimezoneSupportEnabled: info.Get("is_timezone_support_enabled").Bool(),
		raw:                      append([]byte(nil), info.Raw()...),
	}
	if err := checkCompatibility(s.info.Version); err != nil {
		return err
	}
	return s.breatheOpening(ctx)
}

// takeSchemas takes the server's schemas and has them kept, unless the server does not say when they change.
func (s *Session) takeSchemas(ctx context.Context, reply wire.Node) error {
	text := append([]byte(nil), reply.Raw()...)
	schemas, err := schema.Parse(text)
	if err != nil {
		return &wire.ServerError{Op: "open", Exception: "InvalidSchemas", Content: err.Error()}
	}
	s.takeStore(schemas)
	if s.options.SchemaCache != nil && s.info.SchemaHash != "" {
		s.options.SchemaCache.SaveSchemas(ctx, s.options.ServerURL, s.info.SchemaHash, text)
	}
	return s.breatheOpening(ctx)
}

// takeStore begins with an empty identity map.
func (s *Session) takeStore(schemas *schema.Schemas) {
	s.schemas, s.store = schemas, store.New(schemas)
	s.opened = s.options.Now()
	s.store.Clock = func() uint32 { return s.clock(s.options.Now()) }
}

func (s *Session) breatheOpening(ctx context.Context) error {
	if err := s.breathe(ctx); err != nil {
		return s.endedOr(ctx, "open", &AbortError{Op: "open", Err: err})
	}
	return nil
}
