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

// AttributeError says what is wrong with an attribute, or with the value that it was to have.
type AttributeError struct{ EntityType, Attribute, Text string }

// Error is the whole sentence.
func (e *AttributeError) Error() string { return e.Text }

// Code is the error's name on the JavaScript side.
func (e *AttributeError) Code() string { return "ATTRIBUTE" }

// ImmutableAttributeError says that an attribute cannot be written.
type ImmutableAttributeError struct{ EntityType, Attribute, Reason string }

// Error names the attribute and the reason.
func (e *ImmutableAttributeError) Error() string {
	return e.EntityType + "." + e.Attribute + " cannot be set: " + e.Reason
}

// Code is the error's name on the JavaScript side.
func (e *ImmutableAttributeError) Code() string { return "IMMUTABLE_ATTRIBUTE" }

// ImmutableCollectionError says that the members of a collection cannot be changed.
type ImmutableCollectionError struct{ Text string }

// Error is the whole sentence.
func (e *ImmutableCollectionError) Error() string { return e.Text }

// Code is the error's name on the JavaScript side.
func (e *ImmutableCollectionError) Code() string { return "IMMUTABLE_COLLECTION" }

// DuplicateItemInCollectionError says that an entity is a member already, or was given twice.
type DuplicateItemInCollectionError struct{ Text string }

// Error is the whole sentence.
func (e *DuplicateItemInCollectionError) Error() string { return e.Text }

// Code is the error's name on the JavaScript side.
func (e *DuplicateItemInCollectionError) Code() string { return "DUPLICATE_ITEM_IN_COLLECTION" }

// InvalidStateError says that an entity is deleted, or gone.
type InvalidStateError struct{ Text string }

// Error is the whole sentence.
func (e *InvalidStateError) Error() string { return e.Text }

// Code is the error's name on the JavaScript side.
func (e *InvalidStateError) Code() string { return "INVALID_STATE" }

// OperationError says what is wrong with an operation, or with a batch of them.
type OperationError struct{ Text string }

// Error is the whole sentence.
func (e *OperationError) Error() string { return e.Text }

// Code is the error's name on the JavaScript side.
func (e *OperationError) Code() string { return "OPERATION" }

// CommitOutcomeUnknownError says that a commit left, and that its answer did not come: the server may have applied it.
// Operations are recorded as before; Reconcile finds out which of them the server has. Of operations that are sent by themselves, as by Send
// and Ensure, it says the same; nothing is recorded of those. Where it is known that no connection came about the error is a
// *wire.NetworkError: the server has none of them.
type CommitOutcomeUnknownError struct {
	Op  string // what was called: commit, ensure, send
	Err error
}

// Error tells what happened and what to do.
func (e *CommitOutcomeUnknownError) Error() string {
	text := e.Op + ": sent, but its outcome is unknown (" + e.Err.Error() + ")"
	if e.Op == "commit" {
		text += ": reconcile asks the server what it has applied"
	}
	return text
}

// Unwrap is what kept the answer away.
func (e *CommitOutcomeUnknownError) Unwrap() error { return e.Err }

// Code is the error's name on the JavaScript side.
func (e *CommitOutcomeUnknownError) Code() string { return "COMMIT_OUTCOME_UNKNOWN" }

// Code gives the name that an error has on the JavaScript side: that of the first error in its chain that has one.
func Code(err error) string {
	var coded interface{ Code() string }
	var unknown *CommitOutcomeUnknownError
	if errors.As(err, &unknown) {
		return unknown.Code() // whatever kept the answer away
	}
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
