package eval

import (
	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// Entity is a source's handle of one entity. The source chooses the numbers; 0 is "no entity".
// Handles need to be stable during one run only, and may stand for computed entities
// (a default custom attribute value: attribute index << 32 | owner).
type Entity int64

// Source is what queries are evaluated over. All methods are called from the goroutine that runs
// the plan, and the entities must not change during a run: whoever runs a plan holds the source's lock.
// Attributes that a method is given come from Schemas, from the type in question, one above it or (see
// DerivedAttributes) one below; Attribute.Slot is the same for one name
// throughout a family, so a source may address its columns by it.
type Source interface {
	// Schemas describes the entity types. It is asked when a query is compiled.
	Schemas() *schema.Schemas

	// Entities lists every entity of the type and of the types derived from it, in any order.
	// The slice stays the source's own and is not modified.
	Entities(t *schema.EntityType) []Entity

	// TypeOf is the entity's concrete type (Task, never TypedContext).
	TypeOf(e Entity) *schema.EntityType

	// Value is the entity's value of an attribute that holds one value: Ref of the other entity for a
	// reference, JSON for objects and lists such as link, the zero Value (null) when there is none,
	// and also when the entity's type has no such attribute or the reference leads nowhere.
	Value(e Entity, a *schema.Attribute) Value

	// List is the members of a collection, of a mapped collection (metadata, custom_attributes:
	// the rows behind the mapping) and of computed ones (ancestors, descendants).
	// The slice stays the source's own and is not modified.
	List(e Entity, a *schema.Attribute) []Entity

	// Lookup answers from an index: the entities of type t (derived types included) whose attribute
	// a is v; when a is a reference or a collection, v is a Ref and the entities are those that refer to it or
	// contain it (for ancestors: what stands below it). ok is false when there is no index for it; then the
	// evaluator scans. More entities than the right ones may come (the evaluator tests each of them),
	// fewer never: text matches whatever its case, so index text by Fold. Duplicates are allowed.
	//
	// An index on primary keys and one on references are enough for most queries: a foreign key without an index of
	// its own is looked up through its reference. The slice stays the source's own and is not modified.
	Lookup(t *schema.EntityType, a *schema.Attribute, v Value) (entities []Entity, ok bool)
}

// NullOrder says where rows without a value stand when rows are ordered.
type NullOrder uint8

const (
	NullsLow   NullOrder = iota // below every value: first ascending, last descending (MySQL)
	NullsHigh                   // above every value: last ascending, first descending (PostgreSQL)
	NullsFirst                  // first in both directions
	NullsLast                   // last in both directions
)

// NoneWords says which bare words mean "no value"; the others are text.
type NoneWords uint8

const (
	NoneAny      NoneWords = iota // none and null in any case
	NoneNone                      // none in any case; null is the text "null"
	NoneVerbatim                  // None and none; null, NULL and NONE are text
)

// DerivedAttributes says when a path may name an attribute that its type lacks and types derived from it
// have, as resource.username: Appointment.resource is a Resource, and only users have names of that kind. Entities of the
// other types read as empty. A cast (resource[User].username) is always possible.
type DerivedAttributes uint8

const (
	DerivedOfResource DerivedAttributes = iota // through Resource and custom attribute links only, as the manuals do
	DerivedNever                               // a cast is needed
	DerivedAlways                              // parent.status.name works too
)

// Options holds what is not known of ftrack's own server; the zero value is our best guess.
type Options struct {
	// Dialect is how the text of a query is read (backslash in quotes); Prepare hands it to the parser.
	Dialect query.Dialect
	// CaseSensitive makes is, in, like, >, <, group by and order by tell "a" from "A".
	CaseSensitive bool
	// NullOrder is where empty values stand in an order.
	NullOrder NullOrder
	// RefuseEmptyIn makes `in ()` and `not_in ()` an error; else nothing is in an empty list.
	RefuseEmptyIn bool
	// NoneWords are the words for null.
	NoneWords NoneWords
	// UnderscoreLiteral makes _ in like stand for itself; else for any one character.
	UnderscoreLiteral bool
	// RefuseSubqueries makes a query within in (...) an error, as on servers without nested subqueries.
	RefuseSubqueries bool
	// DerivedAttributes is when attributes of derived types need no cast.
	DerivedAttributes DerivedAttributes
	// TwoValued makes an empty value differ from every other: name is_not "x" holds without a name. Else, as in SQL, neither a
	// comparison with it nor its negation holds.
	TwoValued bool
	// Shuffle, when not nil, is called with the rows that matched, before they are ordered (equal keys keep
	// the order it leaves) and before offset and limit: rows without order by come in no promised order.
	Shuffle func(rows []Entity)
}
