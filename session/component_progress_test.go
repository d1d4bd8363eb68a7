//go:build !js

package session_test

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/location"
)

// told keeps what a progress says.
type told [][2]int64

func (p *told) tell(loaded, total int64) { *p = append(*p, [2]int64{loaded, total}) }

// check says whether it rose to the end.
func (p told) check(t *testing.T, total int64) {
	t.Helper()
	require.NotEmpty(t, p)
	last := int64(0)
	for _, each := range p {
		assert.GreaterOrEqual(t, each[0], last)
		assert.Equal(t, total, each[1])
		last = each[0]
	}
	assert.Equal(t, total, last)
}

func large(name string, size int) session.ComponentFile {
	data := bytes.Repeat([]byte("pixels 0"), size/8)
	return session.ComponentFile{Name: name, Size: int64(size), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}

func TestTransfersTellHowFarTheyAre(t *testing.T) {
	s, _ := componentSession(t, nil)
	memory := &location.Memory{}
	s.ConfigureLocation("studio", session.LocationSettings{Accessor: memory, Structure: location.ID{}})

	var up told
	files := []session.ComponentFile{large("head.0001.exr", 24<<20), large("head.0002.exr", 1<<20)}
	c, err := s.CreateComponent(t.Context(), files, session.ComponentOptions{Location: location.ServerID, OnProgress: up.tell})
	require.NoError(t, err)
	up.check(t, 25<<20)
	assert.Greater(t, len(up), 10, "it is told in between")

	var over told
	require.NoError(t, s.AddComponents(t.Context(), []*session.Entity{c}, location.ServerID, "studio", session.TransferOptions{OnProgress: over.tell}))
	over.check(t, 25<<20)
}

func TestProgressOfAnUnknownSizeGrows(t *testing.T) {
	s, _ := componentSession(t, nil)
	file := large("plate.exr", 1<<20)
	file.Size = -1
	var up told
	_, err := s.CreateComponent(t.Context(), []session.ComponentFile{file}, session.ComponentOptions{Location: location.ServerID, OnProgress: up.tell})
	require.NoError(t, err)
	require.NotEmpty(t, up)
	assert.Equal(t, [2]int64{1 << 20, 1 << 20}, up[len(up)-1])
}
