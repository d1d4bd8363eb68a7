package session

import (
	"strconv"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// minimumVersion is the oldest server that the ftrack clients work with (ftrack-python, compatibility check).
var minimumVersion = [3]int{3, 3, 11}

// ServerCompatibilityError says that the server is too old, does not tell what it is, or does not have an action.
type ServerCompatibilityError struct {
	Version string // as the server gave it; "" when it gave none
	Action  string // that the server does not have; "" when it is too old for everything
}

// Error names the version and the oldest one that works.
func (e *ServerCompatibilityError) Error() string {
	if e.Action != "" {
		return e.Action + ": the server (version " + wire.Excerpt([]byte(e.Version)) + ") does not have this action"
	}
	if e.Version == "" {
		return "open: the server does not tell its version, so it is not known to be compatible"
	}
	return "open: the server's version " + wire.Excerpt([]byte(e.Version)) + " is too old: 3.3.11 or newer is needed"
}

// Code is the error's name on the JavaScript side.
func (e *ServerCompatibilityError) Code() string { return "SERVER_COMPATIBILITY" }

// checkCompatibility follows ftrack-python: "dev" passes, and so does a version without three numbers.
func checkCompatibility(version string) error {
	if version == "" {
		return &ServerCompatibilityError{}
	}
	parts := strings.SplitN(version, ".", 4)
	if len(parts) < 3 {
		return nil
	}
	for i, least := range minimumVersion {
		digits := parts[i]
		for k, c := range []byte(digits) {
			if c < '0' || c > '9' {
				digits = digits[:k]
				break
			}
		}
		n, err := strconv.Atoi(digits)
		if err != nil || n > least {
			return nil
		}
		if n < least {
			return &ServerCompatibilityError{Version: version}
		}
	}
	return nil
}
