package cache

import (
	"context"
	"strings"
)

// Cache keeps values under keys. Any text is a key. It may be used by several goroutines at once. A context bounds the calls
// of caches that may block. What was set may be gone later: a cache is no database.
type Cache[V any] interface {
	// Get gives the value of a key, and false when there is none.
	Get(ctx context.Context, key string) (value V, ok bool, err error)
	// Set keeps a value in the place of what was there.
	Set(ctx context.Context, key string, value V) error
	// Remove forgets a key. To remove what is not there is no error.
	Remove(ctx context.Context, key string) error
	// Keys are all keys, in no promised order.
	Keys(ctx context.Context) ([]string, error)
	// Values are the values of all keys, in no promised order.
	Values(ctx context.Context) ([]V, error)
	// Clear forgets the keys that match a pattern, all of them when it is nil.
	Clear(ctx context.Context, pattern Pattern) error
}

// Pattern matches keys. A *regexp.Regexp is one.
type Pattern interface {
	MatchString(key string) bool
}

// Prefix is the pattern of the keys that begin with a text.
type Prefix string

// MatchString reports whether a key begins with the text.
func (p Prefix) MatchString(key string) bool { return strings.HasPrefix(key, string(p)) }

func matches(pattern Pattern, key string) bool { return pattern == nil || pattern.MatchString(key) }
