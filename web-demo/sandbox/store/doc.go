// Package store holds the entities of the sandbox and answers the questions of the query evaluator about them.
//
// An entity is a row: its concrete type and one value for each attribute that holds a value. Relations are kept once, as
// the key text in the foreign key; the reference is found through the index of keys, and a collection
// through the index of that foreign key. So there is no second side to keep in step. Attributes that follow from others
// (link, ancestors, latest_version, the rows of custom_attributes) are computed when they are read.
//
// A Store is guarded by its lock: readers hold RLock while a query runs and while its rows are written out, writers hold
// Lock. A change made between Begin and Rollback is undone whole.
package store
