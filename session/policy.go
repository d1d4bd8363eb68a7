package session

import (
	"context"
	"errors"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Policy says where a query's rows come from: the server, or the storage that keeps what earlier queries brought.
type Policy string

// The policies. NetworkOnly is the default of Go programs. All but it keep what the server sends.
const (
	NetworkOnly     Policy = "network-only"      // the server, and nothing is kept
	NetworkFirst    Policy = "network-first"     // the server; what is kept when the network fails
	CacheFirst      Policy = "cache-first"       // what is kept and no older than MaxAge, else the server
	CacheAndNetwork Policy = "cache-and-network" // what is kept at once, the server's rows after it: see Query.Fresh
	CacheOnly       Policy = "cache-only"        // what is kept, else ErrNotKept
)

// networkOrNothing is NetworkFirst without what is kept: of the fresh rows behind kept ones.
const networkOrNothing Policy = "network"

// ErrNotKept is the cause of the *wire.NetworkError of a query that may use the storage only, which has nothing of it.
var ErrNotKept = errors.New("nothing of it is kept")

// check refuses what is no policy, "" excepted.
func (p Policy) check() error {
	switch p {
	case "", NetworkOnly, NetworkFirst, CacheFirst, CacheAndNetwork, CacheOnly:
		return nil
	}
	return &ArgumentError{"query: there is no policy " + strconvQuote(string(p)) +
		"; known are network-only, network-first, cache-first, cache-and-network, cache-only"}
}

// Freshness says where rows come from.
type Freshness struct {
	FromCache bool
	FetchedAt time.Time // when the server sent them; of several pages, the oldest
	Stale     bool      // they are kept ones, because the network failed, or because the server's are yet to come
}

// and is the freshness of rows that came in several pages.
func (f Freshness) and(other Freshness) Freshness {
	if !f.FetchedAt.IsZero() && f.FetchedAt.Before(other.FetchedAt) {
		other.FetchedAt = f.FetchedAt
	}
	return Freshness{f.FromCache || other.FromCache, other.FetchedAt, f.Stale || other.Stale}
}

// obtain gets the reply to a query as a policy wants it.
func (s *Session) obtain(ctx context.Context, policy Policy, expression string, page *fetchedPage) error {
	kept := func(stale bool, maxAge time.Duration) bool {
		found, ok := s.keptReply(s.life, expression) // the request's time may be over
		age := s.options.Now().Sub(found.At)
		if !ok || maxAge > 0 && (age > maxAge || age < -clockSkew) {
			return false
		}
		page.response, page.kept = &wire.Response{Status: 200, Body: found.Body, Recycle: found.Recycle}, &found
		page.freshness = Freshness{FromCache: true, FetchedAt: found.At, Stale: stale}
		return true
	}
	if s.options.Storage == nil {
		if policy == CacheOnly {
			return s.notKept("query")
		}
		policy = NetworkOnly
	}
	switch policy {
	case CacheFirst:
		if kept(false, s.options.MaxAge) {
			return nil
		}
	case CacheAndNetwork:
		if kept(true, 0) {
			return nil
		}
	case CacheOnly:
		if !kept(false, 0) {
			return s.notKept("query")
		}
		return nil
	}
	body := wire.AppendOperations(nil, wire.Query(expression))
	var instead func() bool
	if policy != NetworkOnly && policy != networkOrNothing {
		instead = func() bool { return kept(true, 0) }
	}
	page.asked = s.options.Now()
	response, err := s.fetch(ctx, "query", body, 0, page.read, instead)
	switch {
	case err == errInstead:
		return nil
	case err != nil:
		return err
	}
	page.response = response
	page.freshness = Freshness{FetchedAt: s.options.Now()}
	page.keep = policy != NetworkOnly
	return nil
}

func (s *Session) notKept(op string) error {
	return &wire.NetworkError{Op: op, URL: s.options.ServerURL + "/api", Err: ErrNotKept}
}

// clockSkew is how far in the future a reply may have come: beyond it the clock was set back, and nobody knows its age.
const clockSkew = time.Minute
