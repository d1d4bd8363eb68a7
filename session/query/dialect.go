package query

// Dialect is how a server reads the text of a query. The zero value is what the public clients count on.
type Dialect struct {
	// BackslashLiteral makes a backslash in quotes an ordinary character, so that only the closing quote ends
	// a text. Without it `\"`, `\'` and `\\` stand for the second character, and a backslash before anything else stays.
	BackslashLiteral bool
}
