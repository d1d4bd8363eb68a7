package eval

import (
	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// collection tells whether the attribute may lead to several entities.
func collection(a *schema.Attribute) bool { return a.IsRelation() && a.Kind != schema.Reference }

// step is a resolved step of a path.
type step struct {
	Step
	owner *schema.EntityType // the type whose attribute it is
	next  *schema.EntityType // where it leads, after the cast; nil for a scalar
}

// path resolves a path that begins at entities of type t.
func (c *compiler) path(t *schema.EntityType, path query.Path) ([]step, error) {
	steps := make([]step, 0, len(path))
	for i, segment := range path {
		leads := i < len(path)-1
		owner, a := c.attribute(t, segment.Name, leads)
		if a == nil {
			return nil, unknownAttribute(t, segment.Name, leads)
		}
		s := step{Step: Step{Attribute: a}, owner: owner}
		if a.IsRelation() {
			if s.next = c.schemas.Type(a.Target); s.next == nil {
				return nil, unfit(t, a.Name, `leads to "`+a.Target+`", which the schemas do not have`)
			}
		} else if leads {
			return nil, unfit(t, a.Name, `is no relation, so "`+path[i+1].Name+`" cannot follow it`)
		}
		if segment.Cast != "" {
			if s.next == nil {
				return nil, unfit(t, a.Name, "is no relation and cannot be cast")
			}
			cast := c.schemas.Type(segment.Cast)
			if cast == nil {
				return nil, unknownType(c.schemas, segment.Cast)
			}
			if !cast.IsA(s.next.Name) && !s.next.IsA(cast.Name) {
				return nil, &Error{Name: cast.Name, message: t.Name + "." + a.Name + " leads to " + s.next.Name + ", which " + cast.Name + " is no kind of"}
			}
			s.Cast, s.next = cast, cast
		}
		steps = append(steps, s)
		t = s.next
	}
	return steps, nil
}

// attribute finds the attribute of the type, or where the options allow it, of types derived from it.
func (c *compiler) attribute(t *schema.EntityType, name string, leads bool) (*schema.EntityType, *schema.Attribute) {
	if a := t.Attribute(name); a != nil {
		return t, a
	}
	if c.options.DerivedAttributes == DerivedNever || c.options.DerivedAttributes == DerivedOfResource && !documentedBase(t.Name) {
		return t, nil
	}
	owners := derivedWith(t, name, leads)
	switch len(owners) {
	case 0:
		return t, nil
	case 1:
		return owners[0], owners[0].Attribute(name)
	}
	return t, owners[0].Attribute(name)
}

// documentedBase reports whether ftrack's manuals filter through this base type by attributes of the types below it.
func documentedBase(name string) bool {
	return name == "Resource" || name == "CustomAttributeLink" || name == "CustomAttributeLinkFrom"
}

// derivedWith are the highest types below t that have the attribute, as a relation if it leads on.
func derivedWith(t *schema.EntityType, name string, leads bool) []*schema.EntityType {
	var owners []*schema.EntityType
	for _, derived := range t.Derived {
		if a := derived.Attribute(name); a != nil && (!leads || a.IsRelation()) {
			owners = append(owners, derived)
		} else {
			owners = append(owners, derivedWith(derived, name, leads)...)
		}
	}
	return owners
}

// single is the path of an attribute that has one value at most, without collections on the way.
func (c *compiler) single(t *schema.EntityType, path query.Path, use string) ([]step, error) {
	steps, err := c.path(t, path)
	if err != nil {
		return nil, err
	}
	for _, s := range steps {
		if collection(s.Attribute) {
			return nil, unfit(s.owner, s.Attribute.Name, "is a collection: "+use+" needs one value a row")
		}
	}
	if last := steps[len(steps)-1]; last.next != nil {
		return nil, unfit(last.owner, last.Attribute.Name, "is a relation: "+use+" needs one of its attributes")
	}
	return steps, nil
}

// key is the attribute that identifies entities of a type with one key attribute; nil for composite keys.
func key(t *schema.EntityType) *schema.Attribute {
	if len(t.PrimaryKey) != 1 {
		return nil
	}
	return t.Attribute(t.PrimaryKey[0])
}
