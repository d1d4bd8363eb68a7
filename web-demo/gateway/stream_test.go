package gateway_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
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
		download := func() {
			r, _ := http.NewRequest("GET", address+"/component/get?id=1", nil)
			r.Header.Set("Authorization", "Bearer "+scoped("read"))
			response, err := client.Do(r)
			require.NoError(t, err)
			defer response.Body.Close()
			assert.EqualValues(t, streamed, response.ContentLength)
			sum := sha256.New()
			_, err = io.Copy(sum, response.Body)
			require.NoError(t, err)
			assert.Equal(t, want, hex.EncodeToString(sum.Sum(nil)))
		}
		download() // what an engine takes for its garbage it has then
		memory := watch(t, address)
		download()
		got := ask(t, "POST", address+"/api", `[{"action":"get_upload_metadata"}]`, bearer(scoped("write"))...)
		var metadata []struct{ URL string }
		require.NoError(t, json.Unmarshal([]byte(got.body), &metadata))
		uploaded = ""
		r, _ := http.NewRequest("PUT", metadata[0].URL, &pattern{})
		r.ContentLength = streamed
		response, err := client.Do(r)
		require.NoError(t, err)
		response.Body.Close()
		assert.Equal(t, 200, response.StatusCode)
		assert.Equal(t, want, uploaded)

		most := memory()
		t.Log("bytes more than before:", most)
		assert.Less(t, most, uint64(64<<20), "bytes more than before, while 200 MiB pass")
		if edge(t) {
			assert.Less(t, numbers(t, address)["memory"], 32<<20, "the program's own memory")
		}
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

func TestManyAtOnceGetTheirOwnAnswers(t *testing.T) {
	server := newFtrack(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if len(body)%3 == 0 {
			for range len(body) % 7 * 2000 {
				runtime.Gosched() // the answers come in another order than the questions
			}
		}
		for range 20 {
			_, _ = w.Write(body)
			_ = http.NewResponseController(w).Flush()
		}
	})
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		var all sync.WaitGroup
		for i := range 24 {
			all.Go(func() {
				for j := range 25 {
					body := fmt.Sprintf(`[{"action":"query","expression":"%d %d%s"}]`, i, j, strings.Repeat(" x", (i*25+j)%4000))
					got := ask(t, "POST", address+"/api", body, bearer(scoped("read"))...)
					assert.Equal(t, 200, got.status)
					assert.Equal(t, strings.Repeat(body, 20), got.body)
				}
			})
		}
		all.Wait()
		server.requests()
	})
}

func TestClientsThatGoLeaveNothingBehind(t *testing.T) {
	server := newFtrack(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Ftrack-Clienttoken") == "answer" {
			return
		}
		_, _ = w.Write(make([]byte, 100_000))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		ask(t, "POST", address+"/api", query, append(bearer(scoped("read")), "Ftrack-Clienttoken", "answer")...)
		before := leftovers(t, address)
		for range 30 {
			ctx, cancel := context.WithCancel(context.Background())
			r, _ := http.NewRequestWithContext(ctx, "POST", address+"/api", strings.NewReader(query))
			r.Header.Set("Authorization", "Bearer "+scoped("read"))
			response, err := client.Do(r)
			require.NoError(t, err)
			_, err = io.ReadFull(response.Body, make([]byte, 50_000))
			require.NoError(t, err)
			cancel()
			response.Body.Close()
		}
		require.Eventually(t, func() bool {
			after := leftovers(t, address)
			return after["goroutines"] <= before["goroutines"]+2 && after["requests"] == before["requests"] && after["waits"] == before["waits"]
		}, 10*time.Second, 20*time.Millisecond, "%v", before)
		server.requests()
	})
}
