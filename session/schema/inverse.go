package schema

// No schema says which collection is the other end of a reference. It is the one of the owner's collections that holds
// entities of the type, when there is but one and the type has but one reference to the owner; children and parent
// belong together in any case.

// CollectionOf is the collection of owner at the other end of a reference of t, nil when it cannot be told.
func (s *Schemas) CollectionOf(t *EntityType, reference *Attribute, owner *EntityType) *Attribute {
	if reference.Name == "parent" {
		if children := owner.Attribute("children"); children != nil && children.Kind == Collection && t.IsA(children.Target) {
			return children
		}
	}
	var found *Attribute
	for _, a := range owner.Attributes {
		if a.Kind != Collection || !t.IsA(a.Target) || a.Immutable || a.Computed {
			continue
		}
		if found != nil {
			return nil
		}
		found = a
	}
	if found == nil || found.Name == "children" || s.referencesTo(t, owner) != 1 {
		return nil
	}
	return found
}

// ReferenceOf is the reference of item at the other end of a collection of owner, nil when it cannot be told.
func (s *Schemas) ReferenceOf(owner *EntityType, many *Attribute, item *EntityType) *Attribute {
	for _, a := range item.Attributes {
		if a.Kind == Reference && s.CollectionOf(item, a, owner) == many && s.leadsTo(a, owner) {
			return a
		}
	}
	return nil
}

func (s *Schemas) referencesTo(t, owner *EntityType) int {
	n := 0
	for _, a := range t.Attributes {
		if a.Kind == Reference && s.leadsTo(a, owner) {
			n++
		}
	}
	return n
}

// leadsTo reports whether a reference may name an entity of a type.
func (s *Schemas) leadsTo(reference *Attribute, owner *EntityType) bool {
	target := s.byName[reference.Target]
	return target != nil && (owner.IsA(target.Name) || target.IsA(owner.Name))
}
