// Package survey finds out what stands in a reply that is about to be kept: where its entities are, and which values must not be kept.
//
// One reply walks through it like this. New takes a value of a scanned document. Surveyor.Value goes over the tokens of one row of it:
// each object that names its type and says more than its key becomes a Place, the objects in it included, and what the server computes is
// overwritten. Surveyor.Places sorts what was found, so that it can be searched for an entity, and compared with what came later.
// ShowsKey looks for a key that stands in the bytes all the same.
package survey
