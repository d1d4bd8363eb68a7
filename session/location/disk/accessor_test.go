package disk

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/location"
	"github.com/ftrack-wasm/ftrack-wasm/session/location/accessortest"
)

func open(t *testing.T, folder string) *Accessor {
	a, err := New(folder)
	require.NoError(t, err)
	t.Cleanup(func() { a.Close() })
	return a
}

func TestTheDiskAccessorKeepsToTheContract(t *testing.T) {
	accessortest.Run(t, func(t *testing.T) accessortest.Accessor { return open(t, filepath.Join(t.TempDir(), "root")) })
}

func TestALinkDoesNotLeadOutOfTheRoot(t *testing.T) {
	outside, root := t.TempDir(), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(outside, "secret"), []byte("x"), 0o600))
	if err := os.Symlink(outside, filepath.Join(root, "out")); err != nil {
		t.Fatal(err)
	}
	a := open(t, root)
	_, err := a.Open(context.Background(), "out/secret")
	assert.ErrorIs(t, err, location.ErrAccessor)
	assert.ErrorIs(t, a.Write(context.Background(), "out/new", strings.NewReader("x"), 1), location.ErrAccessor)
	entries, err := os.ReadDir(outside)
	require.NoError(t, err)
	assert.Len(t, entries, 1)
}

func TestPathsAreThoseOfTheFileSystem(t *testing.T) {
	root := t.TempDir()
	path, err := open(t, root).FilesystemPath("a/b.exr")
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(root, "a", "b.exr"), path)
}
