package eval

import (
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// Error is a query that reads well but does not fit the types: an unknown entity type, attribute or
// cast, a value that the attribute cannot have, a form that is switched off.
type Error struct {
	// Name is what is not known, or the attribute in question.
	Name string
	// Type is the entity type whose attribute it is; "" for an unknown type.
	Type string
	// Nearest is the nearest known name; "" when nothing is near.
	Nearest string
	message string
}

// Error says what does not fit, and the nearest known name.
func (e *Error) Error() string {
	if e.Nearest != "" {
		return "query: " + e.message + `; did you mean "` + e.Nearest + `"?`
	}
	return "query: " + e.message
}

func unknownType(schemas *schema.Schemas, name string) error {
	return &Error{Name: name, Nearest: schemas.Nearest(name), message: `unknown entity type "` + name + `"`}
}

// unknownAttribute is about a name that the type lacks; leads tells that the path goes on behind it.
func unknownAttribute(t *schema.EntityType, name string, leads bool) error {
	e := &Error{Name: name, Type: t.Name, message: t.Name + ` has no attribute "` + name + `"`}
	if owners := derivedWith(t, name, leads); len(owners) > 0 {
		e.message += ", though " + owners[0].Name + " has: cast to it in brackets, as in parent[" + owners[0].Name + "]." + name
		return e
	}
	names := make([]string, len(t.Attributes))
	for i, a := range t.Attributes {
		names[i] = a.Name
	}
	e.Nearest = schema.Nearest(name, names)
	return e
}

// unfit is an error about an attribute that exists.
func unfit(t *schema.EntityType, name, message string) error {
	return &Error{Name: name, Type: t.Name, message: t.Name + "." + name + " " + message}
}
