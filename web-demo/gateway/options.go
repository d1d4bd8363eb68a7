package gateway

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Options are what a gateway is made with. Target, APIKey and Keys are required.
type Options struct {
	Target   string   // address of the ftrack server
	APIKey   string   // a key that may act for every user whom tokens name
	Keys     *Keys    // verify tokens
	Audience string   // what a token's aud must hold; "" is DefaultAudience
	Origins  []string // origins of pages that may ask, as browsers write them
	Public   string   // address of the gateway as pages see it; "" takes the one that a request was sent to

	Upstream http.RoundTripper // sends to the ftrack server and follows no redirect; nil is a transport of its own
	Limiter  Limiter           // nil limits nothing
	Cache    Cache             // nil keeps nothing

	MaxBody   int64 // bytes of a request to /api, and of a frame that a client sends; 0 is 16 MiB
	MaxUpload int64 // bytes of an upload; 0 is 16 GiB

	SocketLife time.Duration // after which an event socket is closed, to come back with a fresh token; 0 is an hour

	Patience time.Duration // how long a client may take for the next bytes of a request; 0 is 30 seconds

	Now func() time.Time // nil is time.Now
	Log *slog.Logger     // gets a line for each request; nil for none
}

// DefaultAudience is what tokens name as their audience unless Options say otherwise.
const DefaultAudience = "ftrack-gateway"

// check refuses options that cannot work, sets those that are not given, and gives the target.
func (o *Options) check() (*url.URL, error) {
	target, err := address("target", o.Target, "https://STUDIO.ftrackapp.com")
	if err != nil {
		return nil, err
	}
	if o.Public != "" {
		public, err := address("public address", o.Public, "https://gateway.example")
		if err != nil {
			return nil, err
		}
		o.Public = public.String()
	}
	switch {
	case o.APIKey == "":
		return nil, errors.New("the API key is missing")
	case len(o.APIKey) < 8 || !visible(o.APIKey):
		return nil, errors.New("the API key is too short to be one, or it is not one line of printable ASCII")
	case o.Keys == nil || len(o.Keys.keys) == 0:
		return nil, errors.New("there is no key to verify tokens with")
	case o.MaxBody < 0 || o.MaxUpload < 0 || o.SocketLife < 0 || o.Patience < 0:
		return nil, errors.New("sizes, patience and the life of sockets cannot be negative")
	}
	for _, origin := range o.Origins {
		if err := checkOrigin(origin); err != nil {
			return nil, err
		}
	}
	if o.Audience == "" {
		o.Audience = DefaultAudience
	}
	if o.MaxBody == 0 {
		o.MaxBody = 16 << 20
	}
	if o.MaxUpload == 0 {
		o.MaxUpload = 16 << 30
	}
	if o.SocketLife == 0 {
		o.SocketLife = time.Hour
	}
	if o.Patience == 0 {
		o.Patience = 30 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Upstream == nil {
		o.Upstream = newTransport()
	}
	return target, nil
}

// address reads the address of a server. Slashes at its end are not part of it.
func address(what, text, such string) (*url.URL, error) {
	if text == "" {
		return nil, fmt.Errorf("the %s is missing: an address such as %s", what, such)
	}
	u, err := url.Parse(strings.TrimRight(text, "/"))
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("the %s must be an address such as %s", what, such)
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.User != nil:
		return nil, fmt.Errorf("the %s must be scheme, host, port and path only", what)
	}
	return u, nil
}

// checkOrigin refuses a text that no browser sends as an origin: a page of it would be refused later, with nobody knowing why.
func checkOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err != nil || u.Hostname() == "" || u.Scheme+"://"+u.Host != origin {
		return fmt.Errorf("%q is no origin: write https://HOST, as browsers do", origin)
	}
	if strings.Contains(u.Host, "*") {
		return fmt.Errorf("%q is no origin: name each host, there are no patterns", origin)
	}
	host := u.Host
	if u.Scheme == "https" && u.Port() == "443" || u.Scheme == "http" && u.Port() == "80" {
		host = strings.TrimSuffix(host, ":"+u.Port())
	}
	host = strings.TrimSuffix(host, ":")
	if ip := net.ParseIP(u.Hostname()); ip != nil && strings.Contains(host, "[") {
		host = "[" + ip.String() + "]" + host[strings.LastIndex(host, "]")+1:]
	}
	if written := u.Scheme + "://" + strings.ToLower(host); written != origin {
		return fmt.Errorf("%q is no origin that browsers send: they write %s", origin, written)
	}
	if strings.IndexFunc(host, func(c rune) bool { return c >= 0x80 }) >= 0 {
		return fmt.Errorf("%q is no origin that browsers send: they write such names as xn--", origin)
	}
	return nil
}
