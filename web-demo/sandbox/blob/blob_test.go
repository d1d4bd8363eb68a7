package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/blob"
)

func stores(t *testing.T) map[string]blob.Store {
	folder, err := blob.NewFolder(t.TempDir() + "/new")
	require.NoError(t, err)
	return map[string]blob.Store{"memory": &blob.Memory{}, "folder": folder}
}

func random(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(r.Uint32())
	}
	return out
}

func TestWhatWasPutIsRead(t *testing.T) {
	for name, s := range stores(t) {
		t.Run(name, func(t *testing.T) {
			for _, size := range []int{0, 1, 1 << 20, 1<<20 + 1, 3_000_000} {
				data := random(size)
				n, err := s.Put(t.Context(), "a", iotest.HalfReader(bytes.NewReader(data)))
				require.NoError(t, err)
				require.Equal(t, int64(size), n)
				r, err := s.Open("a")
				require.NoError(t, err)
				got, err := io.ReadAll(r)
				require.NoError(t, err)
				require.True(t, bytes.Equal(data, got))
				require.NoError(t, r.Close())
				require.NoError(t, s.Remove("a"))
			}
			require.NoError(t, s.Remove("a"))
			_, err := s.Open("a")
			require.ErrorIs(t, err, blob.ErrNotFound)
		})
	}
}

func TestOfAReaderThatFailsNothingStays(t *testing.T) {
	folder := t.TempDir()
	inFolder, err := blob.NewFolder(folder)
	require.NoError(t, err)
	broken := errors.New("broken")
	for name, s := range map[string]blob.Store{"memory": &blob.Memory{}, "folder": inFolder} {
		_, err := s.Put(t.Context(), "a", io.MultiReader(strings.NewReader("some"), iotest.ErrReader(broken)))
		require.ErrorIs(t, err, broken, name)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = s.Put(ctx, "a", strings.NewReader("some"))
		require.ErrorIs(t, err, context.Canceled, name)
		_, err = s.Open("a")
		require.ErrorIs(t, err, blob.ErrNotFound, name)
	}
	files, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, files)
}

func TestNamesDoNotLeaveTheFolder(t *testing.T) {
	folder, err := blob.NewFolder(t.TempDir())
	require.NoError(t, err)
	for _, name := range []string{"", "..", "a/b", `a\b`, "a\x00", "a.b", "ä"} {
		_, err := folder.Put(t.Context(), name, strings.NewReader("x"))
		require.Error(t, err, name)
		_, err = folder.Open(name)
		require.Error(t, err, name)
		require.Error(t, folder.Remove(name), name)
	}
}

func TestPiecesAreReadAsOne(t *testing.T) {
	for name, s := range stores(t) {
		t.Run(name, func(t *testing.T) {
			data := random(2_500_000)
			var pieces []blob.Piece
			for i, end := 0, 0; end < len(data); i++ {
				from := end
				end = min(from+700_000, len(data))
				n, err := s.Put(t.Context(), string(rune('a'+i)), bytes.NewReader(data[from:end]))
				require.NoError(t, err)
				pieces = append(pieces, blob.Piece{Name: string(rune('a' + i)), Size: n})
			}
			r := blob.Join(s, pieces)
			require.NoError(t, iotest.TestReader(blob.Join(s, pieces[:1]), data[:700_000]))
			got, err := io.ReadAll(r)
			require.NoError(t, err)
			require.True(t, bytes.Equal(data, got))
			for _, at := range []int64{0, 699_999, 700_000, 2_499_999, 1_400_001} {
				_, err := r.Seek(at, io.SeekStart)
				require.NoError(t, err)
				some := make([]byte, min(100_000, len(data)-int(at)))
				_, err = io.ReadFull(r, some)
				require.NoError(t, err)
				require.True(t, bytes.Equal(data[at:int(at)+len(some)], some))
			}
			end, err := r.Seek(0, io.SeekEnd)
			require.NoError(t, err)
			require.Equal(t, int64(len(data)), end)
			_, err = r.Seek(-1, io.SeekStart)
			require.Error(t, err)
			require.NoError(t, r.Close())
			require.NoError(t, s.Remove("b"))
			_, err = io.ReadAll(blob.Join(s, pieces))
			require.ErrorIs(t, err, blob.ErrNotFound)
		})
	}
}
