// Command page is the sandbox inside a page: npm/src/sandbox starts it, in a worker where there are workers.
package main

import (
	"context"
	"os"
	"strconv"
	"syscall/js"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/fetchserver"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/hub"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/production"
)

func main() {
	tasks, _ := strconv.Atoi(os.Getenv("TASKS"))
	server, err := sandbox.New(sandbox.Options{User: os.Getenv("API_USER"), Key: os.Getenv("API_KEY"), URL: os.Getenv("SERVER_URL"), Assume: sandbox.Assumptions{},
		Draw: production.Draw, EncodeTime: 300 * time.Millisecond})
	if err == nil {
		err = production.Build(server.Store(), production.Plan{Name: os.Getenv("PRODUCTION"), Tasks: tasks, User: os.Getenv("API_USER")})
	}
	if err != nil {
		println("sandbox:", err.Error())
		os.Exit(1)
	}
	sockets := sockets{hub: server.Events(), clients: map[int]hub.Conn{}}
	fetchserver.Keep("openSocket", func(args []js.Value) any { sockets.open(args[0].Int(), args[1].String()); return nil })
	fetchserver.Keep("sendFrame", func(args []js.Value) any { return sockets.send(args[0].Int(), args[1].String()) })
	fetchserver.Keep("closeSocket", func(args []js.Value) any { sockets.close(args[0].Int()); return nil })
	fetchserver.Serve(server)
}

// sockets are those of the page, by its own numbers.
type sockets struct {
	hub     *hub.Hub
	clients map[int]hub.Conn
}

// open connects a socket with the session id of a handshake.
func (s *sockets) open(number int, sid string) {
	client, server := hub.Pipe()
	s.clients[number] = client
	go func() {
		_ = s.hub.Serve(context.Background(), sid, server)
		_ = server.Close()
	}()
	go func() {
		for {
			frame, err := client.Receive(context.Background())
			if err != nil {
				break
			}
			fetchserver.Host().Call("frame", number, frame)
		}
		delete(s.clients, number)
		fetchserver.Host().Call("socketEnded", number)
	}()
}

func (s *sockets) send(number int, frame string) bool {
	client := s.clients[number]
	return client != nil && client.Send(context.Background(), frame) == nil
}

func (s *sockets) close(number int) {
	if client := s.clients[number]; client != nil {
		_ = client.Close()
	}
}
