package accessortest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/location"
)

// Accessor is an accessor with everything that the suite tries.
type Accessor interface {
	location.Accessor
	location.ContainerAccessor
}

// BadNames are names that break file systems; none may leave an accessor's root or be taken for another.
var BadNames = map[string]string{
	"above the root": "../escaped", "above in the middle": "a/../../escaped", "at the root": "/escaped", "dots": "a/..", "here": "./a",
	"a NUL": "a\x00b", "a line break": "a\nb", "300 characters": strings.Repeat("x", 300), "300 characters in a folder": strings.Repeat("ö", 150) + "/a",
	"a device": "CON", "a device with an extension": "nul.txt", "a numbered device": "a/com1.exr", "a device with a space": "aux .exr",
	"a backslash": `..\escaped`, "a drive": "C:escaped", "a wildcard": "a*", "a pipe": "a|b", "a dot at the end": "a.", "a space at the end": "a ",
	"an empty name": "a//b", "a slash at the end": "a/", "no UTF-8": "a\xff",
}

// Run tries an accessor whose identifiers are names in containers; fresh gives an empty one.
func Run(t *testing.T, fresh func(t *testing.T) Accessor) {
	RunIDs(t, func(t *testing.T) location.Accessor { return fresh(t) })
	for name, try := range map[string]func(*testing.T, Accessor){
		"names": names, "an empty root": emptyRoot, "containers": containers, "fine names": fineNames, "normal forms are one name": normalForms,
		"several at once": atOnce, "kinds do not mix": kinds,
	} {
		t.Run(name, func(t *testing.T) { try(t, fresh(t)) })
	}
}

// RunIDs tries what does not need containers: that much an accessor keeps to whose identifiers are ids.
func RunIDs(t *testing.T, fresh func(t *testing.T) location.Accessor) {
	for name, try := range map[string]func(*testing.T, location.Accessor){
		"what is written is read": written, "nothing is there": absent, "bad names": badNames, "a failed write leaves nothing": failedWrite, "a context that ended": ended,
	} {
		t.Run(name, func(t *testing.T) { try(t, fresh(t)) })
	}
}

func put(t *testing.T, a location.Accessor, identifier, data string) {
	t.Helper()
	require.NoError(t, a.Write(t.Context(), identifier, strings.NewReader(data), int64(len(data))))
}

func text(t *testing.T, a location.Accessor, identifier string) string {
	t.Helper()
	r, err := a.Open(t.Context(), identifier)
	require.NoError(t, err)
	defer r.Close()
	data, err := io.ReadAll(r)
	require.NoError(t, err)
	return string(data)
}

func stat(t *testing.T, a location.Accessor, identifier string) location.Info {
	t.Helper()
	info, err := a.Stat(t.Context(), identifier)
	require.NoError(t, err)
	return info
}

func writes(t *testing.T, a location.Accessor, identifier, data string) {
	put(t, a, identifier, data)
	assert.Equal(t, data, text(t, a, identifier))
	assert.Equal(t, location.Info{Kind: location.FileResource, Size: int64(len(data))}, stat(t, a, identifier))
}

func names(t *testing.T, a Accessor) {
	writes(t, a, "a/b/c d.exr", "deep")
	writes(t, a, "größe/画像.png", "names")
}

func written(t *testing.T, a location.Accessor) {
	writes(t, a, "one", "1")
	writes(t, a, "empty", "")
	writes(t, a, "big", strings.Repeat("0123456789abcdef", 1<<16))
	put(t, a, "one", "other")
	assert.Equal(t, "other", text(t, a, "one"), "what was there is replaced")
	require.NoError(t, a.Write(t.Context(), "unknown-size", strings.NewReader("abc"), -1))
	assert.Equal(t, "abc", text(t, a, "unknown-size"))
	require.NoError(t, a.Remove(t.Context(), "one"))
	assert.Equal(t, location.Nothing, stat(t, a, "one").Kind)
}

func absent(t *testing.T, a location.Accessor) {
	assert.Equal(t, location.Info{}, stat(t, a, "a"))
	_, err := a.Open(t.Context(), "a")
	assert.ErrorIs(t, err, location.ErrResourceNotFound)
	assert.ErrorIs(t, err, location.ErrResource)
	assert.ErrorIs(t, err, location.ErrAccessor)
	assert.NotErrorIs(t, err, location.ErrIdentifier)
	assert.ErrorIs(t, a.Remove(t.Context(), "a"), location.ErrResourceNotFound)
}

func emptyRoot(t *testing.T, a Accessor) {
	assert.Equal(t, location.Info{}, stat(t, a, "a/b"))
	_, err := a.List(t.Context(), "a")
	assert.ErrorIs(t, err, location.ErrResourceNotFound)
	list, err := a.List(t.Context(), "")
	require.NoError(t, err)
	assert.Empty(t, list)
}

func containers(t *testing.T, a Accessor) {
	assert.ErrorIs(t, a.MakeContainer(t.Context(), "a/b/c", false), location.ErrParentNotFound)
	require.NoError(t, a.MakeContainer(t.Context(), "a/b", true))
	require.NoError(t, a.MakeContainer(t.Context(), "a/b", true))
	require.NoError(t, a.MakeContainer(t.Context(), "a/b/c", false))
	put(t, a, "a/b/z", "1")
	put(t, a, "a/y", "2")
	list, err := a.List(t.Context(), "a/b")
	require.NoError(t, err)
	assert.Equal(t, []string{"a/b/c", "a/b/z"}, list)
	list, err = a.List(t.Context(), "")
	require.NoError(t, err)
	assert.Equal(t, []string{"a"}, list)
	assert.Equal(t, location.ContainerResource, stat(t, a, "a").Kind)
	assert.Equal(t, location.ContainerResource, stat(t, a, "").Kind)
	assert.ErrorIs(t, a.Remove(t.Context(), "a/b"), location.ErrContainerNotEmpty)
	require.NoError(t, a.Remove(t.Context(), "a/b/z"))
	require.NoError(t, a.Remove(t.Context(), "a/b/c"))
	require.NoError(t, a.Remove(t.Context(), "a/b"))
	assert.Equal(t, location.Nothing, stat(t, a, "a/b").Kind)
	assert.Error(t, a.Remove(t.Context(), ""), "the root stays")
}

func badNames(t *testing.T, a location.Accessor) {
	containers, _ := a.(location.ContainerAccessor)
	for what, identifier := range BadNames {
		for op, do := range map[string]func() error{
			"stat":   func() error { _, err := a.Stat(t.Context(), identifier); return err },
			"open":   func() error { _, err := a.Open(t.Context(), identifier); return err },
			"write":  func() error { return a.Write(t.Context(), identifier, strings.NewReader("x"), 1) },
			"remove": func() error { return a.Remove(t.Context(), identifier) },
		} {
			assert.ErrorIs(t, do(), location.ErrIdentifier, "%s: %s", what, op)
		}
		if containers != nil {
			_, err := containers.List(t.Context(), identifier)
			assert.ErrorIs(t, err, location.ErrIdentifier, what)
			assert.ErrorIs(t, containers.MakeContainer(t.Context(), identifier, true), location.ErrIdentifier, what)
		}
		if p, ok := a.(location.PathAccessor); ok {
			_, err := p.FilesystemPath(identifier)
			assert.ErrorIs(t, err, location.ErrIdentifier, what)
		}
		if u, ok := a.(location.URLAccessor); ok {
			_, err := u.URL(t.Context(), identifier)
			assert.ErrorIs(t, err, location.ErrIdentifier, what)
		}
	}
	if containers != nil {
		list, err := containers.List(t.Context(), "")
		require.NoError(t, err)
		assert.Empty(t, list, "nothing was made")
	}
}

func fineNames(t *testing.T, a Accessor) {
	for _, fine := range []string{"con-text", "nullify.exr", "com10", "...a", ".hidden", strings.Repeat("x", 255), "a b"} {
		writes(t, a, fine, "x")
	}
}

func normalForms(t *testing.T, a Accessor) {
	composed, decomposed := "bj\u00f6rn/\u00e5.exr", "bjo\u0308rn/a\u030a.exr"
	put(t, a, decomposed, "1")
	assert.Equal(t, "1", text(t, a, composed))
	put(t, a, composed, "2")
	assert.Equal(t, "2", text(t, a, decomposed))
	list, err := a.List(t.Context(), "")
	require.NoError(t, err)
	assert.Len(t, list, 1)
}

type breaking struct{ data io.Reader }

var errBroken = errors.New("the source broke")

func (b breaking) Read(p []byte) (int, error) {
	n, err := b.data.Read(p)
	if err == io.EOF {
		err = errBroken
	}
	return n, err
}

func failedWrite(t *testing.T, a location.Accessor) {
	err := a.Write(t.Context(), "a", breaking{bytes.NewReader(make([]byte, 1<<20))}, -1)
	assert.ErrorIs(t, err, errBroken)
	assert.ErrorIs(t, err, location.ErrOperationFailed)
	assert.Equal(t, location.Nothing, stat(t, a, "a").Kind)
}

func ended(t *testing.T, a location.Accessor) {
	reason := errors.New("the user left")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(reason)
	assert.ErrorIs(t, a.Write(ctx, "a", strings.NewReader("x"), 1), reason)
	assert.Equal(t, location.Nothing, stat(t, a, "a").Kind)
}

func atOnce(t *testing.T, a Accessor) {
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			identifier := "folder/" + string(rune('a'+i))
			for range 5 {
				if !assert.NoError(t, a.Write(t.Context(), identifier, strings.NewReader(identifier), -1)) {
					return
				}
			}
			assert.NoError(t, a.Write(t.Context(), "folder/shared", strings.NewReader(identifier), -1))
		})
	}
	wg.Wait()
	list, err := a.List(t.Context(), "folder")
	require.NoError(t, err)
	assert.Len(t, list, 9)
	assert.Len(t, text(t, a, "folder/shared"), len("folder/a"), "one of them, whole")
}

func kinds(t *testing.T, a Accessor) {
	put(t, a, "file", "1")
	require.NoError(t, a.MakeContainer(t.Context(), "folder", true))
	assert.ErrorIs(t, a.Write(t.Context(), "folder", strings.NewReader("x"), 1), location.ErrResourceInvalid)
	_, err := a.Open(t.Context(), "folder")
	assert.ErrorIs(t, err, location.ErrResourceInvalid)
	_, err = a.List(t.Context(), "file")
	assert.ErrorIs(t, err, location.ErrResourceInvalid)
	assert.ErrorIs(t, a.MakeContainer(t.Context(), "file", true), location.ErrResourceInvalid)
	assert.ErrorIs(t, a.Write(t.Context(), "file/below", strings.NewReader("x"), 1), location.ErrResourceInvalid)
	assert.Equal(t, location.Nothing, stat(t, a, "file/below").Kind)
}
