package jsbridge

import (
	"errors"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// encodeError writes an error as JSON: its code, its text, and what callers branch on.
func encodeError(err error) []byte {
	fields := map[string]any{"code": session.Code(err), "message": err.Error()}
	var server *wire.ServerError
	var unknown *session.UnrecognisedEntityTypeError
	switch {
	case errors.As(err, &server):
		fields["exception"] = server.Exception
		if server.Status != 0 {
			fields["status"] = server.Status
		}
		if server.ErrorCode != "" {
			fields["errorCode"] = server.ErrorCode
		}
		if wait, ok := server.Wait(); ok {
			fields["retryAfter"] = wait.Seconds()
		}
		operations := make([]any, len(server.Operations))
		for i, o := range server.Operations {
			operations[i] = map[string]any(o)
		}
		fields["operations"] = operations
	case errors.As(err, &unknown):
		fields["entityType"] = unknown.Name
	}
	b, encodeErr := wire.AppendValue(nil, fields)
	if encodeErr != nil {
		return []byte(`{"code":"INTERNAL","message":"an error could not be encoded"}`)
	}
	return b
}
