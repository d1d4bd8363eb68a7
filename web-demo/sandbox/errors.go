package sandbox

import (
	"errors"
	"net/http"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/store"
)

// Error is a refusal: what the body of an error reply says, and the HTTP status that strict mode gives it.
type Error struct {
	Exception string
	Content   string
	Code      string // error_code, null when empty
	Status    int
}

// Error shows exception and content.
func (e *Error) Error() string { return e.Exception + ": " + e.Content }

func invalid(content string) *Error {
	return &Error{Exception: "ValidationError", Content: content, Status: http.StatusUnprocessableEntity}
}

func forbidden(content string) *Error {
	return &Error{Exception: "PermissionError", Content: content, Status: http.StatusForbidden}
}

func malformed(content string) *Error {
	return &Error{Exception: "MalformedRequestError", Content: content, Status: http.StatusBadRequest}
}

func wrongCredentials() *Error {
	return &Error{Exception: "InvalidCredentialsError", Content: "The supplied API key is not valid for the user.",
		Code: "api_credentials_invalid", Status: http.StatusUnauthorized}
}

// refusal makes an Error of whatever went wrong.
func refusal(err error) *Error {
	var own *Error
	var syntax *query.SyntaxError
	var meaning *eval.Error
	var duplicate *store.DuplicateError
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &syntax):
		return &Error{Exception: "ParseError", Content: syntax.Error(), Status: http.StatusBadRequest}
	case errors.As(err, &meaning):
		return invalid(meaning.Error())
	case errors.As(err, &duplicate):
		return &Error{Exception: "DuplicateEntryError", Content: "DuplicateEntryError: " + duplicate.Error(), Status: http.StatusConflict}
	}
	return &Error{Exception: "InternalServerError", Content: err.Error(), Status: http.StatusInternalServerError}
}

// append writes the body of the error: exactly three keys.
func (e *Error) append(out []byte) []byte {
	out = wire.AppendText(append(out, `{"exception":`...), e.Exception)
	out = wire.AppendText(append(out, `,"content":`...), e.Content)
	out = append(out, `,"error_code":`...)
	if e.Code == "" {
		return append(out, "null}"...)
	}
	return append(wire.AppendText(out, e.Code), '}')
}
