package schema

// EntityType is a type of a server's schemas, as Task or Metadata.
type EntityType struct {
	Name  string
	Index int32 // in Schemas.Types
	// Attributes are sorted by name.
	Attributes []*Attribute
	PrimaryKey []string
	// DefaultProjections are what a query without select asks for; names without an attribute are dropped.
	DefaultProjections []string
	// SystemProjections are what replies carry without being asked; some are legacy names.
	SystemProjections []string
	Base              *EntityType // nil at the top
	Root              *EntityType // the top, itself when it has no base
	Derived           []*EntityType
	Alias             Alias
	Family            int32 // the same for all types with one root
}

// Alias is the legacy table of a type, and the values of its columns that tell types of one table apart.
type Alias struct {
	Table       string
	Classifiers map[string]string
}

// Attribute is the attribute of a name, nil when the type has none.
func (t *EntityType) Attribute(name string) *Attribute {
	low, high := 0, len(t.Attributes)
	for low < high {
		if middle := (low + high) / 2; t.Attributes[middle].Name < name {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low == len(t.Attributes) || t.Attributes[low].Name != name {
		return nil
	}
	return t.Attributes[low]
}

// Legacy is every attribute whose legacy name is the one given; some stand for two.
func (t *EntityType) Legacy(name string) []*Attribute {
	var found []*Attribute
	for _, a := range t.Attributes {
		if a.AliasFor == name {
			found = append(found, a)
		}
	}
	return found
}

// IsA reports whether the type is the one of that name or stands below it.
func (t *EntityType) IsA(name string) bool {
	for ; t != nil; t = t.Base {
		if t.Name == name {
			return true
		}
	}
	return false
}
