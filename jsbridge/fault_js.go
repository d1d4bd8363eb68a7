//go:build faults

package jsbridge

import (
	"context"

	"github.com/ftrack-wasm/ftrack-wasm/session"
)

// A module built with the tag faults can be told to die, for the tests of what JavaScript does then.

func init() {
	operations = append(operations, operation{"fault", func(_ *bridge, ctx context.Context, c *call) (answer, error) {
		switch kind := c.payload.Get("kind").Text(); kind {
		case "goroutine":
			go panic("a goroutine panicked on request")
		case "recovered":
			panic("an operation panicked on request")
		case "hang":
			<-ctx.Done()
			return answer{}, context.Cause(ctx)
		default:
			return answer{}, &session.ArgumentError{Text: "fault: unknown kind " + kind}
		}
		return answer{}, nil
	}})
}

// The faults of an export.
const (
	exportPanics = 1 + iota
	exportBlocks
	exportOverflows
)

//go:wasmexport ftrack_fault
func fault(kind int32) int32 {
	switch kind {
	case exportPanics:
		panic("an export panicked on request")
	case exportBlocks:
		<-make(chan struct{})
	case exportOverflows:
		return descend(1)
	}
	return 0
}

func descend(n int32) int32 {
	var frame [256]int32
	frame[n&255] = n
	return descend(n+1) + frame[(n+1)&255]
}
