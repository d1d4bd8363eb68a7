// Package hub is the event half of the sandbox: an event server over socket.io 0.9.
//
// A client is admitted by a handshake (Hub.Admit), which gives it the id of a socket. Whoever holds a connection serves it
// by that id (Hub.Serve): a WebSocket of a native server, a port of a worker, or a Pipe within one process. A frame that comes
// in is a heartbeat, a disconnect, or an event; subscriptions (ftrack.meta.subscribe) are kept with the socket, and any other
// event goes to each socket that has a subscriber whose subscription and metadata fit. Faults make it behave as networks do.
package hub
