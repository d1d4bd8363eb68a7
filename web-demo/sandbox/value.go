package sandbox

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// newID makes a random UUID, as the server does for entities without a key of the client's.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// kinds are what values of attributes are called in refusals.
var kinds = map[schema.Kind]string{schema.String: "a text", schema.JSON: "a JSON text", schema.Boolean: "true or false", schema.Integer: "a whole number",
	schema.Number: "a number", schema.DateTime: "a date"}

// shown is a value as it was sent, cut where it is long.
func shown(n wire.Node) string {
	raw := string(n.Raw())
	if len(raw) > 100 {
		raw = raw[:100] + "…"
	}
	return strings.ToValidUTF8(raw, "\uFFFD")
}

// scalar is the value that an attribute gets from a payload. A value of another kind than the attribute's is refused.
func scalar(t *schema.EntityType, a *schema.Attribute, n wire.Node) (eval.Value, error) {
	if n.Kind() == wire.Null {
		return eval.Value{}, nil
	}
	wrong := invalid(fmt.Sprintf("%s.%s must be %s, not %s.", t.Name, a.Name, kinds[a.Kind], shown(n)))
	switch a.Kind {
	case schema.String, schema.JSON:
		if n.Kind() != wire.String {
			return eval.Value{}, wrong
		}
		return eval.Text(n.Text()), nil
	case schema.Boolean:
		if n.Kind() != wire.True && n.Kind() != wire.False {
			return eval.Value{}, wrong
		}
		return eval.Bool(n.Bool()), nil
	case schema.Integer:
		i, ok := n.Int()
		if !ok {
			f, isNumber := n.Float()
			if !isNumber || f != float64(int64(f)) {
				return eval.Value{}, wrong
			}
			i = int64(f)
		}
		return eval.Int(i), nil
	case schema.Number:
		f, ok := n.Float()
		if n.Kind() != wire.Number || !ok {
			return eval.Value{}, wrong
		}
		return eval.Float(f), nil
	case schema.DateTime:
		at, ok := instant(n)
		if !ok {
			return eval.Value{}, wrong
		}
		return at, nil
	}
	return anything(n), nil
}

// instant reads a date-time, tagged or as text. What is below a second is dropped.
func instant(n wire.Node) (eval.Value, bool) {
	text := n
	if n.Kind() == wire.Object {
		if tag := n.Get("__type__").Text(); tag != "datetime" && tag != "date" {
			return eval.Value{}, false
		}
		text = n.Get("value")
	}
	at, err := wire.ParseDateTime(text.Text())
	if text.Kind() != wire.String || err != nil {
		return eval.Value{}, false
	}
	return eval.Time(at.Truncate(time.Second)), true
}

// anything is a value whose kind no schema says: of a custom attribute, or of an attribute of an unknown kind.
func anything(n wire.Node) eval.Value {
	switch n.Kind() {
	case wire.Null, wire.Missing:
		return eval.Value{}
	case wire.True, wire.False:
		return eval.Bool(n.Bool())
	case wire.String:
		return eval.Text(n.Text())
	case wire.Number:
		if i, ok := n.Int(); ok {
			return eval.Int(i)
		}
		f, _ := n.Float()
		return eval.Float(f)
	}
	if at, ok := instant(n); ok {
		return at
	}
	return eval.JSON(string(n.Raw()))
}

// referred finds the entity of a reference in a payload: an object with its type and keys. 0 is null.
func (r *request) referred(t *schema.EntityType, a *schema.Attribute, n wire.Node) (eval.Entity, error) {
	if n.Kind() == wire.Null {
		return 0, nil
	}
	target := r.store.Target(t, a)
	if named := n.Get("__entity_type__").Text(); named != "" {
		given := r.store.Schemas().Type(named)
		if given == nil {
			return 0, invalid(fmt.Sprintf("%s.%s refers to the unknown type %q.", t.Name, a.Name, named))
		}
		if target == nil || !given.IsA(target.Name) && !target.IsA(given.Name) && !(target.Name == "Task" && given.IsA("TypedContext")) {
			return 0, invalid(fmt.Sprintf("%s.%s is a %s, not a %s.", t.Name, a.Name, a.Target, named))
		}
		target = given
	}
	if n.Kind() != wire.Object || target == nil {
		return 0, invalid(fmt.Sprintf("%s.%s must be an entity.", t.Name, a.Name))
	}
	key := keyWithin(target, n)
	e := r.store.Find(target, key...)
	if e == 0 {
		return 0, invalid(fmt.Sprintf("%s.%s refers to a %s that does not exist: %q.", t.Name, a.Name, target.Name, key))
	}
	return e, nil
}

// leads refuses a foreign key of nothing, if such keys are assumed to be refused.
func (r *request) leads(t *schema.EntityType, column *schema.Attribute, v eval.Value) error {
	reference := t.Attribute(column.ReferenceName)
	if reference == nil || v.IsNull() || r.assumed.is("missing-target", "accepted") || r.store.Follow(t, reference, v) != 0 {
		return nil
	}
	return invalid(fmt.Sprintf("%s.%s refers to a %s that does not exist: %q.", t.Name, column.Name, reference.Target, v.Text()))
}
