// Package fetch carries requests through the page's fetch: a wire.Transport whose host is JavaScript.
//
// The host has two closures for it, fetch(id, url, headers, body, session) and abortFetch(id), and calls Fetched when
// the reply is there. The body crosses as bytes, once each way.
package fetch
