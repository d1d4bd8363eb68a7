// Package schemas holds the entity types that the sandbox serves: those of a real server, and one that a studio
// made for itself, with the hash by which clients tell whether the schemas they remember are still right.
package schemas
