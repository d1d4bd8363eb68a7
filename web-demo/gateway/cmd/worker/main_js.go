// Command worker is the gateway as a worker at the edge: worker.mjs starts it.
package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall/js"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/fetchserver"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/gateway"
)

func main() {
	g, err := gateway.New(options())
	if err != nil {
		refuse(err)
		return
	}
	fetchserver.Keep("hide", func(args []js.Value) any { return g.Hide(args[0].String()) })
	fetchserver.Keep("frame", func(args []js.Value) any {
		pass, answer := gateway.FrameSent(gateway.Scope(args[0].String()), []byte(args[1].String()))
		return []any{pass, answer}
	})
	fetchserver.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(socketHeader) != "" {
			r.Header.Del(socketHeader)
			answerSocket(g, w, r)
			return
		}
		g.ServeHTTP(w, r)
	}))
}

// socketHeader is on requests to open a socket. Only the worker's JavaScript sets it, and it passes no such answer on.
const socketHeader = "X-Gateway-Socket"

// answerSocket tells the worker's JavaScript what socket to open for a client.
func answerSocket(g *gateway.Gateway, w http.ResponseWriter, r *http.Request) {
	socket := g.Socket(w, r)
	if socket == nil {
		return
	}
	headers := map[string]string{}
	for name := range socket.Header {
		headers[name] = socket.Header.Get(name)
	}
	body, err := json.Marshal(map[string]any{"url": socket.URL, "headers": headers, "scope": socket.User.Scope, "life": g.SocketLife().Milliseconds(), "longest": g.LongestSent()})
	if err != nil {
		http.Error(w, "no socket", http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(body)
}

// options are the gateway's, from the worker's variables and secrets.
func options() gateway.Options {
	keys, err := gateway.ParseKeys([]byte(os.Getenv("TOKEN_KEYS")))
	if err != nil {
		refuse(err)
	}
	number := func(name string) int64 {
		n, _ := strconv.ParseInt(os.Getenv(name), 10, 64)
		return n
	}
	o := gateway.Options{
		Target: os.Getenv("TARGET"), APIKey: strings.TrimSpace(os.Getenv("API_KEY")), Keys: keys, Audience: os.Getenv("AUDIENCE"), Public: os.Getenv("PUBLIC_URL"),
		MaxBody: number("MAX_BODY"), MaxUpload: number("MAX_UPLOAD"), SocketLife: time.Duration(number("SOCKET_LIFE")) * time.Second,
		Upstream: &fetchserver.Transport{Timeout: 2 * time.Minute}, Cache: cache{},
	}
	for origin := range strings.SplitSeq(os.Getenv("ORIGINS"), ",") {
		if origin = strings.TrimSpace(origin); origin != "" {
			o.Origins = append(o.Origins, origin)
		}
	}
	if fetchserver.Host().Get("limit").Truthy() {
		o.Limiter = limiter{}
	}
	if os.Getenv("LOG") != "" {
		o.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	return o
}

// refuse ends a program that is configured wrongly.
func refuse(err error) {
	println("gateway:", strings.TrimPrefix(err.Error(), "gateway: "))
	os.Exit(1)
}

// limiter is the platform's.
type limiter struct{}

// Allow asks the platform. What it cannot answer it allows: the gateway's own rules stay.
func (limiter) Allow(ctx context.Context, user string) (bool, time.Duration) {
	allowed, err := fetchserver.Await(ctx, fetchserver.Host().Call("limit", user))
	return err != nil || allowed.Bool(), 10 * time.Second
}

// cache is the platform's.
type cache struct{}

// Get asks the platform for a text.
func (cache) Get(ctx context.Context, key string) ([]byte, bool) {
	found, err := fetchserver.Await(ctx, fetchserver.Host().Call("cached", key))
	if err != nil || found.IsNull() {
		return nil, false
	}
	text := make([]byte, found.Length())
	js.CopyBytesToGo(text, found)
	return text, true
}

// Put hands a text to the platform, and waits: what is under way when a request ends, the platform cancels.
func (cache) Put(ctx context.Context, key string, text []byte, life time.Duration) {
	bytes := fetchserver.Host().Call("bytes", len(text))
	js.CopyBytesToJS(bytes, text)
	_, _ = fetchserver.Await(ctx, fetchserver.Host().Call("keep", key, bytes, int(life/time.Second))) // without it the server is asked again
}
