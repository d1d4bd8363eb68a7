package gateway

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Scope is what a user may do.
type Scope string

const (
	Read  Scope = "read"  // ask for what changes nothing
	Write Scope = "write" // everything that does not hand out credentials
)

// User is who asks, as a token or a ticket says.
type User struct {
	Name    string // of the ftrack user
	Scope   Scope
	Expires time.Time
	sid     string // of the event server, from a socket's ticket
}

// verifier checks tokens.
type verifier struct {
	keys   *Keys
	parser *jwt.Parser
}

// leeway is how far the clocks of signer and gateway may be apart.
const leeway = 5 * time.Second

func newVerifier(keys *Keys, audience string, now func() time.Time) *verifier {
	return &verifier{keys, jwt.NewParser(
		jwt.WithValidMethods([]string{"HS256", "EdDSA"}), jwt.WithExpirationRequired(), jwt.WithAudience(audience),
		jwt.WithLeeway(leeway), jwt.WithTimeFunc(now), jwt.WithStrictDecoding(),
	)}
}

// claims are what a token says.
type claims struct {
	jwt.RegisteredClaims
	Scope string `json:"scope"`
}

// longestToken is how much of a header is looked at.
const longestToken = 8 << 10

// verify gives the user that a token names.
func (v *verifier) verify(token string) (User, error) {
	if len(token) > longestToken {
		return User{}, unauthorized("token_invalid", "The token is too long.")
	}
	var said claims
	_, err := v.parser.ParseWithClaims(token, &said, v.key)
	switch {
	case err == nil:
	case errors.Is(err, jwt.ErrTokenExpired):
		return User{}, unauthorized("token_expired", "The token has expired.")
	case errors.Is(err, jwt.ErrTokenInvalidAudience):
		return User{}, unauthorized("token_invalid", "The token is for another audience.")
	case errors.Is(err, jwt.ErrTokenRequiredClaimMissing):
		return User{}, unauthorized("token_invalid", "The token lacks a claim: it needs sub, exp, aud and scope.")
	case errors.Is(err, jwt.ErrTokenNotValidYet) || errors.Is(err, jwt.ErrTokenUsedBeforeIssued):
		return User{}, unauthorized("token_invalid", "The token is not valid yet.")
	default:
		return User{}, unauthorized("token_invalid", "The token is not valid.")
	}
	user := User{Name: said.Subject, Scope: Scope(said.Scope), Expires: said.ExpiresAt.Time}
	switch {
	case !visible(user.Name) || len(user.Name) > 256:
		return User{}, unauthorized("token_invalid", "The token names no user: sub must be the user's name in printable ASCII.")
	case user.Scope != Read && user.Scope != Write:
		return User{}, unauthorized("token_invalid", "The token's scope is neither read nor write.")
	}
	return user, nil
}

// key finds what verifies a token: the key of its kid, for the algorithm that this key is for. A token without a kid fits a gateway
// with one key.
func (v *verifier) key(token *jwt.Token) (any, error) {
	kid, named := token.Header["kid"].(string)
	if _, there := token.Header["kid"]; there && !named {
		return nil, errors.New("the kid is no text")
	}
	found, ok := v.keys.keys[kid]
	if !ok && len(v.keys.keys) == 1 {
		if only, unnamed := v.keys.keys[""]; unnamed {
			found, ok = only, true
		} else if !named {
			for _, found = range v.keys.keys {
				ok = true
			}
		}
	}
	if !ok || found.algorithm != token.Method.Alg() {
		return nil, errors.New("no key of this kid and algorithm")
	}
	return found.verify, nil
}

// bearer gives the user of the request's token.
func (g *Gateway) bearer(r *http.Request) (User, error) {
	headers := r.Header.Values("Authorization")
	if len(headers) == 0 {
		return User{}, unauthorized("token_missing", "The request has no token: send it as Authorization: Bearer TOKEN.")
	}
	scheme, token, ok := strings.Cut(headers[0], " ")
	if !ok || len(headers) > 1 || !strings.EqualFold(scheme, "Bearer") {
		return User{}, unauthorized("token_invalid", "The request's authorization is no bearer token.")
	}
	return g.tokens.verify(strings.TrimSpace(token))
}

// writer gives the user of a token with the scope write.
func (g *Gateway) writer(r *http.Request) (User, error) {
	user, err := g.bearer(r)
	if err == nil && user.Scope != Write {
		err = forbidden("scope_insufficient", "The token's scope is read: it does not allow this.")
	}
	return user, err
}
