// Package cache keeps values under keys: in memory, in layers, behind other caches, and with cache/file in a folder that
// outlives the program.
//
// A Layered cache is asked for a key. It asks its layers from the top: a Memory first, which misses, then perhaps a
// Serialised one, which asks the cache below it for bytes and makes a value of them. The hit is given to the layers above, so
// that the next Get ends in memory. A Set goes down through all of them. What keys look like is up to a KeyMaker, which makes one
// text of any items, different ones for different items; a Memoiser puts cache and key maker around functions.
//
// The package uses the standard library only, and nothing large of it.
package cache
