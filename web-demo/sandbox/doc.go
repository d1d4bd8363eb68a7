// Package sandbox is a server that speaks the ftrack API over entities in memory: for demos and tests, with a
// production that is the same for the same flags.
//
// Server is an http.Handler. A request is an array of operations, answered in order; reads share the store's lock, a request
// that writes holds it alone, and is applied whole or not at all. What a write changed goes out as events, through the event
// server in hub, to sockets and to Options.OnUpdate; they are made under the lock and sent after it, in the order of the
// writes. The bytes of components lie in a blob.Store, outside of the entities and their undo.
//
// What the real server does is listed in FACTS.md with where it is known from; what nobody verified can be switched with
// Assumptions. A running sandbox is steered by /sandbox/: connections that end, uploads that fail.
package sandbox
