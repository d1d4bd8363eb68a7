package session

import (
	"context"
	"maps"
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/event"
	"github.com/ftrack-wasm/ftrack-wasm/session/event/socketio"
	"github.com/ftrack-wasm/ftrack-wasm/session/plugin"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Events are the options of a session's event hub and plugins.
type Events struct {
	// Dialer reaches the event server; session/event/websocket has the native one. Without one the hub has local events only.
	Dialer event.Dialer
	// AutoConnectEventHub connects when the session opens, and goes on trying. Opening does not wait for it.
	AutoConnectEventHub bool
	// ApplicationID names the program in the events that it publishes; "" is ftrack.api.wasm.
	ApplicationID string
	// EventKeyInURL puts the API key into the URL of the event server's handshake, where logs may keep it, for servers that take no headers
	// from a page. Without it that is done only where a server has refused the headers with 401 or 403.
	EventKeyInURL bool
	// EventSettings are those of the hub's connection; the zero value has the defaults.
	EventSettings socketio.Settings
	// Deliver takes events to subscribers without a handler; see event.Options.
	Deliver func(ctx context.Context, e *event.Event, subscribers []string, more bool) (stopped bool)
	// Plugins are registered, in order, when the session has opened. One that fails is reported and left out. They are Go values: the
	// paths of FTRACK_EVENT_PLUGIN_PATH, which name files of another language, are read by the npm package only, as addresses of modules.
	Plugins []plugin.Plugin[*Session]
	// PluginArguments are for plugins, by name.
	PluginArguments map[string]any
}

// The topics of a session's local events, which are those of ftrack-python.
const (
	topicConstruct         = "ftrack.api.session.construct-entity-type"
	topicConfigureLocation = "ftrack.api.session.configure-location"
	topicReady             = "ftrack.api.session.ready"
	topicReset             = "ftrack.api.session.reset"
)

// EventHub publishes and receives events; it lives as long as the session. Handlers of ftrack.update are called before the session's
// entities show what the event tells: one that needs what is so now asks by a Query. Get, Load and Populate send nothing for what is loaded.
func (s *Session) EventHub() *event.Hub { return s.hub }

// beforeOthers is a priority that comes before those that programs give.
var beforeOthers = -1 << 30

// startEvents makes the hub and registers the plugins of a session that has just opened. The identity map follows ftrack.update, and what
// was missed while the hub was away is asked for when it is back.
func (s *Session) startEvents(ctx context.Context) {
	o := &s.options
	if o.Report == nil {
		o.Report = func(error) {}
	}
	header := make([]wire.Header, 0, len(o.Headers))
	for _, name := range slices.Sorted(maps.Keys(o.Headers)) {
		header = append(header, wire.Header{Name: name, Value: o.Headers[name]})
	}
	key := s.key
	if s.Authentication().none {
		key = nil // a token, which stands in headers only
	}
	s.hub = event.NewHub(event.Options{
		ServerURL: o.ServerURL, Header: header, APIUser: o.APIUser, APIKey: key, InQuery: o.EventKeyInURL,
		Credentials:   func() []wire.Header { return s.Authentication().Apply(nil) },
		ApplicationID: o.ApplicationID, Dialer: o.Dialer, Report: o.Report, Deliver: o.Deliver, Settings: o.EventSettings,
		Resumed: func(ctx context.Context, _ event.Gap) {
			if _, err := s.Resync(ctx); err != nil && !s.Closed() {
				o.Report(err)
			}
		},
	})
	if o.Dialer != nil {
		s.hub.Subscribe("topic=ftrack.update", func(_ context.Context, e *event.Event) (any, error) {
			return nil, s.applyUpdate(e.Data, e.Source)
		}, event.SubscribeOptions{Priority: &beforeOthers})
	}
	s.OnLocalEvent(func(topic string, data []byte) { s.publishLocal(topic, wire.RawJSON(data)) })
	if o.AutoConnectEventHub {
		if err := s.hub.ConnectSoon(); err != nil {
			o.Report(err)
		}
	}
	s.plugins = plugin.Register(ctx, s, o.Plugins, o.PluginArguments, o.Report)
	if len(o.Plugins) > 0 {
		s.constructEntityTypes()
	}
	s.activateStorageScenario()
	s.publishLocal(topicConfigureLocation, nil)
	s.publishLocal(topicReady, nil)
}

// constructEntityTypes asks the handlers of ftrack.api.session.construct-entity-type, which get {"schema": the type's}, for factories: the last
// EntityFactory among the results for a type is in the place of that of the options.
func (s *Session) constructEntityTypes() {
	schemas, err := wire.Parse(s.schemas.Raw())
	if err != nil {
		return
	}
	factories := maps.Clone(s.options.EntityTypes)
	if factories == nil {
		factories = map[string]EntityFactory{}
	}
	for _, each := range schemas.List() {
		name := each.Get("id").Text()
		for _, result := range s.publishLocal(topicConstruct, map[string]any{"schema": wire.RawJSON(each.Raw())}) {
			factory, ok := result.(EntityFactory)
			if !ok {
				continue
			}
			factories[name] = factory
			if factory.DefaultProjections == nil {
				continue
			}
			if err := s.SetDefaultProjections(name, factory.DefaultProjections); err != nil {
				s.options.Report(err)
			}
		}
	}
	s.options.EntityTypes = factories
}

// endEvents takes back what plugins did and closes the hub.
func (s *Session) endEvents() {
	s.mu.Lock()
	plugins := s.plugins
	s.plugins = nil
	s.mu.Unlock()
	if plugins != nil {
		plugins.Unregister()
	}
	s.hub.Close()
}

func (s *Session) publishLocal(topic string, data any) (results []any) {
	e, err := event.New(topic, data)
	if err == nil {
		results, err = s.hub.PublishLocal(s.life, e)
	}
	if err != nil {
		s.options.Report(err)
	}
	return results
}
