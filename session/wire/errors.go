package wire

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ServerError is a server's refusal, or an answer that is none.
type ServerError struct {
	Op         string      // what was asked: query, get, open
	Exception  string      // the server's name for it, "" when the answer was not in its error form
	Content    string      // the server's text, or what is wrong with the answer
	ErrorCode  string      // the server's error_code, "" when it gave none
	Status     int         // HTTP status
	Operations []Operation // the batch that was refused; the server does not say which operation of it failed
	Reply      string      // the first 200 bytes of an answer that is not in the error form
	RetryAfter string      // the header of that name
}

// Error says the operation first.
func (e *ServerError) Error() string {
	var b strings.Builder
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	if e.Exception != "" && e.Exception != MalformedReply {
		b.WriteString(e.Exception + ": ")
	}
	b.WriteString(e.Content)
	if e.Status != 0 && (e.Status < 200 || e.Status > 299) && e.Exception != "" {
		b.WriteString(" (HTTP status " + strconv.Itoa(e.Status) + ")")
	}
	if e.Reply != "" {
		b.WriteString(": " + e.Reply)
	}
	return b.String()
}

// MalformedReply is the Exception of an answer that is no API reply.
const MalformedReply = "MalformedReply"

// What a *ServerError is by errors.Is.
var (
	// ErrAuthentication is a refusal of the credentials.
	ErrAuthentication = errors.New("authentication failed")
	// ErrPermissionDenied is a refusal of what was asked, to a user whose credentials are good.
	ErrPermissionDenied = errors.New("permission denied")
)

// Is tells refusals apart by the server's name for them, or by the status where it gave none.
func (e *ServerError) Is(target error) bool {
	switch e.Exception {
	case "InvalidCredentialsError", "FTAuthenticationError":
		return target == ErrAuthentication
	case "PermissionError":
		return target == ErrPermissionDenied
	case "", MalformedReply:
		return e.Status == 401 && target == ErrAuthentication || e.Status == 403 && target == ErrPermissionDenied
	}
	return false
}

// Code is the error's name on the JavaScript side.
func (e *ServerError) Code() string {
	switch {
	case e.Is(ErrAuthentication):
		return "AUTHENTICATION"
	case e.Is(ErrPermissionDenied):
		return "PERMISSION_DENIED"
	}
	return "SERVER_ERROR"
}

// NetworkError says that no complete answer came.
type NetworkError struct {
	Op  string
	URL string // without query
	Err error
}

// Error says the operation first.
func (e *NetworkError) Error() string {
	return e.Op + ": no answer from " + e.URL + ": " + e.Err.Error()
}

// Unwrap is the cause.
func (e *NetworkError) Unwrap() error { return e.Err }

// Code is the error's name on the JavaScript side.
func (e *NetworkError) Code() string { return "NETWORK_ERROR" }

// UnsentError is the failure of a request of which nothing has left: a Transport that knows that no connection came about gives it. A
// write that failed so has changed nothing.
type UnsentError struct{ Err error }

// Error is that of what went wrong.
func (e *UnsentError) Error() string { return e.Err.Error() }

// Unwrap is what went wrong.
func (e *UnsentError) Unwrap() error { return e.Err }

// excerptBytes is how much of a foreign text an error shows.
const excerptBytes = 200

// Excerpt is the beginning of a foreign text, at most 200 bytes of it, on one line and in quotes.
func Excerpt(text []byte) string {
	cut := len(text) > excerptBytes
	if cut {
		text = text[:excerptBytes]
		for len(text) > 0 && !utf8.RuneStart(text[len(text)-1]) {
			text = text[:len(text)-1]
		}
		if r, size := utf8.DecodeLastRune(text); r == utf8.RuneError && size == 1 {
			text = text[:len(text)-1]
		}
	}
	quoted := strconv.Quote(strings.ToValidUTF8(string(text), "\uFFFD"))
	if cut {
		quoted += "…"
	}
	return quoted
}
