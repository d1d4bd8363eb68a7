package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/location"
	"github.com/ftrack-wasm/ftrack-wasm/session/location/accessortest"
	"github.com/ftrack-wasm/ftrack-wasm/session/location/server"
	"github.com/ftrack-wasm/ftrack-wasm/session/nethttp"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
)

const key = "planted-key-4711"

// serve starts a sandbox, whose requests for data are kept, and a session of it.
func serve(t *testing.T, assume sandbox.Assumptions) (*sandbox.Server, *session.Session, *requests) {
	sandboxed, err := sandbox.New(sandbox.Options{User: "ada", Key: key, Assume: assume})
	require.NoError(t, err)
	asked := &requests{}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api" {
			asked.add(r)
		}
		sandboxed.ServeHTTP(w, r)
	}))
	t.Cleanup(web.Close)
	s, err := session.New(t.Context(), session.Options{ServerURL: web.URL, APIKey: key, APIUser: "ada", Transport: nethttp.New(nil)})
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return sandboxed, s, asked
}

// requests are those that came, but for /api; they come several at once.
type requests struct {
	mu   sync.Mutex
	list []*http.Request
}

func (r *requests) add(request *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, request)
}

// take gives them, and forgets them.
func (r *requests) take() []*http.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.list
	r.list = nil
	return list
}

func noise(size int) []byte {
	data := make([]byte, size)
	source := rand.NewChaCha8([32]byte{1})
	source.Read(data)
	return data
}

func read(t *testing.T, a location.Accessor, id string) []byte {
	r, err := a.Open(t.Context(), id)
	require.NoError(t, err)
	defer r.Close()
	data, err := io.ReadAll(r)
	require.NoError(t, err)
	return data
}

func TestWhatIsWrittenToTheServerIsRead(t *testing.T) {
	_, s, asked := serve(t, nil)
	a := server.New(s, nil)
	whole := noise(20 << 20)
	file := filepath.Join(t.TempDir(), "plate.exr")
	require.NoError(t, os.WriteFile(file, whole, 0o600))
	for name, try := range map[string]struct {
		source func() io.Reader
		size   int64
		data   []byte
	}{
		"nothing":                 {func() io.Reader { return strings.NewReader("") }, 0, nil},
		"a byte":                  {func() io.Reader { return strings.NewReader("x") }, 1, []byte("x")},
		"parts that come in turn": {func() io.Reader { return struct{ io.Reader }{bytes.NewReader(whole)} }, int64(len(whole)), whole},
		"parts of a file": {func() io.Reader {
			f, err := os.Open(file)
			require.NoError(t, err)
			t.Cleanup(func() { f.Close() })
			return f
		}, int64(len(whole)), whole},
		"an unknown size": {func() io.Reader { return struct{ io.Reader }{bytes.NewReader(whole[:17<<20])} }, -1, whole[:17<<20]},
	} {
		t.Run(name, func(t *testing.T) {
			id := strings.ReplaceAll(name, " ", "-")
			require.NoError(t, a.Write(t.Context(), id, try.source(), try.size))
			assert.True(t, bytes.Equal(try.data, read(t, a, id)))
			info, err := a.Stat(t.Context(), id)
			require.NoError(t, err)
			assert.Equal(t, location.Info{Kind: location.FileResource, Size: int64(len(try.data))}, info)
			require.NoError(t, a.Remove(t.Context(), id))
			info, err = a.Stat(t.Context(), id)
			require.NoError(t, err)
			assert.Equal(t, location.Nothing, info.Kind)
			assert.ErrorIs(t, a.Remove(t.Context(), id), location.ErrResourceNotFound)
		})
	}
	withKey := 0
	for _, r := range asked.take() {
		assert.NotContains(t, r.URL.String(), key)
		if r.Header.Get("ftrack-api-key") == key {
			withKey++
			assert.NotContains(t, r.URL.Path, "/upload/", "storage needs no key")
		}
	}
	assert.NotZero(t, withKey, "the search would find it")
}

func TestCredentialsStayBehindWhereTheServerSendsElsewhere(t *testing.T) {
	_, s, asked := serve(t, sandbox.Assumptions{"component-get": "redirect"})
	a := server.New(s, nil)
	require.NoError(t, a.Write(t.Context(), "one", strings.NewReader("data"), 4))
	asked.take()
	assert.Equal(t, "data", string(read(t, a, "one")))
	list := asked.take()
	require.Len(t, list, 2)
	assert.Equal(t, key, list[0].Header.Get("ftrack-api-key"))
	assert.Empty(t, list[1].Header.Get("ftrack-api-key"))
}

func TestPartsThatFailAreSentAgain(t *testing.T) {
	sandboxed, s, _ := serve(t, nil)
	sandboxed.SetUploadFaults(sandbox.UploadFaults{Parts: []int{2}, Attempts: 1})
	data := noise(24 << 20)
	a := server.New(s, nil)
	start := time.Now()
	require.NoError(t, a.Write(t.Context(), "one", bytes.NewReader(data), int64(len(data))))
	assert.Greater(t, time.Since(start), 400*time.Millisecond, "after a pause")
	assert.True(t, bytes.Equal(data, read(t, a, "one")))
}

func TestWhatIsSentAgainCountsAgain(t *testing.T) {
	for name, source := range map[string]func([]byte) io.Reader{
		"several parts at once": func(data []byte) io.Reader { return bytes.NewReader(data) },
		"parts in turn":         func(data []byte) io.Reader { return struct{ io.Reader }{bytes.NewReader(data)} },
	} {
		t.Run(name, func(t *testing.T) {
			sandboxed, s, _ := serve(t, nil)
			sandboxed.SetUploadFaults(sandbox.UploadFaults{Parts: []int{2}, Attempts: 1})
			data := noise(24 << 20)
			size := int64(len(data))
			var told []int64
			tell := func(loaded int64) { told = append(told, loaded) }
			require.NoError(t, server.New(s, nil).WriteWithProgress(t.Context(), "one", source(data), size, tell))
			require.NotEmpty(t, told)
			assert.Equal(t, size, told[len(told)-1])
			back := 0
			for i, loaded := range told {
				assert.LessOrEqual(t, loaded, size)
				if i > 0 && loaded < told[i-1] {
					back++
				}
			}
			assert.Equal(t, 1, back, "the part that failed")
		})
	}
}

func TestTheServersAccessorKeepsToTheContract(t *testing.T) {
	accessortest.RunIDs(t, func(t *testing.T) location.Accessor {
		_, s, _ := serve(t, nil)
		return server.New(s, nil)
	})
}

func TestAnUploadThatFailsLeavesNothing(t *testing.T) {
	sandboxed, s, _ := serve(t, nil)
	sandboxed.SetUploadFaults(sandbox.UploadFaults{Parts: []int{3}, Status: 400})
	data := noise(24 << 20)
	require.Error(t, server.New(s, nil).Write(t.Context(), "one", struct{ io.Reader }{bytes.NewReader(data)}, int64(len(data))))
	request, err := http.NewRequest(http.MethodGet, s.ServerURL()+"/sandbox/uploads", nil)
	require.NoError(t, err)
	request.Header.Set("ftrack-user", "ada")
	request.Header.Set("ftrack-api-key", key)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	var state struct {
		Components map[string]int64
		Uploads    map[string][]int
		Attempts   map[string]uint64
	}
	require.NoError(t, json.NewDecoder(response.Body).Decode(&state))
	assert.Empty(t, state.Uploads)
	assert.Empty(t, state.Components)
	assert.Equal(t, uint64(2), state.Attempts["200"], "two parts were there")
}

func TestWhatIsNoIDIsRefused(t *testing.T) {
	_, s, asked := serve(t, nil)
	a := server.New(s, nil)
	_, err := a.Stat(t.Context(), "x&username=y")
	assert.ErrorIs(t, err, location.ErrIdentifier)
	assert.Empty(t, asked.take())
	url, err := a.URL(t.Context(), "one")
	require.NoError(t, err)
	assert.NotContains(t, url, key)
}

func TestAnEndedContextEndsAnUpload(t *testing.T) {
	sandboxed, s, _ := serve(t, nil)
	sandboxed.SetUploadFaults(sandbox.UploadFaults{Fail: 1})
	reason := errors.New("the user left")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(300*time.Millisecond, func() { cancel(reason) })
	err := server.New(s, nil).Write(ctx, "one", strings.NewReader("x"), 1)
	assert.ErrorIs(t, err, reason)
	assert.NotContains(t, err.Error(), "signature")
}
