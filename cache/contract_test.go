package cache_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/ftrack-wasm/ftrack-wasm/cache"
	"github.com/ftrack-wasm/ftrack-wasm/cache/cachetest"
)

func bytesOf(text string) ([]byte, error) { return []byte(text), nil }

func textOf(b []byte) (string, error) { return string(b), nil }

// plain is a cache of a program's own: without batched forms.
type plain struct{ cache.Proxy[string] }

func TestEveryCacheKeepsTheContract(t *testing.T) {
	memory := func() cache.Cache[string] { return &cache.Memory[string]{} }
	for name, make := range map[string]func(*testing.T) cache.Cache[string]{
		"Memory": func(*testing.T) cache.Cache[string] { return memory() },
		"Memory with a limit": func(*testing.T) cache.Cache[string] {
			return &cache.Memory[string]{Limit: 1 << 20, Measure: func(key, value string) int { return len(key) + len(value) }}
		},
		"Proxy":                func(*testing.T) cache.Cache[string] { return cache.Proxy[string]{Proxied: memory()} },
		"a cache of one's own": func(*testing.T) cache.Cache[string] { return plain{cache.Proxy[string]{Proxied: memory()}} },
		"Layered":              func(*testing.T) cache.Cache[string] { return cache.NewLayered(memory(), memory(), memory()) },
		"Layered with a small layer": func(*testing.T) cache.Cache[string] {
			return cache.NewLayered[string](&cache.Memory[string]{Limit: 2}, memory())
		},
		"Serialised": func(*testing.T) cache.Cache[string] {
			return cache.NewSerialised[string, []byte](&cache.Memory[[]byte]{}, bytesOf, textOf)
		},
		"Serialised in layers": func(*testing.T) cache.Cache[string] {
			reversed := func(text string) ([]byte, error) {
				if len(text) == 0 {
					return []byte("empty"), nil
				}
				return append([]byte("text "), text...), nil
			}
			back := func(b []byte) (string, error) {
				if string(b) == "empty" {
					return "", nil
				}
				text, ok := bytes.CutPrefix(b, []byte("text "))
				if !ok {
					return "", errors.New("it is no text")
				}
				return string(text), nil
			}
			lower := cache.NewSerialised[string, []byte](cache.NewLayered[[]byte](&cache.Memory[[]byte]{}, &cache.Memory[[]byte]{}), reversed, back)
			return cache.NewLayered[string](memory(), lower)
		},
	} {
		t.Run(name, func(t *testing.T) { cachetest.Run(t, make) })
	}
}
