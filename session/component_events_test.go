//go:build !js

package session_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/event"
	"github.com/ftrack-wasm/ftrack-wasm/session/location"
	"github.com/ftrack-wasm/ftrack-wasm/session/nethttp"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

func TestAnotherSessionHearsOfComponentsThatComeAndGo(t *testing.T) {
	server := serveEvents(t, nil)
	one, two := server.open(t), server.open(t)
	heard := make(chan [3]string, 8)
	_, err := two.EventHub().Subscribe("topic=ftrack.location.*", func(_ context.Context, e *event.Event) (any, error) {
		heard <- [3]string{e.Topic, e.Data.Get("component_id").Text(), e.Data.Get("location_id").Text()}
		return nil, nil
	}, event.SubscribeOptions{})
	require.NoError(t, err)
	next := func() [3]string {
		select {
		case e := <-heard:
			return e
		case <-time.After(10 * time.Second):
			require.Fail(t, "nothing was heard")
			return [3]string{}
		}
	}
	one.ConfigureLocation("studio", session.LocationSettings{Accessor: &location.Memory{}, Structure: location.ID{}})
	add := func() *session.Entity {
		c, err := one.CreateComponent(t.Context(), []session.ComponentFile{fileOf("a.exr", "1")}, session.ComponentOptions{Location: "studio"})
		require.NoError(t, err)
		return c
	}
	silent := add()
	require.NoError(t, one.EventHub().Connect(t.Context()))
	require.NoError(t, two.EventHub().Connect(t.Context()))
	c := add()
	require.NotEqual(t, silent, c)
	assert.Equal(t, [3]string{"ftrack.location.component-added", c.PrimaryKey()[0], "studio"}, next(), "and not of what came before it was connected")
	require.NoError(t, one.RemoveComponents(t.Context(), []*session.Entity{c}, "studio", session.TransferOptions{}))
	assert.Equal(t, [3]string{"ftrack.location.component-removed", c.PrimaryKey()[0], "studio"}, next())
}

func TestHandlersTellTheTypeOfAFile(t *testing.T) {
	s, _ := componentSession(t, nil)
	made := func(name string) [2]string {
		c, err := s.CreateComponent(t.Context(), []session.ComponentFile{fileOf(name, "1")}, session.ComponentOptions{Location: session.NoLocation})
		require.NoError(t, err)
		return [2]string{c.Text("name"), c.Text("file_type")}
	}
	assert.Equal(t, [2]string{"scene.tar", ".gz"}, made("/scenes/scene.tar.gz"))
	_, err := s.EventHub().Subscribe("topic=ftrack.api.session.get-file-type-from-string", func(_ context.Context, e *event.Event) (any, error) {
		if e.Data.Get("file_path").Is("/scenes/scene.tar.gz") {
			return ".tar.gz", nil
		}
		return nil, nil
	}, event.SubscribeOptions{})
	require.NoError(t, err)
	assert.Equal(t, [2]string{"scene", ".tar.gz"}, made("/scenes/scene.tar.gz"))
	assert.Equal(t, [2]string{"plate", ".exr"}, made("plate.exr"))
}

// registering is a transport that does something else with requests that register components.
type registering struct {
	wire.Transport
	do func(ctx context.Context, request *wire.Request) (*wire.Response, error)
}

func (r *registering) RoundTrip(ctx context.Context, request *wire.Request) (*wire.Response, error) {
	if r.do != nil && bytes.Contains(request.Body, []byte(`"entity_type":"ComponentLocation"`)) {
		return r.do(ctx, request)
	}
	return r.Transport.RoundTrip(ctx, request)
}

func TestDataStaysWhereItIsRegisteredOrMayBe(t *testing.T) {
	server := serveEvents(t, nil)
	transport := &registering{Transport: nethttp.New(nil)}
	s := server.open(t, func(o *session.Options) { o.Transport = transport })
	memory := &location.Memory{}
	s.ConfigureLocation("studio", session.LocationSettings{Accessor: memory, Structure: location.Origin{}})
	create := func(name string) (*session.Entity, *location.Error) {
		c, err := s.CreateComponent(t.Context(), []session.ComponentFile{fileOf(name, name)}, session.ComponentOptions{Location: "studio"})
		var fault *location.Error
		if err != nil {
			require.ErrorAs(t, err, &fault)
		}
		return c, fault
	}
	lost := errors.New("the connection died")

	transport.do = func(context.Context, *wire.Request) (*wire.Response, error) {
		return &wire.Response{Status: 200, Body: []byte(`{"exception":"ValidationError","content":"no more of these"}`)}, nil
	}
	_, fault := create("refused")
	assert.ErrorContains(t, fault, "no more of these")
	assert.Empty(t, filesIn(t, memory, ""))

	transport.do = func(ctx context.Context, request *wire.Request) (*wire.Response, error) {
		_, err := transport.Transport.RoundTrip(ctx, request)
		require.NoError(t, err)
		return nil, lost
	}
	c, fault := create("arrived")
	require.Nil(t, fault)
	assert.Equal(t, "arrived", contents(t, s, c))

	transport.do = func(context.Context, *wire.Request) (*wire.Response, error) { return nil, lost }
	_, fault = create("lost")
	assert.ErrorIs(t, fault, lost)
	assert.Empty(t, fault.Left)
	assert.Equal(t, []string{"arrived"}, filesIn(t, memory, ""))

	ctx, cancel := context.WithCancel(t.Context())
	transport.do = func(ctx context.Context, _ *wire.Request) (*wire.Response, error) {
		cancel() // too late to end what has left, but nothing can be asked any more
		assert.NoError(t, ctx.Err())
		return nil, lost
	}
	_, err := s.CreateComponent(ctx, []session.ComponentFile{fileOf("unknown", "1")}, session.ComponentOptions{Location: "studio"})
	require.ErrorAs(t, err, &fault)
	assert.Len(t, fault.Left, 1)
	assert.Equal(t, []string{"arrived", "unknown"}, filesIn(t, memory, ""))
}

func TestStatusesOfATypeOfTaskComeFromItsOverride(t *testing.T) {
	s, _ := componentSession(t, nil)
	schema, kind, status := first(t, s, "select name from ProjectSchema"), first(t, s, "select name from Type"), first(t, s, "select name from Status")
	sent, err := s.Send(t.Context(), session.Own{Create: "WorkflowSchema", Values: map[string]any{"name": "override", "statuses": []*session.Entity{status}}})
	require.NoError(t, err)
	_, err = s.Send(t.Context(), session.Own{Create: "ProjectSchemaOverride", Values: map[string]any{"project_schema_id": schema.PrimaryKey()[0], "type_id": kind.PrimaryKey()[0], "workflow_schema_id": sent[0].Entity.PrimaryKey()[0]}})
	require.NoError(t, err)
	own, err := s.Statuses(t.Context(), schema, "Task", kind.PrimaryKey()[0])
	require.NoError(t, err)
	assert.Equal(t, []*session.Entity{status}, own)
	general, err := s.Statuses(t.Context(), schema, "Task", "another")
	require.NoError(t, err)
	assert.Greater(t, len(general), 1)
}
