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

// sealer makes and opens tickets: who may do what with one resource until when, encrypted and bound to the resource. A ticket is opened
// by every gateway that has the same keys.
type sealer struct {
	aead  cipher.AEAD
	nonce []byte
	now   func() time.Time
}

func newSealer(apiKey string, keys *Keys, now func() time.Time) (*sealer, error) {
	secret := append(append([]byte(apiKey), 0), keys.seed...)
	made, err := hkdf.Key(sha256.New, secret, nil, "ftrack gateway tickets 1", 64)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(made[:32])
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	return &sealer{aead, made[32:], now}, err
}

// seal makes a ticket for a resource. The nonce is derived from all that is sealed, so it never serves for two texts.
func (s *sealer) seal(resource string, user User) string {
	ends := s.now().Truncate(ticketWindow).Add(2 * ticketWindow).Unix()
	plain := strconv.AppendInt(nil, ends, 10)
	plain = append(append(plain, ' '), user.Scope...)
	plain = append(append(plain, ' '), user.Name...)
	plain = append(append(plain, ' '), user.sid...)
	mac := hmac.New(sha256.New, s.nonce)
	mac.Write([]byte(strconv.Itoa(len(resource)) + " " + resource))
	mac.Write(plain)
	nonce := mac.Sum(nil)[:s.aead.NonceSize()]
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nonce, nonce, plain, []byte(resource)))
}

// open gives what a ticket for a resource says.
func (s *sealer) open(resource, ticket string) (User, error) {
	invalid := unauthorized("ticket_invalid", "The ticket is not valid here.")
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(ticket)
	if err != nil || len(sealed) < s.aead.NonceSize() || len(ticket) > longestToken {
		return User{}, invalid
	}
	size := s.aead.NonceSize()
	plain, err := s.aead.Open(nil, sealed[:size], sealed[size:], []byte(resource))
	if err != nil {
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
