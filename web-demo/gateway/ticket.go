package gateway

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// ticketWindow is what a ticket's end is rounded to: it lives for one to two windows. Within one the same ticket is made for the same
// user and resource, so that browsers find what they have loaded before.
const ticketWindow = 10 * time.Minute

// sealer makes and opens tickets: who may do what with one resource until when, encrypted and bound to the resource. It seals with the
// first of the keys, and opens what any of them has sealed: a ticket is good at every gateway that has its key, and outlives the keys that
// come and go beside it.
type sealer struct {
	seals []seal
	now   func() time.Time
}

// seal is derived from one key and the API key.
type seal struct {
	aead  cipher.AEAD
	nonce []byte
}

func newSealer(apiKey string, keys *Keys, now func() time.Time) (*sealer, error) {
	s := &sealer{now: now}
	for _, seed := range keys.seeds() {
		secret := append(append([]byte(apiKey), 0), seed...)
		made, err := hkdf.Key(sha256.New, secret, nil, "ftrack gateway tickets 1", 64)
		if err != nil {
			return nil, err
		}
		block, err := aes.NewCipher(made[:32])
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return nil, err
		}
		s.seals = append(s.seals, seal{aead, made[32:]})
	}
	return s, nil
}

// seal makes a ticket for a resource. The nonce is derived from all that is sealed, so it never serves for two texts.
func (s *sealer) seal(resource string, user User) string {
	ends := s.now().Truncate(ticketWindow).Add(2 * ticketWindow).Unix()
	plain := strconv.AppendInt(nil, ends, 10)
	plain = append(append(plain, ' '), user.Scope...)
	plain = append(append(plain, ' '), user.Name...)
	plain = append(append(plain, ' '), user.sid...)
	with := s.seals[0]
	mac := hmac.New(sha256.New, with.nonce)
	mac.Write([]byte(strconv.Itoa(len(resource)) + " " + resource))
	mac.Write(plain)
	nonce := mac.Sum(nil)[:with.aead.NonceSize()]
	return base64.RawURLEncoding.EncodeToString(with.aead.Seal(nonce, nonce, plain, []byte(resource)))
}

// unseal gives the text of a ticket that one of the keys has sealed.
func (s *sealer) unseal(resource string, sealed []byte) (plain []byte, ok bool) {
	for _, with := range s.seals {
		size := with.aead.NonceSize()
		if len(sealed) < size {
			return nil, false
		}
		if plain, err := with.aead.Open(nil, sealed[:size], sealed[size:], []byte(resource)); err == nil {
			return plain, true
		}
	}
	return nil, false
}

// open gives what a ticket for a resource says.
func (s *sealer) open(resource, ticket string) (User, error) {
	invalid := unauthorized("ticket_invalid", "The ticket is not valid here.")
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(ticket)
	if err != nil || len(ticket) > longestToken {
		return User{}, invalid
	}
	plain, ok := s.unseal(resource, sealed)
	if !ok {
		return User{}, invalid
	}
	parts := strings.SplitN(string(plain), " ", 4)
	if len(parts) != 4 {
		return User{}, invalid
	}
	ends, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return User{}, invalid
	}
	user := User{Name: parts[2], Scope: Scope(parts[1]), Expires: time.Unix(ends, 0), sid: parts[3]}
	if !s.now().Before(user.Expires) {
		return User{}, unauthorized("ticket_expired", "The ticket has expired.")
	}
	return user, nil
}

// credentialParameters never pass to or from a server in an address.
var credentialParameters = []string{"ticket", "username", "apiKey", "api_user", "api_key", "apikey"}

// cleanQuery are the parameters of an address without credentials.
func cleanQuery(u *url.URL) url.Values {
	query := u.Query()
	for name := range query {
		for _, credential := range credentialParameters {
			if strings.EqualFold(name, credential) {
				delete(query, name)
			}
		}
	}
	return query
}

// resource names what a ticket is good for. Whoever may get a component may ask for its head.
func resource(method string, u *url.URL) string {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	return method + " " + u.EscapedPath() + "?" + cleanQuery(u).Encode()
}

// ticketed is the address of a resource here with a ticket for it.
func (g *Gateway) ticketed(base, method string, u *url.URL, user User) string {
	user.sid = ""
	query := cleanQuery(u)
	query.Set("ticket", g.tickets.seal(resource(method, u), user))
	return base + u.EscapedPath() + "?" + query.Encode()
}

// bearerOrTicket gives the user of a token, or of a ticket where the address has one.
func (g *Gateway) bearerOrTicket(r *http.Request) (User, error) {
	if !r.URL.Query().Has("ticket") {
		return g.bearer(r)
	}
	return g.tickets.open(resource(r.Method, r.URL), r.URL.Query().Get("ticket"))
}

func (g *Gateway) uploadTicket(r *http.Request) (User, error) {
	user, err := g.tickets.open(resource(r.Method, r.URL), r.URL.Query().Get("ticket"))
	if err == nil && user.Scope != Write {
		err = forbidden("scope_insufficient", "The token's scope allows no uploads.")
	}
	return user, err
}

// mostTickets is how many addresses one request may ask for.
const mostTickets = 1000

// serveTickets answers with addresses of components and thumbnails that carry tickets. The body is an array of addresses, relative to the
// gateway: "component/thumbnail?id=ID&size=300".
func (g *Gateway) serveTickets(w *statusWriter, r *http.Request, user User) error {
	body, err := g.readBody(r)
	if err != nil {
		return err
	}
	root, err := wire.Parse(body)
	if err != nil || root.Kind() != wire.Array || root.Len() > mostTickets {
		return malformed("The request must be an array of addresses, " + strconv.Itoa(mostTickets) + " at most.")
	}
	out := []byte(`{"urls":[`)
	for i, each := range root.List() {
		u, err := url.Parse("/" + strings.TrimPrefix(each.Text(), "/"))
		if err != nil || u.Host != "" || u.EscapedPath() != "/component/get" && u.EscapedPath() != "/component/thumbnail" {
			return malformed("Tickets are for component/get and component/thumbnail.")
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = wire.AppendText(out, g.ticketed(g.base(r), http.MethodGet, u, user))
	}
	out = append(out, `],"expires":`...)
	out = wire.AppendText(out, g.options.Now().Truncate(ticketWindow).Add(2*ticketWindow).UTC().Format(time.RFC3339))
	return g.answer(w, append(out, '}'))
}
