package session

import "github.com/ftrack-wasm/ftrack-wasm/session/wire"

// Authentication puts a session's credentials on a request of one's own, as SessionAuthentication of the Python
// client does. It prints redacted.
type Authentication struct {
	key, user, token string
	none             bool
}

// NewAuthentication makes the credentials of a user.
func NewAuthentication(apiKey, apiUser string) *Authentication {
	return &Authentication{key: apiKey, user: apiUser}
}

// Apply appends the ftrack-user and ftrack-api-key headers, or what a session with a token sends in their place.
func (a *Authentication) Apply(header []wire.Header) []wire.Header {
	switch {
	case a.token != "":
		return append(header, wire.Header{Name: "authorization", Value: "Bearer " + a.token})
	case a.none:
		return header
	}
	return append(header, wire.Header{Name: "ftrack-user", Value: a.user}, wire.Header{Name: "ftrack-api-key", Value: a.key})
}

// String never shows the key.
func (a *Authentication) String() string {
	return "Authentication{user: " + strconvQuote(a.user) + ", key: redacted}"
}

// GoString is what %#v prints; it never shows the key either.
func (a *Authentication) GoString() string { return a.String() }

// Credentials are the headers that name the session's user, for requests to its server.
func (s *Session) Credentials() []wire.Header { return s.Authentication().Apply(nil) }
