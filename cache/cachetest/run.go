package cachetest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/ftrack-wasm/ftrack-wasm/cache"
)

// script is a series of steps that begins with an empty cache.
type script struct {
	Name  string
	Steps []step
}

type step struct {
	Do      string
	Key     string
	Keys    []string
	Value   string
	Values  [][2]string
	Pattern *string
	Gives   json.RawMessage
}

// Run has caches that make gives, each of them empty, do what every cache must.
func Run(t *testing.T, make func(t *testing.T) cache.Cache[string]) {
	t.Helper()
	for _, s := range scripts(t) {
		t.Run(s.Name, func(t *testing.T) {
			c := make(t)
			for i, step := range s.Steps {
				step.run(t, fmt.Sprintf("step %d, %s %.40q", i+1, step.Do, step.Key), c)
			}
		})
	}
	t.Run("serves several goroutines at once", func(t *testing.T) { together(t, make(t)) })
}

// Read reads a file of the package cache's test data.
func Read(t *testing.T, name string, into any) {
	t.Helper()
	_, own, _, _ := runtime.Caller(0)
	data, err := os.ReadFile(filepath.Join(filepath.Dir(own), "..", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

func scripts(t *testing.T) (all []script) {
	t.Helper()
	if Read(t, "contract.json", &all); len(all) < 8 {
		t.Fatalf("the file holds %d scripts only", len(all))
	}
	return all
}

func (s step) run(t *testing.T, name string, c cache.Cache[string]) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	switch s.Do {
	case "get":
		value, ok, err := c.Get(ctx, s.Key)
		must(err)
		var want *string
		must(json.Unmarshal(s.Gives, &want))
		if ok != (want != nil) || ok && value != *want {
			t.Fatalf("%s: got %.40q, %v; want %.40s", name, value, ok, s.Gives)
		}
	case "set":
		must(c.Set(ctx, s.Key, s.Value))
	case "remove":
		must(c.Remove(ctx, s.Key))
	case "keys":
		keys, err := c.Keys(ctx)
		must(err)
		s.sameTexts(t, name, keys)
	case "values":
		values, err := c.Values(ctx)
		must(err)
		s.sameTexts(t, name, values)
	case "clear":
		var pattern cache.Pattern
		if s.Pattern != nil {
			pattern = regexp.MustCompile(*s.Pattern)
		}
		must(c.Clear(ctx, pattern))
	case "getMany":
		values, err := cache.GetMany(ctx, c, s.Keys)
		must(err)
		var want [][2]string
		must(json.Unmarshal(s.Gives, &want))
		if len(values) != len(want) {
			t.Fatalf("%s: got %d values, want %s", name, len(values), s.Gives)
		}
		for _, pair := range want {
			if value, ok := values[pair[0]]; !ok || value != pair[1] {
				t.Fatalf("%s: got %q, %v for %q, want %q", name, value, ok, pair[0], pair[1])
			}
		}
	case "setMany":
		values := map[string]string{}
		for _, pair := range s.Values {
			values[pair[0]] = pair[1]
		}
		must(cache.SetMany(ctx, c, values))
	case "removeMany":
		must(cache.RemoveMany(ctx, c, s.Keys))
	default:
		t.Fatalf("%s: the suite knows no such step", name)
	}
}

func (s step) sameTexts(t *testing.T, name string, got []string) {
	t.Helper()
	var want []string
	if err := json.Unmarshal(s.Gives, &want); err != nil {
		t.Fatal(err)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Fatalf("%s: got %.40q, want %.40q", name, got, want)
	}
}

// together has goroutines use one cache. Each has keys of its own, whose values only it knows, and all share one.
func together(t *testing.T, c cache.Cache[string]) {
	ctx := t.Context()
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			own := fmt.Sprint("own ", g)
			check := func(err error) {
				if err != nil {
					t.Error(err)
				}
			}
			for i := range 25 {
				want := fmt.Sprint(g, " ", i)
				check(c.Set(ctx, own, want))
				check(c.Set(ctx, "shared", want))
				value, ok, err := c.Get(ctx, own)
				if check(err); !ok || value != want {
					t.Errorf("goroutine %d got %q, %v for what it had set to %q", g, value, ok, want)
				}
				_, _, err = c.Get(ctx, "shared")
				check(err)
				values, err := cache.GetMany(ctx, c, []string{own, "shared"})
				if check(err); values[own] != want {
					t.Errorf("goroutine %d got %q for what it had set to %q", g, values[own], want)
				}
				_, err = c.Keys(ctx)
				check(err)
			}
			check(c.Remove(ctx, own))
			if _, ok, err := c.Get(ctx, own); ok || err != nil {
				t.Errorf("goroutine %d got what it had removed: %v", g, err)
			}
		})
	}
	wg.Wait()
	keys, err := c.Keys(ctx)
	if err != nil || !slices.Equal(keys, []string{"shared"}) {
		t.Errorf("got %q, %v; want the shared key only", keys, err)
	}
}
