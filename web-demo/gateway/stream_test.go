package gateway_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const streamed = 100 << 20

// pattern reads streamed bytes that repeat nowhere soon.
type pattern struct{ at int }

func (p *pattern) Read(b []byte) (int, error) {
	if p.at >= streamed {
		return 0, io.EOF
	}
	n := min(len(b), streamed-p.at)
	for i := range n {
		x := uint32(p.at+i) * 2654435761
		b[i] = byte(x >> 24)
	}
	p.at += n
	return n, nil
}

// highWater watches the memory in use until it is stopped.
func highWater() (stop func() uint64) {
	var most atomic.Uint64
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		var m runtime.MemStats
		for {
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapAlloc))
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	return func() uint64 { close(done); <-ended; return most.Load() }
}

func TestLargeFilesAreNotHeldInMemory(t *testing.T) {
	whole := sha256.New()
	_, _ = io.Copy(whole, &pattern{})
	want := hex.EncodeToString(whole.Sum(nil))
	var uploaded string
	server := newFtrack(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPut:
			sum := sha256.New()
			_, _ = io.Copy(sum, r.Body)
			uploaded = hex.EncodeToString(sum.Sum(nil))
		case r.URL.Path == "/api":
			_ = json.NewEncoder(w).Encode([]any{map[string]any{"url": "http://" + r.Host + "/upload/1"}})
		default:
			w.Header().Set("Content-Type", "video/mp4")
			w.Header().Set("Content-Length", "104857600")
			_, _ = io.Copy(w, &pattern{})
		}
	})
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		memory := watch(t, address)
		r, _ := http.NewRequest("GET", address+"/component/get?id=1", nil)
		r.Header.Set("Authorization", "Bearer "+scoped("read"))
		response, err := client.Do(r)
		require.NoError(t, err)
		assert.EqualValues(t, streamed, response.ContentLength)
		sum := sha256.New()
		_, err = io.Copy(sum, response.Body)
		require.NoError(t, err)
		response.Body.Close()
		assert.Equal(t, want, hex.EncodeToString(sum.Sum(nil)))

		got := ask(t, "POST", address+"/api", `[{"action":"get_upload_metadata"}]`, bearer(scoped("write"))...)
		var metadata []struct{ URL string }
		require.NoError(t, json.Unmarshal([]byte(got.body), &metadata))
		uploaded = ""
		r, _ = http.NewRequest("PUT", metadata[0].URL, &pattern{})
		r.ContentLength = streamed
		response, err = client.Do(r)
		require.NoError(t, err)
		response.Body.Close()
		assert.Equal(t, 200, response.StatusCode)
		assert.Equal(t, want, uploaded)

		assert.Less(t, memory(), uint64(30<<20), "bytes more than before")
	})
}

func TestManyRequestsLeaveNothingBehind(t *testing.T) {
	server := newFtrack(t, nil)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		send := func(n int) {
			for i := range n {
				got := ask(t, "POST", address+"/api", query, bearer(scoped("read"))...)
				require.Equal(t, 200, got.status)
				if i%10 == 0 {
					require.Equal(t, 403, ask(t, "POST", address+"/api", `[{"action":"delete"}]`, bearer(scoped("read"))...).status)
				}
			}
			server.requests()
		}
		send(1000)
		before := leftovers(t, address)
		send(10_000)
		after := leftovers(t, address)
		t.Log("before", before, "after", after)
		for name, value := range after {
			assert.LessOrEqual(t, value, before[name]+slack[name], strings.Join([]string{name, "grew"}, " "))
		}
	})
}

// slack is how much each number may differ without being a leak.
var slack = map[string]int{"goroutines": 20, "heap": 3 << 20, "memory": 3 << 20, "funcs": 0, "values": 16, "waits": 0}
