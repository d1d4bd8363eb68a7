package session_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
)

// The fakes of these tests overwrite each body when it is given back, so every other test tells, too, that it was not given back too early.
func TestBodiesAreGivenBackOnceNothingRefersToThem(t *testing.T) {
	v := newVisits(t)
	s := v.open(session.Options{Policy: session.NetworkFirst})
	before := v.server.bodies.count.Load()
	names, _, err := v.names(s, "")
	require.NoError(t, err)
	assert.Equal(t, both, names)
	pages := len(v.server.sent)
	assert.GreaterOrEqual(t, pages, 2)
	assert.Equal(t, pages, int(v.server.bodies.count.Load()-before), "replies that were kept")
	assert.Len(t, v.storage.replies(), pages)

	for range 2 { // what is kept is what came, also after its copies were given back
		v.storage.lent.count.Store(0)
		names, freshness, err := v.names(v.open(session.Options{}), session.CacheOnly)
		require.NoError(t, err)
		assert.Equal(t, both, names)
		assert.True(t, freshness.FromCache)
		assert.Equal(t, pages, int(v.storage.lent.count.Load()), "replies out of the storage")
	}
}
