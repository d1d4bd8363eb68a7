//go:build !js

package session_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/location"
	"github.com/ftrack-wasm/ftrack-wasm/session/location/server"
	"github.com/ftrack-wasm/ftrack-wasm/session/nethttp"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/production"
)

// componentSession is a session of a sandbox with a small production, and an edit that nobody commits.
func componentSession(t *testing.T, assume sandbox.Assumptions) (*session.Session, *sandbox.Server) {
	t.Helper()
	sandboxed, err := sandbox.New(sandbox.Options{User: "demo", Key: "demo-key", Assume: assume})
	require.NoError(t, err)
	require.NoError(t, production.Build(sandboxed.Store(), production.Plan{Name: "demo", Tasks: 60, User: "demo"}))
	web := httptest.NewServer(sandboxed)
	t.Cleanup(web.Close)
	s, err := session.New(t.Context(), session.Options{ServerURL: web.URL, APIKey: "demo-key", APIUser: "demo", Transport: nethttp.New(nil)})
	require.NoError(t, err)
	edited, err := s.Create("Task", map[string]any{"name": "pending and unrelated"})
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.Equal(t, 1, s.RecordedOperations().Len(), "the pending edit survived")
		assert.Equal(t, session.Created, edited.State())
		s.Close()
	})
	s.ConfigureLocation(location.ServerID, session.LocationSettings{Accessor: server.New(s, nil)})
	return s, sandboxed
}

func first(t *testing.T, s *session.Session, expression string) *session.Entity {
	t.Helper()
	q, err := s.Query(expression)
	require.NoError(t, err)
	e, err := q.First(t.Context())
	require.NoError(t, err)
	require.NotNil(t, e, expression)
	return e
}

func fileOf(name, data string) session.ComponentFile {
	return session.ComponentFile{Name: name, Size: int64(len(data)), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(data)), nil }}
}

func contents(t *testing.T, s *session.Session, c *session.Entity) string {
	t.Helper()
	r, err := s.OpenComponent(t.Context(), c)
	require.NoError(t, err)
	defer r.Close()
	data, err := io.ReadAll(r)
	require.NoError(t, err)
	return string(data)
}

func TestAComponentGoesToTheServerAndFromThereIntoALocation(t *testing.T) {
	s, _ := componentSession(t, nil)
	version := first(t, s, "select id from AssetVersion where asset.parent.name is_not none")
	c, err := s.CreateComponent(t.Context(), []session.ComponentFile{fileOf("/renders/Größe 1.exr", "pixels")}, session.ComponentOptions{Data: map[string]any{"version": version}})
	require.NoError(t, err)
	assert.Equal(t, "Größe 1", c.Text("name"))
	assert.Equal(t, "pixels", contents(t, s, c))
	availability, err := s.ComponentAvailability(t.Context(), c)
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{location.ServerID: 100}, availability)

	registered := first(t, s, "select id, name from Location where name is_not \"ftrack.server\"")
	studio := registered.PrimaryKey()[0]
	memory := &location.Memory{}
	s.ConfigureLocation(studio, session.LocationSettings{Accessor: memory, Structure: location.Standard{}, Priority: 10})
	require.NoError(t, s.AddComponents(t.Context(), []*session.Entity{c}, location.ServerID, studio, session.TransferOptions{}))
	identifiers, err := s.ResourceIdentifiers(t.Context(), []*session.Entity{c}, studio)
	require.NoError(t, err)
	assert.Regexp(t, `^[\w.-]+(/[\w.-]+)+/v\d{3}/groe_1\.exr$|^[\w.-]+(/[\w.-]+)+/v\d{3}/gro_e_1\.exr$`, identifiers[0])
	stored, err := memory.Open(t.Context(), identifiers[0])
	require.NoError(t, err)
	data, _ := io.ReadAll(stored)
	assert.Equal(t, "pixels", string(data))
	picked, ok, err := s.PickLocation(t.Context(), c)
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Equal(t, studio, picked.ID, "the preferred one that has it")
	named, err := s.Ensure(t.Context(), "Location", map[string]any{"name": "studio.disk"})
	require.NoError(t, err)
	assert.Equal(t, []string{registered.Text("name"), "studio.disk", "ftrack.server", ""}, []string{picked.Name, s.Location(named.PrimaryKey()[0]).Name,
		s.Location(location.ServerID).Name, s.Location("unknown").Name})

	err = s.AddComponents(t.Context(), []*session.Entity{c}, location.ServerID, studio, session.TransferOptions{})
	assert.ErrorIs(t, err, location.ErrComponentInLocation)
	_, err = s.FilesystemPath(t.Context(), c, studio)
	assert.ErrorIs(t, err, location.ErrFilesystemPath)
	require.NoError(t, s.RemoveComponents(t.Context(), []*session.Entity{c}, studio, session.TransferOptions{}))
	info, err := memory.Stat(t.Context(), identifiers[0])
	require.NoError(t, err)
	assert.Equal(t, location.Nothing, info.Kind)
	assert.ErrorIs(t, s.RemoveComponents(t.Context(), []*session.Entity{c}, studio, session.TransferOptions{}), location.ErrComponentNotInLocation)
}

func TestLocationsSurviveRollbackAndReset(t *testing.T) {
	s, _ := componentSession(t, nil)
	s.ConfigureLocation("studio", session.LocationSettings{Accessor: &location.Memory{}, Structure: location.ID{}, Priority: 3})
	other := open(t, s)
	other.ConfigureLocation("studio", session.LocationSettings{Accessor: &location.Memory{}, Structure: location.ID{}, Priority: 3})
	other.Rollback()
	require.NoError(t, other.Reset(t.Context()))
	picked, ok, err := other.PickLocation(t.Context(), nil)
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Equal(t, "studio", picked.ID)
	assert.Equal(t, 3, picked.Priority)
	assert.NotNil(t, picked.Structure)
}

// open is another session of the same server.
func open(t *testing.T, s *session.Session) *session.Session {
	other, err := session.New(t.Context(), session.Options{ServerURL: s.ServerURL(), APIKey: "demo-key", APIUser: "demo", Transport: nethttp.New(nil)})
	require.NoError(t, err)
	t.Cleanup(func() { other.Close() })
	return other
}

func TestSequencesAndContainersHaveTheirMembers(t *testing.T) {
	s, _ := componentSession(t, nil)
	renders := fstest.MapFS{}
	for _, i := range []string{"0001", "0002", "0003", "0007"} {
		renders["head."+i+".ext"] = &fstest.MapFile{Data: []byte("frame " + i)}
	}
	files, err := session.FilesOf(renders, "head.%04d.ext [1-3, 7]")
	require.NoError(t, err)
	memory := &location.Memory{}
	s.ConfigureLocation(location.UnmanagedID, session.LocationSettings{Accessor: memory, Structure: location.ID{}})
	sequence, err := s.CreateComponent(t.Context(), files, session.ComponentOptions{})
	require.NoError(t, err)
	assert.Equal(t, "SequenceComponent", sequence.Type().Name)
	q, err := s.Query(`select name, file_type, size, container from FileComponent where container_id is "` + sequence.PrimaryKey()[0] + `" order by name`)
	require.NoError(t, err)
	members, err := q.All(t.Context())
	require.NoError(t, err)
	require.Len(t, members, 4)
	assert.Equal(t, "0007", members[3].Text("name"))
	assert.Equal(t, "frame 0007", contents(t, s, members[3]))
	assert.Equal(t, "SequenceComponent", members[0].Reference("container").Type().Name, "whatever type the schema says a container has")
	padding, _ := sequence.Value("padding")
	assert.EqualValues(t, 4, padding)
	identifiers, err := s.ResourceIdentifiers(t.Context(), []*session.Entity{sequence, members[3]}, location.UnmanagedID)
	require.NoError(t, err)
	assert.True(t, strings.HasSuffix(identifiers[0], "/file.%04d.ext"), identifiers[0])
	assert.Equal(t, strings.Replace(identifiers[0], "%04d", "0007", 1), identifiers[1])

	require.NoError(t, s.RemoveComponents(t.Context(), []*session.Entity{members[0]}, location.UnmanagedID, session.TransferOptions{}))
	availability, err := s.ComponentAvailability(t.Context(), sequence)
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{location.UnmanagedID: 75}, availability)

	container, err := s.CreateComponent(t.Context(), []session.ComponentFile{fileOf("a.txt", "1"), fileOf("b.png", "2")}, session.ComponentOptions{Name: "bundle"})
	require.NoError(t, err)
	assert.Equal(t, "ContainerComponent", container.Type().Name)
}

// failing is an accessor whose writes or removals fail from some time on.
type failing struct {
	*location.Memory
	writes  int
	removal error
}

var errFull = errors.New("the disk is full")

func (f *failing) Write(ctx context.Context, identifier string, data io.Reader, size int64) error {
	if f.writes--; f.writes < 0 {
		return errFull
	}
	return f.Memory.Write(ctx, identifier, data, size)
}

func (f *failing) Remove(ctx context.Context, identifier string) error {
	if f.removal != nil {
		return f.removal
	}
	return f.Memory.Remove(ctx, identifier)
}

func TestWhatIsNotRegisteredIsRemovedAgainOrNamed(t *testing.T) {
	s, _ := componentSession(t, nil)
	files := []session.ComponentFile{fileOf("a.1.exr", "1"), fileOf("a.2.exr", "2"), fileOf("a.3.exr", "3")}
	storage := &failing{Memory: &location.Memory{}, writes: 2}
	s.ConfigureLocation("studio", session.LocationSettings{Accessor: storage, Structure: location.ID{}})
	_, err := s.CreateComponent(t.Context(), files, session.ComponentOptions{Location: "studio"})
	var fault *location.Error
	require.ErrorAs(t, err, &fault)
	assert.ErrorIs(t, err, errFull)
	assert.Len(t, fault.Transferred, 2)
	assert.Empty(t, fault.Left)
	assert.Empty(t, filesIn(t, storage.Memory, ""))
	q, _ := s.Query(`select id from Component where name is "a"`)
	rows, err := q.All(t.Context())
	require.NoError(t, err)
	assert.Empty(t, rows)

	storage.writes, storage.removal = 2, errors.New("it is locked")
	_, err = s.CreateComponent(t.Context(), files, session.ComponentOptions{Location: "studio"})
	require.ErrorAs(t, err, &fault)
	assert.Len(t, fault.Left, 2)
	assert.Len(t, filesIn(t, storage.Memory, ""), 2)

	_, err = s.CreateComponent(t.Context(), files[:1], session.ComponentOptions{Location: "nowhere"})
	assert.ErrorIs(t, err, location.ErrLocation)
}

func TestComponentsOfWhatIsNoCommittedVersionAreRefused(t *testing.T) {
	s, _ := componentSession(t, nil)
	made, err := s.Create("AssetVersion", map[string]any{"asset": first(t, s, "select id from Asset")})
	require.NoError(t, err)
	task := first(t, s, "select id from Task")
	other, _ := componentSession(t, nil)
	for _, c := range []struct {
		data map[string]any
		text string
	}{
		{map[string]any{"version": made}, "create component: the AssetVersion is not committed yet: commit it first"},
		{map[string]any{"version_id": made.PrimaryKey()[0]}, "create component: the AssetVersion is not committed yet: commit it first"},
		{map[string]any{"version": task}, "create component: version must be of type AssetVersion and of the same session"},
		{map[string]any{"version": first(t, other, "select id from AssetVersion")}, "create component: version must be of type AssetVersion and of the same session"},
	} {
		_, err := s.CreateComponent(t.Context(), []session.ComponentFile{fileOf("unversioned.exr", "pixels")}, session.ComponentOptions{Data: c.data})
		assert.EqualError(t, err, c.text)
	}
	q, _ := s.Query(`select id from Component where name is "unversioned"`)
	rows, err := q.All(t.Context())
	require.NoError(t, err)
	assert.Empty(t, rows)
	s.RecordedOperations().Pop()
	_, err = s.CreateComponent(t.Context(), []session.ComponentFile{fileOf("unversioned.exr", "pixels")}, session.ComponentOptions{Data: map[string]any{"version_id": "nowhere"}})
	assert.EqualError(t, err, "create component: the server has no AssetVersion nowhere: was its creation rolled back, or was it deleted?")
}

func TestAFolderIsNoFileOfAComponent(t *testing.T) {
	_, err := session.FilesOf(fstest.MapFS{"plates/a.exr": {Data: []byte("1")}}, "plates")
	assert.EqualError(t, err, "open plates: it is a folder")
}

// filesIn are the files in a container and below.
func filesIn(t *testing.T, a *location.Memory, container string) (files []string) {
	list, err := a.List(t.Context(), container)
	require.NoError(t, err)
	for _, each := range list {
		if file, err := location.IsFile(t.Context(), a, each); err == nil && file {
			files = append(files, each)
		} else {
			files = append(files, filesIn(t, a, each)...)
		}
	}
	return files
}

func TestDataAtTheTargetIsNotReplaced(t *testing.T) {
	s, _ := componentSession(t, nil)
	memory := &location.Memory{}
	s.ConfigureLocation("studio", session.LocationSettings{Accessor: memory, Structure: location.Origin{}})
	require.NoError(t, memory.Write(t.Context(), "a.exr", bytes.NewReader([]byte("old")), 3))
	_, err := s.CreateComponent(t.Context(), []session.ComponentFile{fileOf("a.exr", "new")}, session.ComponentOptions{Location: "studio"})
	assert.ErrorIs(t, err, location.ErrLocation)
	r, err := memory.Open(t.Context(), "a.exr")
	require.NoError(t, err)
	data, _ := io.ReadAll(r)
	assert.Equal(t, "old", string(data))
}
