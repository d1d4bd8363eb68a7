package jsbridge

import (
	"context"
	"strconv"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// openSession opens a session. Until it has an id, its requests carry the negative id of the call.
func (b *bridge) openSession(ctx context.Context, c *call) (answer, error) {
	p := c.payload
	env := map[string]string{}
	for _, m := range p.Get("env").Object() {
		env[m.Key] = m.Value.Text()
	}
	headers := map[string]string{}
	for _, m := range p.Get("headers").Object() {
		headers[m.Key] = m.Value.Text()
	}
	seconds, _ := p.Get("timeout").Float()
	if !b.warm {
		b.warm = true
		go b.warmUp()
	}
	id := -c.id
	kept := &givenSchemas{hash: p.Get("schemas").Get("hash").Text(), text: []byte(p.Get("schemas").Get("text").Text())}
	maxAge, _ := p.Get("maxAge").Float()
	var storage session.Storage
	if p.Get("keeping").Bool() {
		storage = &sessionReplies{b.replies, func() int { return id }}
	}
	s, err := session.New(ctx, session.Options{
		ServerURL: p.Get("serverUrl").Text(), APIKey: p.Get("apiKey").Text(), APIUser: p.Get("apiUser").Text(),
		Timeout: time.Duration(seconds * float64(time.Second)), Headers: headers, StrictAPI: p.Get("strictApi").Bool(),
		ClientToken: p.Get("clientToken").Text(), NoCredentials: p.Get("hasToken").Bool(),
		Env:       func(name string) string { return env[name] },
		Transport: b.requests.Transport(func() int { return id }),
		Pause:     b.turns.pause, PauseBetween: b.turns.rest, KeepRecords: true, SchemaCache: kept, OpenOffline: p.Get("openOffline").Bool(),
		OpenEarly: p.Get("openEarly").Bool(),
		Events:    b.events(p, func() int { return id }), Report: b.report(func() int { return id }), Storage: storage, Policy: session.Policy(p.Get("policy").Text()), MaxAge: time.Duration(maxAge * float64(time.Second)),
	})
	if err != nil {
		return answer{}, err
	}
	bound := b.add(s)
	id = bound.id
	return answer{json: describe(bound, kept.fetched(s))}, nil
}

// givenSchemas are the schemas that JavaScript kept. It keeps those, too, that had to be fetched.
type givenSchemas struct {
	hash  string
	text  []byte
	newer bool
}

// LoadSchemas gives what JavaScript gave.
func (g *givenSchemas) LoadSchemas(context.Context, string) (hash string, text []byte, ok bool) {
	return g.hash, g.text, g.hash != ""
}

// SaveSchemas leaves the saving to JavaScript.
func (g *givenSchemas) SaveSchemas(_ context.Context, _, _ string, _ []byte) { g.newer = true }

// fetched reports whether the session has other schemas than those that were given.
func (g *givenSchemas) fetched(s *session.Session) bool {
	return g.newer || g.hash == "" || g.hash != s.ServerInformation().SchemaHash
}

// describe tells JavaScript what it needs of a session that opened.
func describe(bound *boundSession, fetched bool) []byte {
	s := bound.session
	out := append([]byte(nil), `{"session":`...)
	out, _ = wire.AppendValue(out, bound.id)
	out = append(out, `,"serverUrl":`...)
	out, _ = wire.AppendValue(out, s.ServerURL())
	out = append(out, `,"apiUser":`...)
	out, _ = wire.AppendValue(out, s.APIUser())
	out = append(out, `,"clientToken":`...)
	out, _ = wire.AppendValue(out, s.ClientToken())
	out = append(out, `,"serverInformation":`...)
	out = append(out, s.ServerInformation().Raw()...)
	out, _ = wire.AppendValue(append(out, `,"schemasFetched":`...), fetched)
	out = append(out, `,"types":[`...)
	for i, t := range s.Schemas().Types() {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendType(out, t)
	}
	return append(out, "]}"...)
}

func appendType(out []byte, t *schema.EntityType) []byte {
	out = wire.AppendText(append(out, `{"name":`...), t.Name)
	out = append(out, `,"base":`...)
	if t.Base != nil {
		out = wire.AppendText(out, t.Base.Name)
	} else {
		out = append(out, "null"...)
	}
	out = appendTexts(append(out, `,"primaryKey":`...), t.PrimaryKey)
	out = appendTexts(append(out, `,"defaultProjections":`...), t.DefaultProjections)
	out = append(out, `,"attributes":[`...)
	for i, a := range t.Attributes {
		if i > 0 {
			out = append(out, ',')
		}
		out = wire.AppendText(append(out, '['), a.Name)
		out = strconv.AppendInt(append(out, ','), int64(a.Slot), 10)
		out = wire.AppendText(append(out, ','), a.Kind.String())
		out = wire.AppendText(append(out, ','), a.Target)
		out = strconv.AppendInt(append(out, ','), int64(flags(a)), 10)
		out = append(out, ']')
	}
	return append(out, "]}"...)
}

func appendTexts(out []byte, list []string) []byte {
	out, _ = wire.AppendValue(out, list)
	return out
}

// flags are the bits of an attribute as the npm package reads them.
func flags(a *schema.Attribute) int {
	bits := 0
	for i, set := range [...]bool{a.Required, a.Immutable, a.Computed, a.Restricted} {
		if set {
			bits |= 1 << i
		}
	}
	return bits
}
