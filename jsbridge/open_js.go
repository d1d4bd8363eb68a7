package jsbridge

import (
	"context"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// openSession opens a session. Until it has an id, its requests carry the negative id of the call.
func (b *bridge) openSession(ctx context.Context, c *call) (answer, error) {
	p := c.payload
	env := map[string]string{}
	for name, value := range p.Get("env").Members() {
		env[name] = value.Text()
	}
	headers := map[string]string{}
	for name, value := range p.Get("headers").Members() {
		headers[name] = value.Text()
	}
	seconds, _ := p.Get("timeout").Float()
	id := -c.id
	s, err := session.New(ctx, session.Options{
		ServerURL: p.Get("serverUrl").Text(), APIKey: p.Get("apiKey").Text(), APIUser: p.Get("apiUser").Text(),
		Timeout: time.Duration(seconds * float64(time.Second)), Headers: headers, StrictAPI: p.Get("strictApi").Bool(),
		ClientToken: p.Get("clientToken").Text(),
		Env:         func(name string) string { return env[name] },
		Transport:   b.requests.Transport(func() int { return id }),
		Pause:       b.pause, KeepRecords: true,
	})
	if err != nil {
		return answer{}, err
	}
	bound := b.add(s)
	id = bound.id
	return answer{json: describe(bound)}, nil
}

// describe tells JavaScript what it needs of a session that opened.
func describe(bound *boundSession) []byte {
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
	base := any(nil)
	if t.Base != nil {
		base = t.Base.Name
	}
	attributes := make([]any, len(t.Attributes))
	for i, a := range t.Attributes {
		attributes[i] = []any{a.Name, int(a.Slot), a.Kind.String(), a.Target, flags(a)}
	}
	out, _ = wire.AppendValue(out, map[string]any{
		"name": t.Name, "base": base, "primaryKey": texts(t.PrimaryKey), "defaultProjections": texts(t.DefaultProjections),
		"attributes": attributes,
	})
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

func texts(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}
