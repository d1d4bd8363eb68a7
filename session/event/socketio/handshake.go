package socketio

import (
	"strconv"
	"strings"
	"time"
)

// Handshake is what the server says before the socket.
type Handshake struct {
	// ID names the connection to be.
	ID string
	// Heartbeat is how often the server sends one; 0 is never.
	Heartbeat time.Duration
	// Close is how long the server keeps a connection that has broken; 0 is not said.
	Close time.Duration
}

// ParseHandshake reads "sid:heartbeat:close:transports". A failure is a *PacketError.
func ParseHandshake(body []byte) (Handshake, error) {
	fields := strings.Split(strings.TrimSpace(string(body)), ":")
	if len(fields) < 4 || fields[0] == "" || strings.ContainsAny(fields[0], "/?# \t\r\n<>\"") {
		return Handshake{}, &PacketError{"a handshake that is none: is the server's address right, or does a proxy ask for a login?"}
	}
	h := Handshake{ID: fields[0]}
	for i, to := range []*time.Duration{&h.Heartbeat, &h.Close} {
		if fields[i+1] == "" {
			continue
		}
		seconds, err := strconv.ParseFloat(fields[i+1], 64)
		if err != nil || !(seconds >= 0 && seconds <= 1e6) {
			return Handshake{}, &PacketError{"a handshake whose times are no seconds"}
		}
		*to = time.Duration(seconds * float64(time.Second))
	}
	for _, transport := range strings.Split(fields[3], ",") {
		if strings.TrimSpace(transport) == "websocket" {
			return h, nil
		}
	}
	return Handshake{}, &PacketError{"a handshake of a server without WebSockets"}
}
