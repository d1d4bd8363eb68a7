package session_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/cache/file"
	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/nethttp"
)

func ExampleUseCache() {
	folder, err := os.MkdirTemp("", "") // a program of yours gives a folder that stays
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	c, err := file.New(folder, file.Options{Limit: 256 << 20})
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(http.HandlerFunc(serve))
	defer server.Close()
	ctx := context.Background()
	for range 2 { // the second session finds what the first one fetched
		s, err := session.New(ctx, session.Options{
			ServerURL: server.URL, APIUser: "ada", APIKey: "secret", Transport: nethttp.New(nil),
			Cache: session.UseCache(c), Policy: session.CacheFirst, MaxAge: time.Hour,
		})
		if err != nil {
			panic(err)
		}
		q, err := s.Query("select name, bid, status.name from Task")
		if err != nil {
			panic(err)
		}
		rows, err := q.All(ctx)
		if err != nil {
			panic(err)
		}
		fmt.Println(rows[0].Reference("status").Text("name"), q.Freshness().FromCache)
		s.Close() // waits until what came is written
	}
	// Output:
	// In progress false
	// In progress true
}

func ExampleSession_Cache() {
	ctx := context.Background()
	server := httptest.NewServer(http.HandlerFunc(serve))
	defer server.Close()
	s, err := session.New(ctx, session.Options{
		ServerURL: server.URL, APIUser: "ada", APIKey: "secret", Transport: nethttp.New(nil),
		Cache: session.UseCache(nil), // the memory layer alone
	})
	if err != nil {
		panic(err)
	}
	defer s.Close()
	task, err := s.Get(ctx, "Task", "t1")
	if err != nil {
		panic(err)
	}
	if err := s.Saved(ctx); err != nil {
		panic(err)
	}
	key, err := s.CacheKeyMaker().Key([]any{"Task", task.PrimaryKey()})
	if err != nil {
		panic(err)
	}
	_, ok, _ := s.Cache().Get(ctx, key)
	fmt.Println(key, ok)
	// Output: ["Task",["t1"]] true
}
