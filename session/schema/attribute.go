package schema

// Kind says what an attribute holds.
type Kind uint8

// The kinds of attributes. Unknown is a property that no rule classifies; its values are kept as they come.
const (
	Unknown Kind = iota
	String
	Boolean
	Integer
	Number
	Variable // any scalar, as the configuration of a custom attribute has it
	Object
	DateTime
	JSON // a text that holds JSON
	Reference
	Collection
	Mapped           // rows of Metadata, read as a mapping
	CustomAttributes // rows of custom attribute values, read as a mapping
)

var kindNames = [...]string{"unknown", "string", "boolean", "integer", "number", "variable", "object", "datetime", "json",
	"reference", "collection", "mapped", "customAttributes"}

// String is the kind's name as the npm package has it.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return kindNames[Unknown]
}

// Attribute is one property of an entity type.
type Attribute struct {
	Name        string
	Kind        Kind
	Target      string // entity type of a Reference, Collection or mapping
	Format      string // as the schema has it: foreign_key, date-time, json
	AliasFor    string // the legacy name, which events use
	Description string
	Default     string // JSON; `"{uid}"` is an id that the client makes
	HasDefault  bool
	Required    bool // the server fills the column when a client leaves it out: no rule for clients
	Immutable   bool
	Computed    bool
	Restricted  bool // may be filtered by, not projected
	Enum        []string
	// Slot is the attribute's place among the values of an entity; the same name has the same slot in a whole family.
	Slot int32
	// ForeignKey is a reference's key attribute, "" when there is none.
	ForeignKey string
	// ReferenceName is the reference that a key attribute belongs to, "" when there is none.
	ReferenceName string
}

// IsRelation reports whether the attribute leads to other entities.
func (a *Attribute) IsRelation() bool {
	return a.Kind == Reference || a.Kind == Collection || a.Kind == Mapped || a.Kind == CustomAttributes
}

// IsKeyed reports whether the attribute holds rows that stand for keys and their values.
func (a *Attribute) IsKeyed() bool { return a.Kind == Mapped || a.Kind == CustomAttributes }

// IsMany reports whether the attribute holds several entities.
func (a *Attribute) IsMany() bool {
	return a.Kind == Collection || a.Kind == Mapped || a.Kind == CustomAttributes
}
