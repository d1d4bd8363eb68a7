package schemacache_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/schemacache"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
)

// server answers in the same process, notes the bodies, and may change what it says.
type server struct {
	handler *sandbox.Server
	sent    []string
	change  func(body []byte) []byte
}

func (s *server) RoundTrip(_ context.Context, request *wire.Request) (*wire.Response, error) {
	r := httptest.NewRequest(http.MethodPost, "/api", bytes.NewReader(request.Body))
	for _, h := range request.Header {
		r.Header.Set(h.Name, h.Value)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	s.sent = append(s.sent, string(request.Body))
	body := w.Body.Bytes()
	if s.change != nil {
		body = s.change(body)
	}
	return &wire.Response{Status: w.Code, Body: body}, nil
}

func newServer(t *testing.T) *server {
	handler, err := sandbox.New(sandbox.Options{User: "demo", Key: "demo-key"})
	require.NoError(t, err)
	return &server{handler: handler}
}

// open opens a session and gives the actions that it sent.
func (s *server) open(t *testing.T, cache session.SchemaCache) (actions []string, types int) {
	t.Helper()
	s.sent = nil
	opened, err := session.New(t.Context(), session.Options{ServerURL: "http://sandbox", APIUser: "demo", APIKey: "demo-key", Transport: s, SchemaCache: cache})
	require.NoError(t, err)
	defer opened.Close()
	for _, body := range s.sent {
		actions = append(actions, strings.Join(strings.Split(strings.NewReplacer(`{"action":"`, "", `"}`, "", "[", "", "]", "").Replace(body), ","), " "))
	}
	return actions, len(opened.Schemas().Types())
}

func TestASecondSessionAsksForNoSchemas(t *testing.T) {
	s := newServer(t)
	folder := schemacache.Folder{Path: filepath.Join(t.TempDir(), "made", "on demand"), Report: func(err error) { t.Error(err) }}
	actions, types := s.open(t, folder)
	assert.Equal(t, []string{"query_server_information query_schemas"}, actions)
	actions, again := s.open(t, folder)
	assert.Equal(t, []string{"query_server_information"}, actions)
	assert.Equal(t, types, again)
	assert.Greater(t, types, 100)
	actions, _ = s.open(t, nil)
	assert.Equal(t, []string{"query_server_information query_schemas"}, actions)
}

func TestSchemasThatChangedAreAskedForAndKept(t *testing.T) {
	s := newServer(t)
	folder := schemacache.Folder{Path: t.TempDir()}
	s.open(t, folder)
	hash, _, ok := folder.LoadSchemas(t.Context(), "http://sandbox")
	require.True(t, ok)
	s.change = func(body []byte) []byte { return bytes.ReplaceAll(body, []byte(hash), []byte("newer")) }
	actions, _ := s.open(t, folder)
	assert.Equal(t, []string{"query_server_information", "query_schemas"}, actions)
	actions, _ = s.open(t, folder)
	assert.Equal(t, []string{"query_server_information"}, actions)
}

func TestAServerThatGivesNoHashIsAskedEachTime(t *testing.T) {
	s := newServer(t)
	folder := schemacache.Folder{Path: t.TempDir()}
	s.change = func(body []byte) []byte { return bytes.ReplaceAll(body, []byte("schema_hash"), []byte("other_hash_")) }
	for range 2 {
		actions, _ := s.open(t, folder)
		assert.Equal(t, []string{"query_server_information query_schemas"}, actions)
	}
	files, err := os.ReadDir(folder.Path)
	require.NoError(t, err)
	assert.Empty(t, files)
}

func TestADamagedFileCountsAsNoneAndIsReplaced(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"cut":             func(b []byte) []byte { return b[:len(b)/2] },
		"empty":           func([]byte) []byte { return nil },
		"a flipped bit":   func(b []byte) []byte { b[len(b)-100] ^= 1; return b },
		"another hash":    func(b []byte) []byte { return bytes.Replace(b, []byte("schemas 1 "), []byte("schemas 1 x"), 1) },
		"another version": func(b []byte) []byte { return bytes.Replace(b, []byte("schemas 1"), []byte("schemas 2"), 1) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			var reported []error
			folder := schemacache.Folder{Path: t.TempDir(), Report: func(err error) { reported = append(reported, err) }}
			s.open(t, folder)
			files, err := filepath.Glob(filepath.Join(folder.Path, "*"))
			require.NoError(t, err)
			require.Len(t, files, 1)
			content, err := os.ReadFile(files[0])
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(files[0], damage(content), 0o600))
			actions, types := s.open(t, folder)
			assert.NotEqual(t, []string{"query_server_information"}, actions)
			assert.Greater(t, types, 100)
			actions, _ = s.open(t, folder)
			assert.Equal(t, []string{"query_server_information"}, actions)
			if name != "another hash" { // that one is whole, and of other schemas
				require.Len(t, reported, 1)
				assert.ErrorContains(t, reported[0], files[0])
			}
		})
	}
}

func TestAFolderThatCannotBeUsedIsReportedAndFailsNoSession(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	var reported []error
	s := newServer(t)
	actions, _ := s.open(t, schemacache.Folder{Path: filepath.Join(file, "below"), Report: func(err error) { reported = append(reported, err) }})
	assert.Equal(t, []string{"query_server_information query_schemas"}, actions)
	assert.NotEmpty(t, reported)
}

func TestServersDoNotMixAndNamesStayInTheFolder(t *testing.T) {
	folder := schemacache.Folder{Path: t.TempDir(), Report: func(err error) { t.Error(err) }}
	urls := []string{"https://a.example", "https://a.example/b", "https://a.example_b", "http://a.example", "https://../../../etc/passwd", "https://" + strings.Repeat("long.", 60) + "example"}
	for _, url := range urls {
		folder.SaveSchemas(t.Context(), url, "h", []byte(url))
	}
	for _, url := range urls {
		_, text, ok := folder.LoadSchemas(t.Context(), url)
		require.True(t, ok, url)
		assert.Equal(t, url, string(text))
	}
	files, err := os.ReadDir(folder.Path)
	require.NoError(t, err)
	assert.Len(t, files, len(urls))
}

func TestSeveralWritersLeaveAWholeFile(t *testing.T) {
	folder := schemacache.Folder{Path: t.TempDir(), Report: func(err error) { t.Error(err) }}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			text := bytes.Repeat([]byte{byte('a' + i)}, 100_000)
			for range 10 {
				folder.SaveSchemas(t.Context(), "https://a.example", "h", text)
				_, stored, ok := folder.LoadSchemas(t.Context(), "https://a.example")
				assert.True(t, ok)
				assert.Equal(t, bytes.Repeat(stored[:1], 100_000), stored)
			}
		})
	}
	wg.Wait()
	files, err := os.ReadDir(folder.Path)
	require.NoError(t, err)
	assert.Len(t, files, 1)
}

func TestTheDefaultFolderIsThatOfTheEnvironment(t *testing.T) {
	t.Setenv("FTRACK_API_SCHEMA_CACHE_PATH", "/somewhere")
	path, err := schemacache.DefaultPath()
	require.NoError(t, err)
	assert.Equal(t, "/somewhere", path)
	t.Setenv("FTRACK_API_SCHEMA_CACHE_PATH", "")
	t.Setenv("XDG_CACHE_HOME", "/cache")
	t.Setenv("HOME", "/home/x")
	path, err = schemacache.DefaultPath()
	require.NoError(t, err)
	assert.Equal(t, "ftrack-wasm", filepath.Base(path))
}
