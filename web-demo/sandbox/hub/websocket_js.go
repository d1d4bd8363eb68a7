package hub

import (
	"errors"
	"net/http"
)

// Upgrade refuses: a page or worker has no connection to upgrade. Whoever runs the server there passes connections to Serve.
func Upgrade(w http.ResponseWriter, _ *http.Request) (Conn, error) {
	http.Error(w, "sockets are not upgraded here", http.StatusNotImplemented)
	return nil, errors.New("hub: sockets are not upgraded here")
}
