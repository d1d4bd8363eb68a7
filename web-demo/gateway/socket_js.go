package gateway

import "net/http"

// serveSocket refuses: where Go runs behind the Fetch API, the platform's JavaScript opens sockets that Socket allows.
func (g *Gateway) serveSocket(*statusWriter, *http.Request, User) error {
	return &Refusal{http.StatusUpgradeRequired, "MalformedRequestError", "This address is for web sockets.", "request_malformed"}
}
