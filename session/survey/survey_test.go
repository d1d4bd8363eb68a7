package survey

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const schemas = `[
 {"id": "Context", "type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}, "primary_key": ["id"]},
 {"id": "Task", "type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}, "thumbnail_url": {"type": "object"}, "parent": {"$ref": "Context"}}, "primary_key": ["id"],
  "computed": ["thumbnail_url"], "alias_for": {"id": "Task", "classifiers": {"object_typeid": "1"}}},
 {"id": "TypedContext", "type": "object", "properties": {"id": {"type": "string"}}, "primary_key": ["id"], "alias_for": {"id": "Task"}},
 {"id": "Metadata", "type": "object", "properties": {"key": {"type": "string"}, "parent_id": {"type": "string"}, "value": {"type": "string"}}, "primary_key": ["parent_id", "key"]}]`

func types(t testing.TB) *Types {
	parsed, err := schema.Parse([]byte(schemas))
	require.NoError(t, err)
	return NewTypes(parsed)
}

// surveyOf goes over the rows of a document that is an array.
func surveyOf(t testing.TB, types *Types, document string) (body string, places []Place) {
	root, err := wire.Parse([]byte(document))
	require.NoError(t, err)
	v := New(types, root)
	v.WithoutBrackets()
	for _, row := range root.List() {
		v.Value(row.Index())
	}
	kept, _ := v.Body()
	return string(kept), v.Places()
}

// found are the objects that stand in places.
func found(body string, places []Place) []string {
	var objects []string
	for _, p := range places {
		objects = append(objects, body[p.Offset:p.Offset+p.Length])
	}
	return objects
}

func TestEntitiesThatSayMoreThanTheirKeyAreFoundHoweverDeepTheyStand(t *testing.T) {
	const parent = `{"id": "p", "name": "shot", "__entity_type__": "Context"}`
	const row = `{"__entity_type__": "Metadata", "value": "v", "key": "k", "parent_id": "a"}`
	const task = `{"name": "x", "parent": ` + parent + `, "links": [[{"of": ` + row + `}]], "id": "a", "__entity_type__": "Task"}`
	for name, each := range map[string]struct {
		rows string
		want []string
	}{
		"nested ones":                {task, []string{parent, row, task}},
		"no more than a key":         {`{"id": "a", "__entity_type__": "Task"}`, nil},
		"a key in another place":     {`{"id": "a", "__entity_type__": "Task", "name": "x"}`, []string{`{"id": "a", "__entity_type__": "Task", "name": "x"}`}},
		"no key":                     {`{"name": "x", "__entity_type__": "Task"}`, nil},
		"half a key":                 {`{"key": "k", "value": "v", "__entity_type__": "Metadata"}`, nil},
		"a key that is none":         {`{"name": "x", "id": {"id": "a"}, "__entity_type__": "Task"}`, nil},
		"no type":                    {`{"name": "x", "id": "a"}`, nil},
		"only what the server makes": {`{"thumbnail_url": "u", "id": "a", "__entity_type__": "Task"}`, nil},
		"a type of no schema":        {`{"name": "x", "id": "a", "__entity_type__": "Odd"}`, []string{`{"name": "x", "id": "a", "__entity_type__": "Odd"}`}},
		"a type's name as a value":   {`{"name": "__entity_type__", "id": "Task"}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			types := types(t)
			for range 3 { // the types have learned by then
				body, places := surveyOf(t, types, "["+each.rows+"]")
				assert.ElementsMatch(t, each.want, found(body, places))
			}
		})
	}
}

func TestAnEntityHasOneHashByWhicheverTypeItIsNamed(t *testing.T) {
	_, places := surveyOf(t, types(t), `[{"name": "x", "id": "\u0061", "__entity_type__": "Task"}, {"name": "y", "id": "a", "__entity_type__": "Context"}, {"name": "y", "id": "b", "__entity_type__": "Context"}]`)
	hashes := map[uint64]int{}
	for _, p := range places {
		hashes[p.Hash]++
	}
	root := RootName(types(t).Schemas(), "Task")
	assert.Equal(t, map[uint64]int{Hash(root, []string{"a"}): 1 + 1, Hash(root, []string{"b"}): 1}, hashes)
}

func TestWhatTheServerComputesIsOverwritten(t *testing.T) {
	for value, want := range map[string]string{
		`"http://s?apiKey=1"`: `null               `, `{"a": ["secret"]}`: `null             `, `12`: `0 `, `null`: `null`, `""`: `0 `, `true`: `null`,
	} {
		types := types(t)
		for range 3 {
			body, _ := surveyOf(t, types, `[{"name": "x", "thumbnail_url": `+value+`, "id": "a", "__entity_type__": "Task"}]`)
			assert.Equal(t, `[{"name": "x", "thumbnail_url": `+want+`, "id": "a", "__entity_type__": "Task"}]`, body)
		}
	}
}

// An object has the same checksum wherever it stands, another one when anything in it is different.
func TestChecksumsTellWhetherAnEntitySaysTheSame(t *testing.T) {
	object := func(name, inner string) string {
		return `{"name": "` + name + `", "parent": {"name": "` + inner + `", "id": "p", "__entity_type__": "Context"}, "id": "a", "__entity_type__": "Task"}`
	}
	content := func(document string) uint32 {
		body, places := surveyOf(t, types(t), document)
		for _, p := range places {
			if strings.Contains(body[p.Offset:p.Offset+p.Length], "Task") {
				return p.Content
			}
		}
		return 0
	}
	own := content("[" + object("x", "y") + "]")
	assert.Equal(t, own, content(`[{"other": [`+object("x", "y")+`]}]`))
	assert.NotEqual(t, own, content("["+object("z", "y")+"]"))
	assert.NotEqual(t, own, content("["+object("x", "z")+"]"))
}

func TestPlacesAreSortedByHashAndThenByWhatIsSaid(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, count := range []int{0, 1, 2, 17, 500, 5000, 70_000} {
		for _, hashes := range []uint64{1, 20, 1 << 40} {
			places := make([]Place, count)
			for i := range places {
				hash := random.Uint64N(hashes) * (^uint64(0) / hashes)
				places[i] = Place{Hash: hash, Content: uint32(random.IntN(4)), Offset: uint32(i), Length: uint32(random.IntN(2))}
			}
			want := map[string]bool{}
			for _, p := range places {
				want[fmt.Sprint(p.Hash, p.Content, p.Length)] = true
			}
			got := sorted(slices.Clone(places))
			assert.True(t, slices.IsSortedFunc(got, func(a, b Place) int {
				if before(&a, &b) {
					return -1
				} else if before(&b, &a) {
					return 1
				}
				return 0
			}))
			for _, p := range got {
				assert.Contains(t, places[p.Offset:p.Offset+1], p)
				delete(want, fmt.Sprint(p.Hash, p.Content, p.Length))
			}
			assert.Empty(t, want, "%d places of %d hashes", count, hashes)
		}
	}
}

func TestAKeyIsFoundWhereverItStands(t *testing.T) {
	for _, key := range []string{"demo-key", "planted-key-of-36-letters-0123456789"} {
		for shift := range 40 {
			body := strings.Repeat("x", 100+shift) + key + strings.Repeat("y", 50)
			assert.True(t, ShowsKey([]byte(key), []byte(body)), shift)
			assert.False(t, ShowsKey([]byte(key), []byte(strings.Replace(body, key, key[1:], 1))), shift)
		}
	}
	assert.False(t, ShowsKey([]byte("short"), []byte("a short word")))
}

// FuzzSurvey compares places with what a plain walk over the decoded document finds.
func FuzzSurvey(f *testing.F) {
	f.Add(`[{"name": "x", "parent": {"id": "p", "name": "", "__entity_type__": "Context"}, "id": "a", "__entity_type__": "Task"}]`)
	f.Add(`[{"__entity_type__": "Metadata", "value": 1, "key": "k", "parent_id": 12}]`)
	types := types(f)
	f.Fuzz(func(t *testing.T, document string) {
		root, err := wire.Parse([]byte(document))
		if err != nil || root.Kind() != wire.Array {
			return
		}
		body, places := surveyOf(t, types, document)
		assert.True(t, json.Valid([]byte(body)))
		for _, p := range places {
			object, err := wire.Parse([]byte(body[p.Offset : p.Offset+p.Length]))
			require.NoError(t, err)
			assert.Equal(t, wire.Object, object.Kind())
			assert.NotEmpty(t, object.Get("__entity_type__").Text())
		}
	})
}
