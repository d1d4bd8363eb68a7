//go:build !js

package session

import (
	"context"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/event"
	"github.com/ftrack-wasm/ftrack-wasm/session/location"
)

func TestCentralisedStorageIsTheStudiosLocation(t *testing.T) {
	folder := t.TempDir()
	s := open(t, &script{})
	scenario := func(mount string) {
		s.info.raw = []byte(`{"storage_scenario":{"scenario":"ftrack.centralized-storage","data":{"location_id":"studio","location_name":"studio","accessor":{"mount_points":{` +
			`"linux":` + strconv.Quote(mount) + `,"osx":` + strconv.Quote(mount) + `,"windows":` + strconv.Quote(mount) + `}}}}}`)
		s.activateStorageScenario()
	}
	var heard string
	_, err := s.EventHub().Subscribe("topic=ftrack.storage-scenario.activate", func(_ context.Context, e *event.Event) (any, error) {
		heard = e.Data.Get("storage_scenario").Get("scenario").Text()
		return nil, nil
	}, event.SubscribeOptions{})
	require.NoError(t, err)
	scenario(folder + "/not mounted")
	assert.Nil(t, s.Location("studio").Accessor)
	scenario(folder)
	l := s.Location("studio")
	require.NotNil(t, l.Accessor)
	assert.Equal(t, location.Standard{}, l.Structure)
	assert.Equal(t, location.CentralisedPriority, l.Priority)
	assert.Equal(t, "ftrack.centralized-storage", heard)
	path, err := location.FilesystemPath(l.Accessor, "a/b")
	require.NoError(t, err)
	assert.Equal(t, folder+"/a/b", path)
}
