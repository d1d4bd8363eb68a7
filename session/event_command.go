package session

import (
	"github.com/ftrack-wasm/ftrack-wasm/session/event"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// The commands of the event hub. Subscribers are without handlers: Events.Deliver has them.
func init() {
	commands = append(commands, []command{
		{"hubSubscribe", func(s *Session, n wire.Node) (any, error) {
			options := event.SubscribeOptions{Subscriber: map[string]any{}}
			if priority, ok := n.Get("priority").Int(); ok {
				p := int(priority)
				options.Priority = &p
			}
			for _, m := range n.Get("subscriber").Object() {
				if m.Key == "id" {
					options.Subscriber[m.Key] = m.Value.Text()
				} else {
					options.Subscriber[m.Key] = wire.RawJSON(m.Value.Raw())
				}
			}
			return s.hub.Subscribe(n.Get("subscription").Text(), nil, options)
		}},
		{"hubUnsubscribe", func(s *Session, n wire.Node) (any, error) { return s.hub.Unsubscribe(n.Get("id").Text()), nil }},
		{"hubState", func(s *Session, _ wire.Node) (any, error) {
			return map[string]any{"id": s.hub.ID(), "state": string(s.hub.State())}, nil
		}},
		// Which subscribers want an event, for a caller that calls their handlers itself.
		{"hubMatching", func(s *Session, n wire.Node) (any, error) {
			e, err := event.FromNode(n.Get("event"))
			if err != nil {
				return nil, err
			}
			ids, _ := s.hub.Matching(e)
			return ids, nil
		}},
	}...)
}
