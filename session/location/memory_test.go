package location_test

import (
	"testing"

	"github.com/ftrack-wasm/ftrack-wasm/session/location"
	"github.com/ftrack-wasm/ftrack-wasm/session/location/accessortest"
)

func TestTheMemoryAccessorKeepsToTheContract(t *testing.T) {
	accessortest.Run(t, func(*testing.T) accessortest.Accessor { return &location.Memory{} })
}
