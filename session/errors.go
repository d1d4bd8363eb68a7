package session

import (
	"errors"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
)

// What callers branch on with errors.Is.
var (
	// ErrConnectionClosed is what every method says after Close.
	ErrConnectionClosed = &codedError{"CONNECTION_CLOSED", "session is closed: open a new one"}
	// ErrNoResultFound is what One says of a query without rows.
	ErrNoResultFound = &codedError{"NO_RESULT_FOUND", "one: the query found nothing"}
	// ErrMultipleResultsFound is what One says of a query with several rows.
	ErrMultipleResultsFound = &codedError{"MULTIPLE_RESULTS_FOUND", "one: the query found more than one"}
)

// codedError is an error that is told apart by identity in Go and by its code in JavaScript.
type codedError struct{ code, text string }

// Error is the whole sentence.
func (e *codedError) Error() string { return e.text }

// Code is the error's name on the JavaScript side.
func (e *codedError) Code() string { return e.code }

// UnrecognisedEntityTypeError names an entity type that the server's schemas do not have.
type UnrecognisedEntityTypeError struct {
	Name    string
	Nearest string // the known type whose name is most alike, "" when none is
}

// Error names the type and the nearest known one.
func (e *UnrecognisedEntityTypeError) Error() string {
	text := "unrecognised entity type " + strconvQuote(e.Name)
	if e.Nearest != "" {
		text += ": did you mean " + strconvQuote(e.Nearest) + "?"
	}
	return text
}

// Code is the error's name on the JavaScript side.
func (e *UnrecognisedEntityTypeError) Code() string { return "UNRECOGNISED_ENTITY_TYPE" }

// ArgumentError says which argument of a method is wrong, and how it should be.
type ArgumentError struct{ Text string }

// Error is the whole sentence.
func (e *ArgumentError) Error() string { return e.Text }

// Code is the error's name on the JavaScript side.
func (e *ArgumentError) Code() string { return "INVALID_ARGUMENT" }

// Code gives the name that an error has on the JavaScript side: that of the first error in its chain that has one.
func Code(err error) string {
	var coded interface{ Code() string }
	var syntax *query.SyntaxError
	if errors.As(err, &syntax) {
		return "QUERY_SYNTAX"
	}
	var timeout *TimeoutError
	if errors.As(err, &timeout) {
		return timeout.Code() // although a NetworkError wraps it
	}
	if errors.As(err, &coded) {
		return coded.Code()
	}
	return "INTERNAL"
}
