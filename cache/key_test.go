package cache_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/cache"
	"github.com/ftrack-wasm/ftrack-wasm/cache/cachetest"
)

// thing has an identity, as an entity has.
type thing struct {
	entityType string
	key        []string
}

func (t *thing) Identity() (string, []string) { return t.entityType, t.key }

// item makes of JSON what the vectors mean.
func item(v any) any {
	switch v := v.(type) {
	case []any:
		list := []any{}
		for _, each := range v {
			list = append(list, item(each))
		}
		return list
	case map[string]any:
		if identity, ok := v["$entity"].([]any); ok {
			e := &thing{entityType: identity[0].(string)}
			for _, part := range identity[1].([]any) {
				e.key = append(e.key, part.(string))
			}
			return e
		}
		if numbers, ok := v["$bytes"].([]any); ok {
			b := []byte{}
			for _, n := range numbers {
				b = append(b, byte(n.(float64)))
			}
			return b
		}
		object := map[string]any{}
		for name, each := range v {
			object[name] = item(each)
		}
		return object
	}
	return v
}

func TestKeysAreThoseOfTheVectors(t *testing.T) {
	var vectors []struct {
		Items                  []any
		String, Entity, Object *string
	}
	cachetest.Read(t, "keys.json", &vectors)
	require.Greater(t, len(vectors), 10)
	for _, v := range vectors {
		items := item(v.Items).([]any)
		for name, c := range map[string]struct {
			maker cache.KeyMaker
			want  *string
		}{"string": {cache.StringKeyMaker{}, v.String}, "entity": {cache.EntityKeyMaker{}, v.Entity}, "object": {cache.ObjectKeyMaker{}, v.Object}} {
			key, err := c.maker.Key(items...)
			text, _ := json.Marshal(v.Items)
			if c.want == nil {
				var keyError *cache.KeyError
				assert.ErrorAs(t, err, &keyError, "%s %s", name, text)
				continue
			}
			require.NoError(t, err, "%s %s", name, text)
			assert.Equal(t, *c.want, key, "%s %s", name, text)
		}
	}
}

type shot struct {
	Name   string
	frames []int
	parent *shot
}

func TestObjectKeysTellEverythingApart(t *testing.T) {
	day := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	five := 5
	items := []any{
		nil, "", "a", "null", true, false, 1, 2.5, math.NaN(), math.Inf(1), math.Inf(-1), uint64(math.MaxUint64), int64(math.MinInt64), 1 + 2i,
		[]int{}, []int{1}, []string{"1"}, [][]int{{1}}, []byte("1"), []byte{}, day, day.Add(1), "time(2026-01-02T03:04:05.000000006Z)",
		map[string]int{}, map[string]int{"a": 1}, map[string]int{"b": 1}, map[int]string{1: "a"}, map[[2]int]bool{{1, 2}: true},
		shot{Name: "a"}, shot{Name: "b"}, shot{Name: "a", frames: []int{1}}, shot{parent: &shot{Name: "a"}}, struct{}{}, struct{ Name string }{"a"}, &five, "x\xffy", "x\ufffdy", `x\xffy`,
		&thing{"Task", []string{"a"}}, &thing{"Task", []string{"a", "b"}}, &thing{"Shot", []string{"a"}},
	}
	seen := map[string]int{}
	for i, each := range items {
		key, err := cache.ObjectKeyMaker{}.Key(each)
		require.NoError(t, err, "%#v", each)
		other, known := seen[key]
		require.False(t, known, "%#v and %#v are both %s", each, items[max(0, other)], key)
		seen[key] = i
	}
	same := func(a, b any) {
		t.Helper()
		ka, err := cache.ObjectKeyMaker{}.Key(a)
		require.NoError(t, err)
		kb, err := cache.ObjectKeyMaker{}.Key(b)
		require.NoError(t, err)
		assert.Equal(t, ka, kb)
	}
	same(&five, 5)
	same(day, day.In(time.FixedZone("x", 3600)))
	same(map[string]int{"a": 1, "b": 2, "c": 3}, map[string]any{"c": 3, "b": uint8(2), "a": 1.0})
	same(0.0, math.Copysign(0, -1))
	same((*thing)(nil), nil)
}

func TestWhatNoKeyCanBeMadeOfIsNamed(t *testing.T) {
	loop := map[string]any{}
	loop["self"] = loop
	for name, each := range map[string]any{"function": func() {}, "channel": make(chan int), "itself": loop, "func in a list": []any{1, func() {}}, "key": map[any]int{&loop: 1}} {
		_, err := cache.ObjectKeyMaker{}.Key("fine", each)
		var keyError *cache.KeyError
		require.ErrorAs(t, err, &keyError, name)
		assert.Equal(t, 1, keyError.Item)
		assert.True(t, strings.HasPrefix(err.Error(), "cache: key: item 2 "), err.Error())
	}
	for _, each := range []any{math.NaN(), math.Inf(1), map[string]int{}, struct{}{}, []any{[]any{math.NaN()}}, &thing{}} {
		_, err := cache.StringKeyMaker{}.Key(each)
		assert.Error(t, err, "%#v", each)
	}
}

// anything makes a value of texts, numbers and lists at random, few enough of each to meet again.
func anything(r *rand.Rand, depth int) any {
	switch r.IntN(5 - depth) {
	case 0:
		return []any{"a", "", `"`, ",", "[", `\`, "a,b", "null", "1"}[r.IntN(9)]
	case 1:
		return []any{1.0, -1.0, 0.5, true, nil}[r.IntN(5)]
	}
	list := []any{}
	for range r.IntN(3) {
		list = append(list, anything(r, depth+1))
	}
	return list
}

func TestDifferentItemsHaveDifferentKeys(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	seen := map[string][]any{}
	again := 0
	for range 50_000 {
		items := []any{}
		for range r.IntN(3) {
			items = append(items, anything(r, 0))
		}
		key, err := cache.StringKeyMaker{}.Key(items...)
		require.NoError(t, err)
		if other, ok := seen[key]; ok {
			again++
			require.True(t, reflect.DeepEqual(other, items), "%#v and %#v are both %s", other, items, key)
		}
		seen[key] = items
	}
	assert.Greater(t, again, 1000, "the same items come again")
	assert.Greater(t, len(seen), 1000)
}

func ExampleStringKeyMaker() {
	key, err := cache.StringKeyMaker{}.Key([]any{"Task", []string{"d5c2"}})
	fmt.Println(key, err)
	// Output: ["Task",["d5c2"]] <nil>
}

func ExampleEntityKeyMaker() {
	task := &thing{"Task", []string{"d5c2"}} // a *session.Entity has an identity too
	key, err := cache.EntityKeyMaker{}.Key(task, "thumbnail")
	fmt.Println(key, err)
	// Output: ["Task",["d5c2"]],"thumbnail" <nil>
}

func ExampleObjectKeyMaker() {
	maker := cache.ObjectKeyMaker{}
	key, _ := maker.Key(map[string]any{"size": 300, "format": "png"}, []byte{1, 255})
	fmt.Println(key)
	_, err := maker.Key("fine", func() {})
	var keyError *cache.KeyError
	fmt.Println(err, errors.As(err, &keyError))
	// Output:
	// {"format":"png","size":300},bytes(01ff)
	// cache: key: item 2 holds a func true
}
