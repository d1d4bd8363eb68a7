// Package session is an ftrack session: lazy queries, one entity per identity, attributes that load in batches. It runs
// natively and, compiled to WebAssembly, in a browser.
//
// One query walks through it like this. Session.Query parses the expression and sends nothing. Query.Next posts one
// page of it through the wire.Transport that Options holds, retries what may be retried, and requests the page after it
// while this one is merged, row by row, into the store. What comes back are records, or entities for Go programs;
// their values are decoded when they are read. Where answers come in another order than their requests left, what
// the later request brought stays (store.Question).
//
// One change walks through it like this. Entity.Set checks the value against the schema, puts it into the store's local
// layer, where reads find it first, and records an operation. Session.Commit takes what is recorded, plans the fewest
// operations that say the same (payload.go), and posts them once. When the server has taken them, what was sent becomes
// the server's value, with the reply over it (accept.go); when it refuses, everything is put back.
package session
