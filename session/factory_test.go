package session_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
)

// shotTask is what a studio makes of tasks.
type shotTask struct {
	*session.Entity
	calls *int
}

func (t shotTask) Label() string { return t.Text("name") + "!" }

func openedWith(t *testing.T, factories map[string]session.EntityFactory) (*session.Session, *served, *scripts, error) {
	t.Helper()
	file := readScripts(t)
	server := newServed(t, file.entities(), nil)
	s, err := session.New(t.Context(), session.Options{ServerURL: "http://sandbox", APIUser: "demo", APIKey: "demo-key", Transport: server, EntityTypes: factories})
	if err == nil {
		t.Cleanup(func() { s.Close() })
	}
	server.sent = nil
	return s, server, file, err
}

func TestAFactoryGivesEntitiesMethodsAndDefaultProjections(t *testing.T) {
	made := 0
	s, server, file, err := openedWith(t, map[string]session.EntityFactory{
		"TypedContext": {Construct: func(e *session.Entity) any { made++; return shotTask{e, &made} }},
		"Task":         {DefaultProjections: []string{"name", "status.name", "bid"}},
	})
	require.NoError(t, err)
	task, err := s.Get(t.Context(), "Task", file.IDs["t1"])
	require.NoError(t, err)
	assert.Equal(t, "comp!", task.Object().(shotTask).Label(), "the type has the factory of its base type")
	assert.Equal(t, "comp!", task.Object().(shotTask).Label())
	assert.Equal(t, 1, made, "one object per entity")
	assert.Equal(t, "In progress", task.Reference("status").Text("name"))
	assert.Same(t, task.Reference("status"), task.Reference("status").Object(), "a type without a factory")
	q, err := s.Query("Task where name is comp")
	require.NoError(t, err)
	assert.Equal(t, `select name, status.name, bid from Task where name is comp`, q.String())
	again, err := s.Get(t.Context(), "Task", file.IDs["t1"])
	require.NoError(t, err)
	assert.Same(t, task, again)
	assert.Len(t, server.sent, 1, "the projections are loaded")
	shots, err := s.Query("Shot")
	require.NoError(t, err)
	assert.Equal(t, "select context_type, id, name from Shot", shots.String())
}

func TestAFactoryOfATypeThatThereIsNotIsRefused(t *testing.T) {
	_, _, _, err := openedWith(t, map[string]session.EntityFactory{"Taks": {Construct: func(e *session.Entity) any { return e }}})
	var unrecognised *session.UnrecognisedEntityTypeError
	require.ErrorAs(t, err, &unrecognised)
	assert.Equal(t, "Task", unrecognised.Nearest)
}

func TestWrongDefaultProjectionsAreNamed(t *testing.T) {
	_, _, _, err := openedWith(t, map[string]session.EntityFactory{"Task": {DefaultProjections: []string{"nmae"}}})
	assert.ErrorContains(t, err, `default projections of Task: unknown attribute "nmae"`)
	_, _, _, err = openedWith(t, map[string]session.EntityFactory{"Task": {DefaultProjections: []string{"name from User"}}})
	assert.ErrorContains(t, err, "default projections of Task")
	_, _, _, err = openedWith(t, map[string]session.EntityFactory{"Taks": {DefaultProjections: []string{"name"}}})
	var unknown *session.UnrecognisedEntityTypeError
	assert.ErrorAs(t, err, &unknown)
}
