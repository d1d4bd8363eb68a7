// Package sandbox is a server that speaks the ftrack API over entities in memory: for demos and tests, with a
// production that is the same for the same flags.
//
// Server is an http.Handler. A request is an array of operations, answered in order; reads share the store's lock, a request
// that writes holds it alone, and is applied whole or not at all. What the real server does is listed in FACTS.md with where
// it is known from; what nobody verified can be switched with Assumptions.
package sandbox
