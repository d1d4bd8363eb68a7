//go:build !js

package session

import (
	"os"
	"runtime"

	"github.com/ftrack-wasm/ftrack-wasm/session/location"
	"github.com/ftrack-wasm/ftrack-wasm/session/location/disk"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// centralisedScenario is the studio's own storage, which all its machines mount.
const centralisedScenario = "ftrack.centralized-storage"

// activateStorageScenario does what the server's storage scenario asks for: with centralised storage the studio's location is its mount
// point. Handlers of ftrack.storage-scenario.activate do other scenarios.
func (s *Session) activateStorageScenario() {
	info, err := wire.Parse(s.info.raw)
	scenario := info.Get("storage_scenario")
	if err != nil || scenario.Get("scenario").Text() == "" {
		return
	}
	if scenario.Get("scenario").Is(centralisedScenario) {
		if err := s.centralise(scenario.Get("data")); err != nil && s.options.Report != nil {
			s.options.Report(err)
		}
	}
	s.publishLocal("ftrack.storage-scenario.activate", map[string]any{"storage_scenario": wire.RawJSON(scenario.Raw())})
}

func (s *Session) centralise(data wire.Node) error {
	system := map[string]string{"windows": "windows", "darwin": "osx"}[runtime.GOOS]
	if system == "" {
		system = "linux"
	}
	id, mount := data.Get("location_id").Text(), data.Get("accessor").Get("mount_points").Get(system).Text()
	if id == "" || mount == "" {
		return nil // not for this kind of machine
	}
	if _, err := os.Stat(mount); err != nil {
		return &location.Error{Kind: location.ErrLocation, Location: id, Text: "the centralised storage is not mounted here", Err: err}
	}
	accessor, err := disk.New(mount)
	if err != nil {
		return &location.Error{Kind: location.ErrLocation, Location: id, Err: err}
	}
	s.ConfigureLocation(id, LocationSettings{Accessor: accessor, Structure: location.Standard{}, Priority: location.CentralisedPriority})
	return nil
}
