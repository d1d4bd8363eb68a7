package plugin_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/ftrack-wasm/ftrack-wasm/session/plugin"
)

type world struct{ done []string }

func TestPluginsAreRegisteredInOrderAndTakenBackInReverse(t *testing.T) {
	w := &world{}
	var reported []string
	undoing := func(name string, arguments []string) plugin.Plugin[*world] {
		return plugin.Plugin[*world]{Name: name, Arguments: arguments, Register: func(_ context.Context, w *world, given map[string]any) (func(), error) {
			w.done = append(w.done, fmt.Sprint(name, given))
			given["own"] = "copy"
			return func() { w.done = append(w.done, "undo "+name) }, nil
		}}
	}
	r := plugin.Register(context.Background(), w, []plugin.Plugin[*world]{
		undoing("all", nil),
		{Name: "fails", Register: func(context.Context, *world, map[string]any) (func(), error) { return nil, errors.New("broken") }},
		{Name: "panics", Register: func(context.Context, *world, map[string]any) (func(), error) { panic("ouch") }},
		{Name: "empty"},
		{Name: "quiet", Arguments: []string{"b", "a"}, Register: func(context.Context, *world, map[string]any) (func(), error) { return nil, nil }},
		undoing("some", []string{"b", "c"}),
		undoing("none", []string{}),
		{Name: "sticks", Register: func(context.Context, *world, map[string]any) (func(), error) { return func() { panic("stuck") }, nil }},
	}, map[string]any{"a": 1, "b": 2}, func(err error) { reported = append(reported, err.Error()) })
	assert.Equal(t, []string{"all" + "map[a:1 b:2]", "somemap[b:2]", "nonemap[]"}, w.done)
	assert.Equal(t, []string{
		"plugin fails was not registered: broken",
		"plugin panics was not registered: panic: ouch",
		"plugin empty was not registered: it has no function Register",
		"plugin some does not take all arguments: a left out",
		"plugin none does not take all arguments: a, b left out",
	}, reported)
	w.done, reported = nil, nil
	r.Unregister()
	r.Unregister()
	assert.Equal(t, []string{"undo none", "undo some", "undo all"}, w.done)
	assert.Len(t, reported, 1)
}
