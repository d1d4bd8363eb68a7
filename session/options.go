package session

import (
	"context"
	"strings"
	"syscall"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/cache"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Options configure a session. The names are those of the ftrack session guide.
type Options struct {
	// ServerURL is the address of the ftrack server, port included where it has one. A trailing slash is dropped.
	// When empty, FTRACK_SERVER of the environment is taken.
	ServerURL string
	// APIKey authenticates. When empty, FTRACK_API_KEY is taken, then FTRACK_APIKEY.
	APIKey string
	// Token authenticates in the place of APIKey, at a gateway that holds the key: requests carry it, and neither key nor user.
	Token TokenSource
	// NoCredentials says that Transport authenticates by itself: requests carry neither key nor user.
	NoCredentials bool
	// APIUser is the name operations are recorded against. When empty, FTRACK_API_USER is taken.
	APIUser string
	// Timeout bounds one request with its retries. 0 means 60 seconds.
	Timeout time.Duration
	// Headers are sent with every request beside the session's own, which they cannot replace.
	Headers map[string]string
	// StrictAPI asks the server for strict mode: errors come with HTTP status codes.
	StrictAPI bool
	// ClientToken is sent with every request; the events of this session's changes carry it. When empty one is made.
	ClientToken string
	// Env looks an environment variable up; nil means the process environment.
	Env func(name string) string
	// Transport carries the requests. It has no default: nethttp.New(nil) is the native one.
	Transport wire.Transport
	// Pause, when set, is called every few rows of a merge, so that whoever shares the thread can have it in time: a page
	// in a browser. It returns when the merge may go on, or an error to end it.
	Pause func(ctx context.Context) error
	// PauseBetween is Pause, called before work of another kind: when all rows of a page are merged, before they are handed out. nil is Pause.
	PauseBetween func(ctx context.Context) error
	// KeepRecords leaves the eviction of records that nobody holds to the caller, who drives it through Store.
	KeepRecords bool
	// SchemaCache keeps the server's schemas, so that the next session asks for them only when they have changed. nil keeps none.
	SchemaCache SchemaCache
	// Storage keeps what queries bring, for the policies that use it; nil keeps nothing.
	Storage Storage
	// Cache keeps what queries bring in a cache, in the place of Storage: UseCache(c), or UseCacheOf(f). With it the policy is
	// NetworkFirst unless Policy names one.
	Cache CacheSource
	// CacheKeyMaker makes the keys of what is in Cache; nil is a cache.StringKeyMaker.
	CacheKeyMaker cache.KeyMaker
	// Report, when set, is told of what went wrong without failing anything: a cache that fails, a handler of events, a plugin, the event
	// hub's connection. It is called from any goroutine and must not wait.
	Report func(error)
	// OpenOffline lets a session open when the network fails, with the schemas that SchemaCache has. A refusal is never passed over.
	OpenOffline bool
	// OpenEarly lets a session open with the schemas that SchemaCache has, without an answer of the server: see Session.Check.
	OpenEarly bool
	// Policy says where queries that name none of their own take their rows from; "" is NetworkOnly.
	Policy Policy
	// MaxAge is how old kept rows may be for CacheFirst, and what is kept of an entity for Get. 0 is any age, but five minutes for Get
	// with NetworkFirst.
	MaxAge time.Duration
	// Now is the clock that ages are told by; nil is time.Now.
	Now func() time.Time
	// EntityTypes makes entity types what the program wants them to be.
	EntityTypes map[string]EntityFactory
	// NoAutoPopulate makes Load give what is there; see Session.SetAutoPopulate.
	NoAutoPopulate bool
	// Events configure the event hub and plugins.
	Events
	// NewID makes the id of an entity that is created; by default a random UUID.
	NewID func() string
}

// String names the server and the user; it never shows the key. Neither it nor GoString shows headers: they may hold
// secrets too.
func (o Options) String() string { return "Options" + o.redacted() }

// GoString is what %#v prints.
func (o Options) GoString() string { return o.String() }

func (o Options) redacted() string {
	server := strconvQuote(o.ServerURL)
	if o.ServerURL != "" && checkServerURL(o.ServerURL) != "" {
		server = "invalid" // a mistyped one may hold a secret
	}
	return "{server: " + server + ", user: " + strconvQuote(o.APIUser) + ", key: redacted}"
}

const defaultTimeout = 60 * time.Second

// OptionError says which option is missing or wrong, and what to do.
type OptionError struct {
	Option string // as Options names it
	Reason string
}

// Error names the option first.
func (e *OptionError) Error() string { return "session: option " + e.Option + " " + e.Reason }

// Code is the error's name on the JavaScript side.
func (e *OptionError) Code() string { return "INVALID_ARGUMENT" }

// resolve fills the options in from the environment and checks them.
func (o Options) resolve() (Options, error) {
	env := o.Env
	if env == nil {
		env = func(name string) string { v, _ := syscall.Getenv(name); return v }
	}
	first := func(value string, names ...string) string {
		for _, name := range names {
			if value == "" {
				value = env(name)
			}
		}
		return value
	}
	o.ServerURL = first(o.ServerURL, "FTRACK_SERVER")
	keyless := o.Token != nil || o.NoCredentials
	if keyless && o.APIKey != "" {
		return o, &OptionError{"Token", "is given beside APIKey: it stands in its place"}
	}
	if !keyless {
		o.APIKey = first(o.APIKey, "FTRACK_API_KEY", "FTRACK_APIKEY")
	}
	o.APIUser = first(o.APIUser, "FTRACK_API_USER")
	switch {
	case o.ServerURL == "":
		return o, &OptionError{"ServerURL", "is missing: give it or set FTRACK_SERVER"}
	case o.APIKey == "" && !keyless:
		return o, &OptionError{"APIKey", "is missing: give it or set FTRACK_API_KEY"}
	case o.APIUser == "":
		return o, &OptionError{"APIUser", "is missing: give it or set FTRACK_API_USER"}
	case o.Transport == nil:
		return o, &OptionError{"Transport", "is missing: nethttp.New(nil) is the native one"}
	case o.Timeout < 0:
		return o, &OptionError{"Timeout", "is negative: give a duration, or 0 for 60 seconds"}
	}
	if reason := checkServerURL(o.ServerURL); reason != "" {
		return o, &OptionError{"ServerURL", reason}
	}
	o.ServerURL = strings.TrimSuffix(o.ServerURL, "/")
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if err := o.Policy.check(); err != nil {
		return o, &OptionError{"Policy", "is unknown: " + strconvQuote(string(o.Policy))}
	}
	if o.Cache != nil && o.Storage != nil {
		return o, &OptionError{"Cache", "stands beside Storage: give one of them"}
	}
	if o.Policy == "" && o.Cache != nil {
		o.Policy = NetworkFirst
	}
	if o.Policy == "" {
		o.Policy = NetworkOnly
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	for _, value := range []struct{ option, text string }{{"APIKey", o.APIKey}, {"APIUser", o.APIUser}} {
		if !headerValue(value.text) {
			return o, &OptionError{value.option, "holds a character that no HTTP header can carry (a line break, perhaps, from copying)"}
		}
	}
	for name, value := range o.Headers {
		if !headerName(name) || !headerValue(value) {
			return o, &OptionError{"Headers", "has a name or value that HTTP does not allow: " + strconvQuote(name)}
		}
	}
	if o.ClientToken == "" {
		o.ClientToken = "ftrack-wasm--" + newUUID()
	}
	return o, nil
}

// checkServerURL gives the reason why a text is no server address, "" when it is one. The text is not shown: a
// mistyped one may hold a secret.
func checkServerURL(url string) string {
	scheme, rest, ok := strings.Cut(url, "://")
	switch {
	case strings.ContainsAny(url, " \t\r\n"):
		return "has white space in it"
	case !ok:
		return "has no scheme: write https://STUDIO.ftrackapp.com"
	case scheme != "http" && scheme != "https":
		return "has another scheme than http and https: write https://STUDIO.ftrackapp.com"
	case rest == "" || rest[0] == '/' || rest[0] == ':':
		return "has no host: write https://STUDIO.ftrackapp.com"
	case strings.ContainsAny(rest, "?#@"):
		return "must be scheme, host, port and path only"
	}
	return ""
}

func headerName(name string) bool {
	for _, c := range []byte(name) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("()<>@,;:\\\"/[]?={}", c) >= 0 {
			return false
		}
	}
	return name != ""
}

// headerValue tells whether every client can send a text in a header: no control characters, and none beyond Latin-1.
func headerValue(value string) bool {
	for _, c := range value {
		if c < ' ' && c != '\t' || c == 0x7f || c > 0xff {
			return false
		}
	}
	return true
}
