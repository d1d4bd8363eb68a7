// Package gateway keeps an ftrack API key out of the pages that work with it: an http.Handler that takes a user's signed token, checks
// what the user asks against a policy, and passes it to the ftrack server with the key.
//
// One request: ServeHTTP refuses foreign origins and answers preflights (cors.go), finds who asks by the token or, where no header can
// be sent, by a ticket (token.go, ticket.go), and counts it (limit.go). A batch for /api is read as a whole and each of its operations
// checked before anything is sent (policy.go); components and uploads stream. What comes back streams through a hider (hide.go): the key
// is in none of it, and addresses at the ftrack server that bore it become addresses here that bear a ticket.
//
// The gateway keeps no state: tickets are sealed texts, and rate limits and cached schemas belong to what Options give.
package gateway
