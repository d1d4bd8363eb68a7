// Package schema knows the entity types of a server: their attributes, keys, defaults and inheritance, built from the
// reply to query_schemas.
//
// Parse walks the reply once: each schema becomes an EntityType with its attributes sorted by name; then the
// inheritance that no schema states is put in, and the types with one root become a family that shares the slots of
// its attribute names. Nothing is dropped: a studio's own type is a type like any other, and a property of a kind that
// is not known stays as an attribute of kind Unknown.
package schema
