// Package store is the identity map: one record per entity, whatever reply brought it, with a local layer over the
// remote one.
//
// One reply walks through it like this. The session scans the reply onto a tape and gives each row to a Merge. The
// merge reads an object's keys against the ones it saw at the same place of the row before, finds the record by its
// identity, and compares each value with the one at hand. What is new or different is copied into the store's chunks
// and a Value of 16 bytes without pointers refers to it; the reply itself is dropped. Keys, repeated rows and values
// that did not change cost no memory. Nothing is decoded before it is read.
//
// Values stand in columns of 64 records a block, so that rows of one query lie together and a garbage collection has
// next to nothing to mark. Chunks count their live bytes: below half, what lives is copied out and the chunk is dropped.
// Records that nobody holds are evicted by a sweep that its caller drives in slices.
//
// A Store has no lock and starts no goroutine: its owner serialises access. Reads allocate nothing.
package store
