package session

import (
	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// partialSource lets criteria be judged over what is loaded, the local values over the server's or the server's alone. An entity
// of which only an event told stands for one of its own. The session is locked while it is used.
type partialSource struct {
	session *Session
	local   bool
	guessed bool // what an entity created here was not given counts as empty, where the server will not fill it
	lacked  bool
	told    map[int32]eval.Value // values of the entity that only an event told of
	typ     *schema.EntityType   // and its type
}

// toldEntity stands for the entity that only an event told of.
const toldEntity eval.Entity = -1

var _ eval.PartialSource = (*partialSource)(nil)

// Lacked reports whether a value was read that is not loaded.
func (p *partialSource) Lacked() bool {
	lacked := p.lacked
	p.lacked = false
	return lacked
}

// Schemas are the server's.
func (p *partialSource) Schemas() *schema.Schemas { return p.session.schemas }

// Entities gives none: nobody knows which there are.
func (p *partialSource) Entities(*schema.EntityType) []eval.Entity { return nil }

// Lookup has no index.
func (p *partialSource) Lookup(*schema.EntityType, *schema.Attribute, eval.Value) ([]eval.Entity, bool) {
	return nil, false
}

// TypeOf is the type of a record.
func (p *partialSource) TypeOf(e eval.Entity) *schema.EntityType {
	if e == toldEntity {
		return p.typ
	}
	return p.session.typeOf(store.Record(e))
}

func (p *partialSource) read(e eval.Entity, slot int32) *store.Value {
	if p.local {
		return p.session.store.Read(store.Record(e), slot)
	}
	return p.session.remoteOf(store.Record(e), slot)
}

// Value is a loaded value. A reference follows from its foreign key, and the other way round.
func (p *partialSource) Value(e eval.Entity, a *schema.Attribute) eval.Value {
	t := p.TypeOf(e)
	if t == nil || named(t, a.Name) == nil {
		return eval.Value{}
	}
	a = named(t, a.Name)
	if e == toldEntity {
		return p.toldValue(t, a)
	}
	v := p.read(e, a.Slot)
	switch {
	case v != nil:
		return p.value(v, a)
	case a.Kind == schema.Reference && a.ForeignKey != "":
		if key := p.read(e, named(t, a.ForeignKey).Slot); key != nil {
			return p.follow(a, p.value(key, named(t, a.ForeignKey)))
		}
	case a.ReferenceName != "":
		if target := p.read(e, named(t, a.ReferenceName).Slot); target != nil {
			if key := p.session.store.Key(target.Reference()); len(key) == 1 {
				return eval.Text(key[0])
			}
			return eval.Value{}
		}
	}
	if !p.guessed || !p.emptyAtFirst(store.Record(e), t, a) {
		p.lacked = true
	}
	return eval.Value{}
}

// emptyAtFirst reports whether an attribute will be empty on the server once that has an entity created here: it was given no value, and is
// none of those that the server fills.
func (p *partialSource) emptyAtFirst(r store.Record, t *schema.EntityType, a *schema.Attribute) bool {
	made := p.session.pending[r]
	if made == nil || !made.created {
		return false
	}
	for _, name := range [...]string{a.Name, a.ForeignKey, a.ReferenceName} {
		if part := named(t, name); part != nil && (part.Required || part.Immutable || part.Computed) {
			return false
		}
	}
	return true
}

func (p *partialSource) toldValue(t *schema.EntityType, a *schema.Attribute) eval.Value {
	if v, ok := p.told[a.Slot]; ok {
		return v
	}
	if a.Kind == schema.Reference && a.ForeignKey != "" {
		if key, ok := p.told[named(t, a.ForeignKey).Slot]; ok {
			return p.follow(a, key)
		}
	}
	p.lacked = true
	return eval.Value{}
}

// follow is the entity that a foreign key stands for, as far as it is known.
func (p *partialSource) follow(reference *schema.Attribute, key eval.Value) eval.Value {
	if key.IsNull() {
		return eval.Value{}
	}
	if r := p.session.store.Find(reference.Target, key.Text()); r != 0 {
		return eval.Ref(eval.Entity(r))
	}
	p.lacked = true
	return eval.Value{}
}

func (p *partialSource) value(v *store.Value, a *schema.Attribute) eval.Value {
	var buffer [8]byte
	b := p.session.store.Bytes(v, buffer[:])
	text := ""
	switch v.Kind() {
	case store.False:
		return eval.Bool(false)
	case store.True:
		return eval.Bool(true)
	case store.Number:
		if i, ok := wire.ParseInt(b); ok {
			return eval.Int(i)
		}
		f, _ := wire.ParseFloat(b)
		return eval.Float(f)
	case store.Reference:
		return eval.Ref(eval.Entity(v.Reference()))
	case store.JSON:
		return eval.JSON(string(b))
	case store.ASCII, store.DateTime, store.Date:
		text = string(b)
	case store.UTF8:
		text = wire.DecodeText(b)
	case store.Escaped:
		text = wire.DecodeText(b[1 : len(b)-1])
	default:
		return eval.Value{}
	}
	if a.Kind == schema.DateTime || v.Kind() == store.DateTime || v.Kind() == store.Date {
		if t, err := wire.ParseDateTime(text); err == nil {
			return eval.Time(t)
		}
	}
	return eval.Text(text)
}

// List are the members of a loaded collection.
func (p *partialSource) List(e eval.Entity, a *schema.Attribute) []eval.Entity {
	t := p.TypeOf(e)
	if t == nil || named(t, a.Name) == nil {
		return nil
	}
	v := p.read(e, named(t, a.Name).Slot)
	if e == toldEntity || v.Kind() != store.List {
		p.lacked = true
		return nil
	}
	members := make([]eval.Entity, 0, v.Len())
	for _, r := range p.session.store.Records(v) {
		members = append(members, eval.Entity(r))
	}
	return members
}
