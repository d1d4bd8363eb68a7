package gateway_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/gateway"
)

const (
	apiKey = "planted/key+7f3c9a52-4d1e"
	page   = "https://dash.example"
)

var (
	oldSecret = []byte("the old secret of the gateway's tests, 2025")
	newSecret = []byte("the new secret of the gateway's tests, 2026")
	edPrivate = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
)

// keySet is the file that the gateways of the tests verify tokens with.
func keySet() string {
	b64 := base64.RawURLEncoding.EncodeToString
	return fmt.Sprintf(`{"keys":[{"kty":"oct","kid":"old","k":%q},{"kty":"oct","kid":"new","k":%q},{"kty":"OKP","crv":"Ed25519","kid":"ed","x":%q}]}`,
		b64(oldSecret), b64(newSecret), b64(edPrivate.Public().(ed25519.PublicKey)))
}

// config is what a gateway of the tests is started with.
type config struct {
	target    string
	maxBody   int64
	maxUpload int64
	burst     int // 0 for no limit
	life      time.Duration
}

// a subject is one way to run the gateway; start gives its address.
type subject struct {
	name  string
	start func(t testing.TB, c config) string
}

var native = subject{"native", func(t testing.TB, c config) string {
	keys, err := gateway.ParseKeys([]byte(keySet()))
	require.NoError(t, err)
	options := gateway.Options{
		Target: c.target, APIKey: apiKey, Keys: keys, Origins: []string{page, "http://localhost:5173"},
		Cache: gateway.NewMemory(1<<20, nil), MaxBody: c.maxBody, MaxUpload: c.maxUpload, SocketLife: c.life,
	}
	if c.burst > 0 {
		options.Limiter = gateway.NewRate(0.001, c.burst, nil)
	}
	g, err := gateway.New(options)
	require.NoError(t, err)
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	return server.URL
}}

// everywhere runs a test against each way to run the gateway.
func everywhere(t *testing.T, c config, test func(t *testing.T, address string)) {
	for _, s := range subjects() {
		t.Run(s.name, func(t *testing.T) { test(t, s.start(t, c)) })
	}
}

// token signs one. edit changes its claims, nil for none.
func token(kid string, edit func(claims jwt.MapClaims)) string {
	claims := jwt.MapClaims{"sub": "ada", "scope": "write", "aud": gateway.DefaultAudience, "exp": time.Now().Add(time.Hour).Unix()}
	if edit != nil {
		edit(claims)
	}
	var signing jwt.SigningMethod = jwt.SigningMethodHS256
	var key any = newSecret
	switch kid {
	case "old":
		key = oldSecret
	case "ed":
		signing, key = jwt.SigningMethodEdDSA, edPrivate
	}
	made := jwt.NewWithClaims(signing, claims)
	if kid != "" {
		made.Header["kid"] = kid
	}
	signed, err := made.SignedString(key)
	if err != nil {
		panic(err)
	}
	return signed
}

func scoped(scope string) string {
	return token("new", func(c jwt.MapClaims) { c["scope"] = scope })
}

// seen is a request as it reached the server.
type seen struct {
	Method, Path, Query string
	Header              http.Header
	Body                []byte
}

// ftrack is a server that records what reaches it.
type ftrack struct {
	*httptest.Server
	mu     sync.Mutex
	seen   []seen
	answer http.HandlerFunc // nil answers each operation with its action
}

func newFtrack(t testing.TB, answer http.HandlerFunc) *ftrack {
	f := &ftrack{answer: answer}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f.answer != nil && (r.Method == http.MethodPut || r.URL.Path != "/api") {
			f.note(r, nil)
			f.answer(w, r)
			return
		}
		body, _ := io.ReadAll(r.Body)
		f.note(r, body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if f.answer != nil {
			f.answer(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		var operations []map[string]any
		if json.Unmarshal(body, &operations) != nil {
			operations = nil
		}
		replies := make([]any, len(operations))
		for i, operation := range operations {
			replies[i] = map[string]any{"action": operation["action"]}
		}
		_ = json.NewEncoder(w).Encode(replies)
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *ftrack) note(r *http.Request, body []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = append(f.seen, seen{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, r.Header.Clone(), body})
}

// requests are those that came since the last call.
func (f *ftrack) requests() []seen {
	f.mu.Lock()
	defer f.mu.Unlock()
	got := f.seen
	f.seen = nil
	return got
}

// reply is an answer as a client sees it.
type reply struct {
	status int
	header http.Header
	body   string
}

func (r reply) refusal(t *testing.T) (exception, code string) {
	t.Helper()
	var said struct {
		Exception, Content string
		Code               *string `json:"error_code"`
	}
	require.NoError(t, json.Unmarshal([]byte(r.body), &said), r.body)
	require.NotEmpty(t, said.Content)
	if said.Code != nil {
		code = *said.Code
	}
	return said.Exception, code
}

var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: 2 * time.Minute}

// ask sends a request; header alternates names and values.
func ask(t testing.TB, method, url, body string, header ...string) reply {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	require.NoError(t, err)
	if body == "" {
		r.Body, r.ContentLength = nil, 0
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	response, err := client.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return reply{response.StatusCode, response.Header, string(text)}
}

func bearer(token string) []string { return []string{"Authorization", "Bearer " + token} }

const query = `[{"action":"query","expression":"select name from Task"}]`
