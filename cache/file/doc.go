// Package file keeps values in a folder, for native programs: a cache that outlives them and that several may use at once.
//
// A SetMany writes its values into one new file, a pack, beside the others, and puts it in its place in one step: whoever reads
// sees all of it or nothing, also when the writer dies half-way. Packs never change. A pack begins with a list of its keys, so a
// Get reads the lists of packs that it has not seen yet, finds the newest entry of the key, reads that value alone and compares
// its checksum. A Remove writes a pack too, with entries that say what is gone. When packs are many, or hold mostly what was
// replaced, whoever writes puts what is left of them into a new one.
//
// Entries are ordered by stamps: the clock, or one more than the newest stamp that the writer has seen. There are no locks. What a
// process does after it saw another's write counts as later.
package file
