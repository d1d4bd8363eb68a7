//go:build !js

package session_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/nethttp"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
)

func TestANoteIsRecordedInTheFormThatServersTake(t *testing.T) {
	s, _ := componentSession(t, nil)
	task := first(t, s, "select name from Task")
	user := first(t, s, `select id from User where username is "demo"`)
	var labels []*session.Entity
	if q, err := s.Query("select id from NoteLabel limit 2"); assert.NoError(t, err) {
		labels, err = q.All(t.Context())
		require.NoError(t, err)
	}
	other := first(t, s, `select username from User where username is_not "demo"`)
	before := s.RecordedOperations().Len()
	note, err := s.CreateNote(task, "Looks great", session.NoteOptions{Author: user, Recipients: []*session.Entity{user, other}, Labels: labels})
	require.NoError(t, err)
	assert.Equal(t, before+2+len(labels), s.RecordedOperations().Len(), "nothing is sent yet")
	assert.Equal(t, "TypedContext", note.Text("parent_type"))
	assert.Equal(t, task.PrimaryKey()[0], note.Text("parent_id"))
	for operation := range s.RecordedOperations().All() {
		create, ok := operation.(*session.CreateEntityOperation)
		require.True(t, ok)
		assert.NotContains(t, create.EntityData, "notes")
	}
	reply, err := s.CreateReply(note, "Thanks", user)
	require.NoError(t, err)
	assert.Equal(t, note.PrimaryKey()[0], reply.Text("in_reply_to_id"))
	_, err = s.CreateReply(reply, "no", nil)
	var wrong *session.InvalidStateError
	assert.ErrorAs(t, err, &wrong)
	_, err = s.CreateNote(user, "no", session.NoteOptions{})
	assert.Error(t, err, "users have no notes")
	for range 3 + len(labels) {
		s.RecordedOperations().Pop()
	}
}

func TestTimersStartStopAndAreForced(t *testing.T) {
	s, _ := componentSession(t, nil)
	user := first(t, s, `select id from User where username is "demo"`)
	task := first(t, s, "select name from Task")
	_, err := s.StopTimer(t.Context(), user)
	assert.ErrorIs(t, err, session.ErrNoResultFound)
	assert.EqualError(t, err, "stop timer: no timer of the user runs")
	assert.Equal(t, "NO_RESULT_FOUND", session.Code(err))
	timer, err := s.StartTimer(t.Context(), user, session.TimerOptions{Context: task, Name: "comp", Comment: "roto"})
	require.NoError(t, err)
	assert.Equal(t, "comp", timer.Text("name"))
	_, err = s.StartTimer(t.Context(), user, session.TimerOptions{})
	var twice *session.NotUniqueError
	require.ErrorAs(t, err, &twice)
	assert.Equal(t, "NOT_UNIQUE", session.Code(err))
	_, err = s.StartTimer(t.Context(), user, session.TimerOptions{Force: true, Name: "second"})
	require.NoError(t, err)
	log, err := s.StopTimer(t.Context(), user)
	require.NoError(t, err)
	assert.Equal(t, "second", log.Text("name"))
	logs, err := s.Query(`select name, comment, duration, start from Timelog where name is "comp"`)
	require.NoError(t, err)
	rows, err := logs.All(t.Context())
	require.NoError(t, err)
	require.Len(t, rows, 1)
	assert.Equal(t, "roto", rows[0].Text("comment"))
	assert.WithinDuration(t, time.Now(), rows[0].Time("start"), time.Minute)
	duration, _ := rows[0].Value("duration")
	assert.Contains(t, []any{int64(0), int64(1), int64(2)}, duration)
}

func TestAThumbnailIsThereBeforeItIsNamed(t *testing.T) {
	s, _ := componentSession(t, sandbox.Assumptions{"batch-order": "updates-first"})
	task := first(t, s, "select name, thumbnail_id from Task where thumbnail_id is none")
	component, err := s.CreateThumbnail(t.Context(), task, fileOf("a.png", "picture"), nil)
	require.NoError(t, err)
	assert.Equal(t, component.PrimaryKey()[0], task.Text("thumbnail_id"))
	assert.Equal(t, "thumbnail", component.Text("name"))
	assert.Equal(t, session.Unchanged, task.State())
}

func TestOfAThumbnailWhoseSecondStepIsRefusedNothingStays(t *testing.T) {
	s, _ := componentSession(t, sandbox.Assumptions{"missing-target": "refused"})
	task := first(t, s, "select name, thumbnail_id from Task where thumbnail_id is none")
	other, err := session.New(t.Context(), session.Options{ServerURL: s.ServerURL(), APIKey: "demo-key", APIUser: "demo", Transport: nethttp.New(nil)})
	require.NoError(t, err)
	t.Cleanup(func() { other.Close() })
	require.NoError(t, other.Delete(first(t, other, `select id from Task where id is "`+task.PrimaryKey()[0]+`"`)))
	_, err = other.Commit(t.Context(), session.CommitOptions{})
	require.NoError(t, err)

	component, err := s.CreateThumbnail(t.Context(), task, fileOf("a.png", "picture"), map[string]any{"name": "withdrawn"})
	assert.Nil(t, component)
	var refused *wire.ServerError
	require.ErrorAs(t, err, &refused)
	for _, what := range []string{`Component where name is "withdrawn"`, `ComponentLocation where component.name is "withdrawn"`} {
		q, err := other.Query("select id from " + what)
		require.NoError(t, err)
		rows, err := q.All(t.Context())
		require.NoError(t, err)
		assert.Empty(t, rows, what)
	}
}

func TestActionsThatTheServerDoesNotHaveSaySo(t *testing.T) {
	s, _ := componentSession(t, sandbox.Assumptions{"actions": "invalid"})
	user := first(t, s, `select id from User where username is "demo"`)
	for name, do := range map[string]func() error{
		"get_widget_url":           func() error { _, err := s.WidgetURL(t.Context(), "info", user, ""); return err },
		"encode_media":             func() error { _, err := s.EncodeMedia(t.Context(), user, nil, true); return err },
		"get_upload_metadata":      func() error { _, err := s.UploadMetadata(t.Context(), "x", "a", 1, "", 0); return err },
		"send_user_invite":         func() error { return s.SendUserInvite(t.Context(), user) },
		"reset_remote":             func() error { _, err := s.ResetRemote(t.Context(), "api_key", user); return err },
		"delayed_job":              func() error { _, err := s.DelayedJob(t.Context(), "SYNC_USERS_LDAP"); return err },
		"add_user_security_role":   func() error { return s.SecurityRole(t.Context(), session.AddRole, user, user, nil) },
		"grant_user_security_role": func() error { return s.SecurityRole(t.Context(), session.GrantRoleProject, user, user, user) },
	} {
		var old *session.ServerCompatibilityError
		err := do()
		require.ErrorAs(t, err, &old, name)
		assert.Contains(t, err.Error(), name)
		assert.Equal(t, s.ServerInformation().Version, old.Version)
		assert.NotEmpty(t, old.Version)
	}
}

func TestActionsGiveWhatTheServerSays(t *testing.T) {
	s, _ := componentSession(t, nil)
	user := first(t, s, `select id from User where username is "demo"`)
	task := first(t, s, "select name from Task")
	url, err := s.WidgetURL(t.Context(), "info", task, "dark")
	require.NoError(t, err)
	assert.Contains(t, url, "http")
	require.NoError(t, s.SendUserInvite(t.Context(), user))
	rows, err := s.Search(t.Context(), session.SearchOptions{Expression: "select name from Task", EntityType: "Task", Terms: []string{task.Text("name")}})
	require.NoError(t, err)
	require.NotEmpty(t, rows)
	assert.Contains(t, rows, task, "the same entity")

	version := first(t, s, "select id from AssetVersion")
	component, err := s.CreateComponent(t.Context(), []session.ComponentFile{fileOf("a.mp4", "film")}, session.ComponentOptions{Data: map[string]any{"version": version}})
	require.NoError(t, err)
	job, err := s.EncodeMedia(t.Context(), component, version, true)
	require.NoError(t, err)
	assert.Equal(t, "Job", job.Type().Name)
	text := session.Format(task, session.FormatOptions{})
	assert.Contains(t, text, "Task("+task.PrimaryKey()[0]+")\n")
	assert.Contains(t, text, "\n  name: "+task.Text("name"))

	key, err := s.ResetAPIKey(t.Context(), user)
	require.NoError(t, err)
	assert.NotEmpty(t, key)
	_, err = session.New(t.Context(), session.Options{ServerURL: s.ServerURL(), APIKey: "demo-key", APIUser: "demo", Transport: nethttp.New(nil)})
	assert.Error(t, err, "the old one is good no more")
}

func TestStatusesAndTypesOfAProjectSchema(t *testing.T) {
	s, _ := componentSession(t, nil)
	schema := first(t, s, "select name from ProjectSchema")
	for _, entityType := range []string{"Task", "AssetVersion", "Shot"} {
		statuses, err := s.Statuses(t.Context(), schema, entityType, "")
		require.NoError(t, err, entityType)
		require.NotEmpty(t, statuses, entityType)
		assert.Equal(t, "Status", statuses[0].Type().Name)
		assert.NotEmpty(t, statuses[0].Text("name"))
	}
	types, err := s.Types(t.Context(), schema, "Task")
	require.NoError(t, err)
	require.NotEmpty(t, types)
	assert.NotEmpty(t, types[0].Text("name"))
	_, err = s.Statuses(t.Context(), schema, "Note", "")
	var wrong *session.ArgumentError
	assert.True(t, errors.As(err, &wrong), "%v", err)
}

func TestAJobIsOfTheKindThatProgramsMayMake(t *testing.T) {
	s, _ := componentSession(t, nil)
	_, err := s.Create("Job", map[string]any{"type": "other"})
	var wrong *session.ArgumentError
	require.ErrorAs(t, err, &wrong)
	job, err := s.Create("Job", map[string]any{"status": "running"})
	require.NoError(t, err)
	assert.Equal(t, "api_job", job.Text("type"))
	s.RecordedOperations().Pop()
}
