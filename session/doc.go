// Package session is an ftrack session: lazy queries, one entity per identity, attributes that load in batches. It runs
// natively and, compiled to WebAssembly, in a browser.
//
// One query walks through it like this. Session.Query parses the expression and sends nothing. Query.Next posts one
// page of it through the wire.Transport that Options holds, retries what may be retried, and requests the page after it
// while this one is merged, row by row, into the store. What comes back are records, or entities for Go programs;
// their values are decoded when they are read.
package session
