package fetch

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/ftrack-wasm/ftrack-wasm/jsbridge/guard"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// page is a host whose fetch is a function of the test.
type page struct {
	requests *Requests
	aborted  []int
	fetch    func(id int, url, headers string, body []byte, session int)
}

func newPage(t *testing.T) *page {
	t.Helper()
	p := &page{}
	host, err := guard.ValueOf(map[string]any{})
	require.NoError(t, err)
	closure := func(name string, fn func(args []guard.Value)) {
		f := guard.FuncOf(func(args []guard.Value) any {
			fn(args)
			return nil
		})
		require.NoError(t, host.Set(name, f))
	}
	closure("fetch", func(args []guard.Value) {
		id, _ := args[0].Int()
		url, _ := args[1].String()
		headers, _ := args[2].String()
		size, _ := args[3].Length()
		body := make([]byte, size)
		guard.CopyBytesToGo(body, args[3])
		session, _ := args[4].Int()
		p.fetch(id, url, headers, body, session)
	})
	closure("abortFetch", func(args []guard.Value) {
		id, _ := args[0].Int()
		p.aborted = append(p.aborted, id)
	})
	p.requests = NewRequests(host)
	return p
}

// answer settles a request as the page does.
func (p *page) answer(t *testing.T, id, status int, headers string, body []byte, failure string) {
	t.Helper()
	bytes, err := p.requests.bytes.New(len(body))
	require.NoError(t, err)
	_, err = guard.CopyBytesToJS(bytes, body)
	require.NoError(t, err)
	args := make([]guard.Value, 5)
	args[3] = bytes
	for i, v := range map[int]any{0: id, 1: status, 2: headers, 4: failure} {
		args[i], err = guard.ValueOf(v)
		require.NoError(t, err)
	}
	p.requests.Fetched(args)
}

var request = &wire.Request{URL: "https://studio.test/api", Body: []byte(`[{"é":1}]`), Header: []wire.Header{{Name: "ftrack-user", Value: "ada"}}}

func TestARequestCrossesWithItsBytesAndItsReplyComesBack(t *testing.T) {
	p := newPage(t)
	large := bytes.Repeat([]byte("0123456789"), 500_000)
	p.fetch = func(id int, url, headers string, body []byte, session int) {
		assert.Equal(t, request.URL, url)
		assert.Equal(t, `[["ftrack-user","ada"]]`, headers)
		assert.Equal(t, request.Body, body)
		assert.Equal(t, 7, session)
		go p.answer(t, id, 503, `[["retry-after","3"]]`, large, "")
	}
	response, err := p.requests.Transport(func() int { return 7 }).RoundTrip(context.Background(), request)
	require.NoError(t, err)
	assert.Equal(t, 503, response.Status)
	assert.Equal(t, "3", response.HeaderValue("Retry-After"))
	assert.True(t, bytes.Equal(large, response.Body))
	assert.Empty(t, p.requests.pending)
}

func TestAReplyThatIsThereAtOnceIsTaken(t *testing.T) {
	p := newPage(t)
	p.fetch = func(id int, _, _ string, _ []byte, _ int) { p.answer(t, id, 200, "[]", []byte("[]"), "") }
	response, err := p.requests.Transport(func() int { return 1 }).RoundTrip(context.Background(), request)
	require.NoError(t, err)
	assert.Equal(t, "[]", string(response.Body))
}

func TestAFailedFetchIsAnErrorWithThePagesText(t *testing.T) {
	p := newPage(t)
	p.fetch = func(id int, _, _ string, _ []byte, _ int) { go p.answer(t, id, 0, "[]", nil, "Failed to fetch") }
	_, err := p.requests.Transport(func() int { return 1 }).RoundTrip(context.Background(), request)
	assert.EqualError(t, err, "Failed to fetch")
}

func TestAContextThatEndsAbortsTheFetchAndALateReplyIsIgnored(t *testing.T) {
	p := newPage(t)
	ctx, cancel := context.WithCancelCause(context.Background())
	reason := errors.New("the user left")
	asked := 0
	p.fetch = func(id int, _, _ string, _ []byte, _ int) {
		asked = id
		go cancel(reason)
	}
	_, err := p.requests.Transport(func() int { return 1 }).RoundTrip(ctx, request)
	assert.ErrorIs(t, err, reason)
	assert.Equal(t, []int{asked}, p.aborted)
	p.answer(t, asked, 200, "[]", []byte("[]"), "")
	_, err = p.requests.Transport(func() int { return 1 }).RoundTrip(ctx, request)
	assert.ErrorIs(t, err, reason, "nothing is sent for a context that has ended")
	assert.Len(t, p.aborted, 1)
}

func TestBuffersOfMergedRepliesAreUsedAgain(t *testing.T) {
	p := newPage(t)
	p.fetch = func(id int, _, _ string, _ []byte, _ int) { p.answer(t, id, 200, "[]", make([]byte, 5000), "") }
	transport := p.requests.Transport(func() int { return 1 })
	first, err := transport.RoundTrip(context.Background(), request)
	require.NoError(t, err)
	address := &first.Body[0]
	first.Done()
	second, err := transport.RoundTrip(context.Background(), request)
	require.NoError(t, err)
	assert.Same(t, address, &second.Body[0])
	third, err := transport.RoundTrip(context.Background(), request)
	require.NoError(t, err)
	assert.NotSame(t, address, &third.Body[0], "a buffer in use is not given out")
}
