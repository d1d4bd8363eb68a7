package file_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/cache"
	"github.com/ftrack-wasm/ftrack-wasm/cache/cachetest"
	"github.com/ftrack-wasm/ftrack-wasm/cache/file"
)

func open(t *testing.T, folder string, options file.Options) *file.Cache {
	t.Helper()
	if options.Report == nil {
		options.Report = func(err error) { t.Error(err) }
	}
	c, err := file.New(folder, options)
	require.NoError(t, err)
	return c
}

func get(t *testing.T, c *file.Cache, key string) string {
	t.Helper()
	value, ok, err := c.Get(t.Context(), key)
	require.NoError(t, err)
	if !ok {
		return "nothing"
	}
	return string(value)
}

func set(t *testing.T, c *file.Cache, key, value string) {
	t.Helper()
	require.NoError(t, c.Set(t.Context(), key, []byte(value)))
}

func files(t *testing.T, folder, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, pattern))
	require.NoError(t, err)
	return paths
}

func asTexts(c cache.Cache[[]byte]) cache.Cache[string] {
	return cache.NewSerialised(c, func(text string) ([]byte, error) { return []byte(text), nil }, func(b []byte) (string, error) { return string(b), nil })
}

// reopened opens its folder anew for each call: nothing but files lasts.
type reopened struct {
	t      *testing.T
	folder string
}

func (r reopened) open() *file.Cache { return open(r.t, r.folder, file.Options{}) }

func (r reopened) Get(ctx context.Context, key string) ([]byte, bool, error) {
	return r.open().Get(ctx, key)
}
func (r reopened) Set(ctx context.Context, key string, value []byte) error {
	return r.open().Set(ctx, key, value)
}
func (r reopened) Remove(ctx context.Context, key string) error     { return r.open().Remove(ctx, key) }
func (r reopened) Keys(ctx context.Context) ([]string, error)       { return r.open().Keys(ctx) }
func (r reopened) Values(ctx context.Context) ([][]byte, error)     { return r.open().Values(ctx) }
func (r reopened) Clear(ctx context.Context, p cache.Pattern) error { return r.open().Clear(ctx, p) }

func TestAFolderKeepsTheContract(t *testing.T) {
	for name, make := range map[string]func(*testing.T) cache.Cache[[]byte]{
		"File": func(t *testing.T) cache.Cache[[]byte] {
			return open(t, filepath.Join(t.TempDir(), "made on demand"), file.Options{})
		},
		"File with a limit":    func(t *testing.T) cache.Cache[[]byte] { return open(t, t.TempDir(), file.Options{Limit: 1 << 20}) },
		"opened for each call": func(t *testing.T) cache.Cache[[]byte] { return reopened{t, t.TempDir()} },
		"below memory": func(t *testing.T) cache.Cache[[]byte] {
			return cache.NewLayered[[]byte](&cache.Memory[[]byte]{}, open(t, t.TempDir(), file.Options{}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			cachetest.Run(t, func(t *testing.T) cache.Cache[string] { return asTexts(make(t)) })
		})
	}
}

func TestEachSeesWhatTheOtherWrote(t *testing.T) {
	folder := t.TempDir()
	a, b := open(t, folder, file.Options{}), open(t, folder, file.Options{})
	for i := range 100 {
		set(t, a, "k", fmt.Sprint("a", i))
		require.Equal(t, fmt.Sprint("a", i), get(t, b, "k"))
		set(t, b, "k", fmt.Sprint("b", i))
		require.Equal(t, fmt.Sprint("b", i), get(t, a, "k"))
		require.NoError(t, a.Remove(t.Context(), "k"))
		require.Equal(t, "nothing", get(t, b, "k"))
	}
	require.NoError(t, os.RemoveAll(folder))
	assert.Equal(t, "nothing", get(t, a, "k"), "a folder that was deleted is an empty one")
	set(t, b, "k", "again")
	assert.Equal(t, "again", get(t, a, "k"))
}

func TestOrderDoesNotDependOnTheClock(t *testing.T) {
	folder := t.TempDir()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	a := open(t, folder, file.Options{Now: func() time.Time { return now }})
	behind := open(t, folder, file.Options{Now: func() time.Time { return now.Add(-24 * time.Hour) }})
	for i := range 10 {
		set(t, a, "k", fmt.Sprint("a", i))
		set(t, behind, "k", fmt.Sprint("behind", i))
		require.Equal(t, fmt.Sprint("behind", i), get(t, a, "k"))
		require.NoError(t, behind.Remove(t.Context(), "k"))
		require.Equal(t, "nothing", get(t, a, "k"))
		now = now.Add(-time.Hour)
	}
	set(t, a, "before 1970", "x")
	early := open(t, folder, file.Options{Now: func() time.Time { return time.Unix(-1000, 0) }})
	set(t, early, "k", "early")
	assert.Equal(t, "early", get(t, a, "k"))
}

func TestWhatIsReplacedTakesNoRoomForLong(t *testing.T) {
	folder := t.TempDir()
	c, other := open(t, folder, file.Options{}), open(t, folder, file.Options{})
	value := strings.Repeat("v", 100_000)
	for i := range 300 {
		set(t, c, fmt.Sprint("k", i%10), fmt.Sprint(i, value))
		if i%7 == 0 {
			set(t, other, fmt.Sprint("o", i%3), fmt.Sprint(i, value))
		}
	}
	for i := 290; i < 300; i++ {
		assert.Equal(t, fmt.Sprint(i, value), get(t, open(t, folder, file.Options{}), fmt.Sprint("k", i%10)))
		assert.Equal(t, fmt.Sprint(i, value), get(t, other, fmt.Sprint("k", i%10)))
	}
	var size int64
	packs := files(t, folder, "*")
	for _, path := range packs {
		info, err := os.Stat(path)
		require.NoError(t, err)
		size += info.Size()
	}
	assert.Less(t, size, int64(2*13*100_000+2<<20), "of 34 MB that were written")
	assert.Less(t, len(packs), 40)
}

func TestManySmallWritesAreFewFiles(t *testing.T) {
	folder := t.TempDir()
	c := open(t, folder, file.Options{})
	for i := range 500 {
		set(t, c, fmt.Sprint(i), fmt.Sprint("value ", i))
	}
	assert.Less(t, len(files(t, folder, "*")), 33)
	again := open(t, folder, file.Options{})
	for i := range 500 {
		require.Equal(t, fmt.Sprint("value ", i), get(t, again, fmt.Sprint(i)))
	}
}

func TestWhatWasRemovedStaysAwayWhenPacksArePutTogether(t *testing.T) {
	folder := t.TempDir()
	now := time.Now()
	c := open(t, folder, file.Options{Now: func() time.Time { return now }})
	large := strings.Repeat("v", 200_000)
	set(t, c, "gone", large)
	require.NoError(t, c.Remove(t.Context(), "gone"))
	for range 2 { // the removal is young at first, and then old enough to be forgotten
		for i := range 30 {
			require.NoError(t, c.SetMany(t.Context(), map[string][]byte{"k": []byte(large), fmt.Sprint("steady ", i): []byte("value")}))
		}
		require.Equal(t, "nothing", get(t, c, "gone"))
		require.Equal(t, "nothing", get(t, open(t, folder, file.Options{}), "gone"))
		now = now.Add(2 * time.Hour)
	}
	var content []byte
	for _, path := range files(t, folder, "*.pack") {
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		content = append(content, b...)
	}
	assert.False(t, bytes.Contains(content, []byte("gone")), "what was removed long ago takes no room")
}

func TestTheLimitIsKeptByWhatWasWrittenFirst(t *testing.T) {
	folder := t.TempDir()
	c := open(t, folder, file.Options{Limit: 1 << 20})
	value := strings.Repeat("v", 10_000)
	for i := range 500 {
		set(t, c, fmt.Sprint(i), value)
	}
	keys, err := c.Keys(t.Context())
	require.NoError(t, err)
	assert.Greater(t, len(keys), 70)
	assert.Less(t, len(keys), 105)
	assert.Equal(t, value, get(t, c, "499"))
	assert.Equal(t, "nothing", get(t, c, "0"))
	slices.Sort(keys)
	others, err := open(t, folder, file.Options{}).Keys(t.Context())
	require.NoError(t, err)
	slices.Sort(others)
	assert.Equal(t, keys, others)
}

func TestDamageIsDroppedAndReportedAndNeverServed(t *testing.T) {
	values := map[string][]byte{}
	for i := range 20 {
		values[fmt.Sprint("key ", i)] = bytes.Repeat([]byte{byte(i), 'x', 0}, 50)
	}
	whole := t.TempDir()
	require.NoError(t, open(t, whole, file.Options{}).SetMany(t.Context(), values))
	content, err := os.ReadFile(files(t, whole, "*.pack")[0])
	require.NoError(t, err)
	name := filepath.Base(files(t, whole, "*.pack")[0])

	damaged := map[string][]byte{}
	for i := range content {
		if i%11 == 0 {
			flipped := bytes.Clone(content)
			flipped[i] ^= 1 << (i % 8)
			damaged[fmt.Sprint("bit flipped in byte ", i)] = flipped
		}
		if i%37 == 0 {
			damaged[fmt.Sprint("cut at ", i)] = content[:i]
		}
	}
	damaged["filled with zeros"] = make([]byte, len(content))
	damaged["begins as it should"] = append(bytes.Clone(content[:19]), bytes.Repeat([]byte{255}, 100)...)
	for damage, content := range damaged {
		folder := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), content, 0o600))
		var reported []error
		c := open(t, folder, file.Options{Report: func(err error) { reported = append(reported, err) }})
		found := 0
		for key, want := range values {
			value, ok, err := c.Get(t.Context(), key)
			require.NoError(t, err, damage)
			if ok {
				found++
				require.Equal(t, want, value, damage)
			}
		}
		require.Less(t, found, len(values), damage)
		require.NotEmpty(t, reported, damage)
		require.ErrorContains(t, reported[0], folder, damage)
		reported = nil
		again := open(t, folder, file.Options{Report: func(err error) { reported = append(reported, err) }})
		kept, err := again.GetMany(t.Context(), slices.Collect(maps.Keys(values)))
		require.NoError(t, err)
		require.Len(t, kept, found, damage)
		require.Empty(t, reported, "%s: it is reported once", damage)
		require.NoError(t, again.SetMany(t.Context(), values))
		kept, err = again.GetMany(t.Context(), slices.Collect(maps.Keys(values)))
		require.NoError(t, err)
		require.Equal(t, values, kept, damage)
	}
}

func TestADamagedValueDoesNotGiveWayToAnOlderOne(t *testing.T) {
	folder := t.TempDir()
	c := open(t, folder, file.Options{})
	set(t, c, "k", "the older value")
	set(t, c, "k", "the newer value")
	for _, path := range files(t, folder, "*.pack") {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, bytes.Replace(content, []byte("newer"), []byte("nEwer"), 1), 0o600))
	}
	reported := 0
	c = open(t, folder, file.Options{Report: func(error) { reported++ }})
	assert.Equal(t, "nothing", get(t, c, "k"))
	assert.Equal(t, "nothing", get(t, c, "k"))
	assert.Equal(t, "nothing", get(t, open(t, folder, file.Options{}), "k"))
	assert.Equal(t, 1, reported)
}

func TestDamagedValuesAreLeftOutWhenPacksArePutTogether(t *testing.T) {
	folder := t.TempDir()
	set(t, open(t, folder, file.Options{}), "damaged", "some text of it")
	path := files(t, folder, "*.pack")[0]
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, bytes.Replace(content, []byte("some text"), []byte("sOme text"), 1), 0o600))
	reported := 0
	c := open(t, folder, file.Options{Report: func(error) { reported++ }})
	for i := range 200 {
		set(t, c, fmt.Sprint(i), "value")
	}
	assert.Equal(t, 1, reported)
	assert.NoFileExists(t, path)
	assert.Equal(t, "nothing", get(t, c, "damaged"))
	assert.Equal(t, "value", get(t, c, "7"))
}

func TestALeftoverOfADeadProcessIsDeletedOnceItIsOld(t *testing.T) {
	folder := t.TempDir()
	old, young := filepath.Join(folder, "1.part"), filepath.Join(folder, "2.part")
	for _, path := range []string{old, young} {
		require.NoError(t, os.WriteFile(path, []byte("half"), 0o600))
	}
	require.NoError(t, os.Chtimes(old, time.Time{}, time.Now().Add(-2*time.Hour)))
	open(t, folder, file.Options{})
	assert.NoFileExists(t, old)
	assert.FileExists(t, young, "somebody may be writing it")
}

func TestAFolderThatCannotBeUsedIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	_, err := file.New(filepath.Join(path, "below"), file.Options{})
	assert.ErrorContains(t, err, "cache: ")
}

func TestAPackThatCannotBeReadIsPassedOver(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "0.pack"), 0o700)) // root may read any file
	reported := 0
	c := open(t, folder, file.Options{Report: func(error) { reported++ }})
	for i := range 100 {
		set(t, c, "k", fmt.Sprint(i))
	}
	assert.Equal(t, "99", get(t, c, "k"))
	assert.Equal(t, 1, reported)
}

func TestACancelledContextEndsACall(t *testing.T) {
	c := open(t, t.TempDir(), file.Options{})
	set(t, c, "k", "v")
	why := errors.New("the caller has gone")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	_, _, err := c.Get(ctx, "k")
	assert.ErrorIs(t, err, why)
	_, err = c.GetMany(ctx, []string{"k"})
	assert.ErrorIs(t, err, why)
	assert.ErrorIs(t, c.Set(ctx, "k", nil), why)
	assert.ErrorIs(t, c.Remove(ctx, "k"), why)
	assert.ErrorIs(t, c.Clear(ctx, nil), why)
	_, err = c.Keys(ctx)
	assert.ErrorIs(t, err, why)
	_, err = c.Values(ctx)
	assert.ErrorIs(t, err, why)
	assert.Equal(t, "v", get(t, c, "k"))
}

func TestReadersMeetOneThatPutsPacksTogether(t *testing.T) {
	folder := t.TempDir()
	writer := open(t, folder, file.Options{})
	set(t, writer, "steady", "value")
	var wg sync.WaitGroup
	done := make(chan struct{})
	for range 2 {
		reader := open(t, folder, file.Options{})
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				value, ok, err := reader.Get(t.Context(), "steady")
				if !assert.NoError(t, err) || !assert.True(t, ok) || !assert.Equal(t, "value", string(value)) {
					return
				}
			}
		})
	}
	for i := range 400 {
		set(t, writer, fmt.Sprint(i%40), "other")
	}
	close(done)
	wg.Wait()
}
