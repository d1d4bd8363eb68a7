// Package socket is an event.Dialer over the page's fetch and WebSocket, which the host holds.
//
// A handshake and a socket are both known to the host by an id. The host answers through Shaken and Heard; what it is told of an id that
// it does not know, or any more, it leaves alone. The page may share one socket among its tabs: the module does not see that.
package socket
