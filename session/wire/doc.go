// Package wire speaks the ftrack protocol: JSON in and out, API operations and replies, the error envelope, and the
// Transport that carries them.
//
// One request walks through it like this. The session builds operations, the encoder appends them as JSON with sorted
// keys, a Transport posts the bytes and brings back a Response. Replies checks its status and shape and scans the body
// once into a Tape; what comes out are Nodes, cursors over the tape that refer to the reply's bytes. Nothing is decoded
// before somebody asks: the store merges Nodes as references, and a text is made when it is read.
package wire
