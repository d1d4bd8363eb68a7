package session

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// guarded is a gateway that takes one token at a time.
type guarded struct {
	*script
	mu     sync.Mutex
	good   string
	seen   []string // tokens, in the order in which they came
	header [][]wire.Header
}

func (g *guarded) RoundTrip(ctx context.Context, r *wire.Request) (*wire.Response, error) {
	token := ""
	for _, h := range r.Header {
		if h.Name == "authorization" {
			token += h.Value
		}
	}
	g.mu.Lock()
	g.seen, g.header = append(g.seen, token), append(g.header, r.Header)
	good := g.good
	g.mu.Unlock()
	if token != "Bearer "+good {
		return &wire.Response{Status: 401, Body: []byte(`{"exception":"InvalidCredentialsError","content":"The token ` + token + ` has expired.","error_code":"token_expired"}`)}, nil
	}
	return g.script.RoundTrip(ctx, r)
}

func (g *guarded) expect(token string) { g.mu.Lock(); g.good = token; g.mu.Unlock() }

// counted is a source of the tokens token-1, token-2 and so on.
type counted struct {
	mu    sync.Mutex
	count int
	err   error
	wait  time.Duration
}

func (c *counted) token(ctx context.Context) (string, error) {
	if c.wait > 0 {
		select {
		case <-time.After(c.wait):
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	return "token-" + strconv.Itoa(c.count), c.err
}

func openWithToken(t *testing.T, g *guarded, source TokenSource) *Session {
	t.Helper()
	s, err := New(context.Background(), Options{ServerURL: "https://gateway.test", APIUser: "ada", Token: source, Transport: g,
		Env: func(name string) string { return map[string]string{"FTRACK_API_KEY": plantedKey}[name] }})
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

func TestTokenStandsInThePlaceOfTheKey(t *testing.T) {
	g := &guarded{script: &script{answer: pages(3)}, good: "only"}
	s := openWithToken(t, g, StaticToken("only"))
	q, err := s.Query("select name from Task")
	require.NoError(t, err)
	rows, err := q.All(context.Background())
	require.NoError(t, err)
	assert.Len(t, rows, 3)
	for _, header := range g.header {
		for _, h := range header {
			assert.NotContains(t, []string{"ftrack-user", "ftrack-api-key"}, h.Name)
			assert.NotContains(t, h.Value, plantedKey, "the key of the environment is not for gateways")
		}
	}
	assert.Equal(t, []wire.Header{{Name: "authorization", Value: "Bearer only"}}, s.Authentication().Apply(nil))
	assert.NotContains(t, s.Authentication().String(), "only")
	_, err = New(context.Background(), Options{ServerURL: "https://gateway.test", APIUser: "ada", APIKey: "k", Token: StaticToken("t"), Transport: g})
	var wrong *OptionError
	require.ErrorAs(t, err, &wrong)
}

func TestExpiredTokenIsAskedForOnceMore(t *testing.T) {
	g, source := &guarded{script: &script{answer: pages(3)}, good: "token-1"}, &counted{}
	s := openWithToken(t, g, source.token)
	query := func() error {
		q, err := s.Query("select name from Task")
		require.NoError(t, err)
		_, err = q.All(context.Background())
		return err
	}
	require.NoError(t, query())
	assert.Equal(t, 1, source.count, "a token serves until it is refused")
	g.expect("token-2")
	require.NoError(t, query())
	assert.Equal(t, []string{"Bearer token-1", "Bearer token-1", "Bearer token-1", "Bearer token-2"}, g.seen)
	g.expect("another")
	err := query()
	require.ErrorIs(t, err, wire.ErrAuthentication)
	assert.Equal(t, 3, source.count, "not more than once for a request")
	for _, token := range []string{"token-2", "token-3"} {
		assert.NotContains(t, err.Error(), token)
	}
	assert.Contains(t, err.Error(), "[redacted]")
}

func TestRefusedTokenTextIsNotSentAgain(t *testing.T) {
	g := &guarded{script: &script{answer: pages(3)}, good: "another"}
	_, err := New(context.Background(), Options{ServerURL: "https://gateway.test", APIUser: "ada", Token: StaticToken("old"), Transport: g})
	require.ErrorIs(t, err, wire.ErrAuthentication)
	assert.Len(t, g.seen, 1)
	assert.NotContains(t, err.Error(), "old")
}

func TestCommitIsSentAgainWithAFreshToken(t *testing.T) {
	g, source := &guarded{script: &script{}, good: "token-1"}, &counted{}
	commits := 0
	g.answer = func(_ context.Context, _ int, operations []map[string]any) (*wire.Response, error) {
		commits++
		return ok(`[{"action":"create","data":{"__entity_type__":"Task","id":"` + operations[0]["entity_data"].(map[string]any)["id"].(string) + `"}}]`), nil
	}
	s := openWithToken(t, g, source.token)
	_, err := s.Create("Task", map[string]any{"name": "a"})
	require.NoError(t, err)
	g.expect("token-2")
	_, err = s.Commit(context.Background(), CommitOptions{})
	require.NoError(t, err)
	assert.Equal(t, 1, commits)
}

func TestRequestsShareOneQuestionForAToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, source := &guarded{script: &script{answer: pages(3)}, good: "token-1"}, &counted{wait: time.Second}
		s := openWithToken(t, g, source.token)
		g.expect("token-2")
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				q, err := s.Query("select name from Task")
				assert.NoError(t, err)
				_, err = q.All(context.Background())
				assert.NoError(t, err)
			})
		}
		all.Wait()
		assert.Equal(t, 2, source.count)
	})
}

func TestWaitForATokenEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, source := &guarded{script: &script{answer: pages(3)}, good: "token-1"}, &counted{}
		s := openWithToken(t, g, source.token)
		g.expect("token-2")
		source.wait = time.Hour
		ask := func(ctx context.Context) error {
			q, err := s.Query("select name from Task")
			require.NoError(t, err)
			_, err = q.All(ctx)
			return err
		}
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(time.Second, cancel)
		var aborted *AbortError
		require.ErrorAs(t, ask(ctx), &aborted)
		time.AfterFunc(time.Second, func() { s.Close() })
		require.ErrorIs(t, ask(context.Background()), ErrConnectionClosed)
	})
}

func TestSourceWithoutATokenIsARefusal(t *testing.T) {
	g := &guarded{script: &script{answer: pages(3)}, good: "token-1"}
	for name, source := range map[string]TokenSource{
		"error": (&counted{err: errors.New("signed out")}).token, "empty": StaticToken(""), "line break": StaticToken("a\nb"),
	} {
		_, err := New(context.Background(), Options{ServerURL: "https://gateway.test", APIUser: "ada", Token: source, Transport: g})
		require.ErrorIs(t, err, wire.ErrAuthentication, name)
		if name == "error" {
			assert.Contains(t, err.Error(), "signed out")
		}
	}
	assert.Empty(t, g.seen)
}

func TestSourceThatReachesNobodyIsANetworkThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lost := &url.Error{Op: "Get", URL: "https://sign-in.test", Err: &net.OpError{Op: "dial", Err: errors.New("no route to host")}}
		g, asked := &guarded{script: &script{answer: pages(3)}, good: "token"}, 0
		s := openWithToken(t, g, func(context.Context) (string, error) {
			if asked++; asked <= 2 {
				return "", lost
			}
			return "token", nil
		})
		assert.Equal(t, 3, asked, "it is asked again")
		require.NoError(t, s.Close())
		_, err := New(context.Background(), Options{ServerURL: "https://gateway.test", APIUser: "ada", Transport: g, Timeout: time.Second,
			Token: func(context.Context) (string, error) { return "", lost }})
		var network *wire.NetworkError
		require.ErrorAs(t, err, &network)
		assert.ErrorIs(t, err, lost)
		assert.NotErrorIs(t, err, wire.ErrAuthentication)
	})
}
