package gateway

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Cache keeps texts: what a platform gives, or Memory. It may lose any of them at any time.
type Cache interface {
	Get(ctx context.Context, key string) (text []byte, ok bool)
	Put(ctx context.Context, key string, text []byte, life time.Duration)
}

const (
	informationLife = time.Minute         // what the server says of itself, to one user
	schemasLife     = 30 * 24 * time.Hour // of schemas under their hash, which changes with them
)

// keepable is a batch that asks for nothing but server information and schemas.
type keepable struct {
	gateway     *Gateway
	batch       *operations
	information string // key of the information as this user asked for it; "" when it was not asked for
	hashKey     string
	alone       bool // only schemas were asked for
}

// keepable recognises a batch whose replies are kept; nil for others.
func (g *Gateway) keepable(r *http.Request, batch *operations, user User) *keepable {
	if g.options.Cache == nil || len(batch.actions) == 0 || len(batch.actions) > 2 || !batch.only("query_server_information", "query_schemas") ||
		r.Header.Get("Ftrack-Api-Options") != "" || len(batch.actions) == 2 && batch.actions[0] == batch.actions[1] {
		return nil
	}
	k := &keepable{gateway: g, batch: batch, hashKey: "hash", alone: len(batch.actions) == 1 && batch.actions[0] == "query_schemas"}
	for i, node := range batch.nodes {
		switch {
		case batch.actions[i] == "query_server_information":
			base := g.base(r) // addresses in it are those of the gateway
			k.information = "information " + strconv.Itoa(len(base)) + " " + base + " " + string(user.Scope) + " " + user.Name + " " + string(node.Raw())
		case node.Len() > 1:
			return nil // asked for in a way that is not known
		}
	}
	return k
}

// answer gives the whole answer from what is kept.
func (k *keepable) answer(ctx context.Context) ([]byte, bool) {
	out := []byte{'['}
	for i, action := range k.batch.actions {
		key := k.information
		if action == "query_schemas" {
			hash, ok := k.gateway.options.Cache.Get(ctx, k.hashKey)
			if !ok {
				return nil, false
			}
			key = "schemas " + string(hash)
		}
		text, ok := k.gateway.options.Cache.Get(ctx, key)
		if !ok {
			return nil, false
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, text...)
	}
	return append(out, ']'), true
}

// question is what the server is asked. Schemas are never asked for without the information that says which they are.
func (k *keepable) question() []byte {
	out := []byte{'['}
	if k.alone {
		out = append(out, `{"action":"query_server_information"},`...)
	}
	for i, node := range k.batch.nodes {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, node.Raw()...)
	}
	return append(out, ']')
}

// keep takes the server's answer and gives what the client asked for of it.
func (k *keepable) keep(ctx context.Context, text []byte) []byte {
	root, err := wire.Parse(text)
	replies := root.List()
	actions := k.batch.actions
	if k.alone {
		actions = []string{"query_server_information", "query_schemas"}
	}
	if err != nil || len(replies) != len(actions) {
		return text // a refusal
	}
	cache, hash := k.gateway.options.Cache, ""
	for i, action := range actions {
		if action == "query_server_information" && replies[i].Kind() == wire.Object {
			hash = replies[i].Get("schema_hash").Text()
			if k.information != "" {
				cache.Put(ctx, k.information, replies[i].Raw(), informationLife)
			}
		}
	}
	if hash != "" && visible(hash) && len(hash) <= 128 {
		cache.Put(ctx, k.hashKey, []byte(hash), informationLife)
		for i, action := range actions {
			if action == "query_schemas" && replies[i].Kind() == wire.Array {
				cache.Put(ctx, "schemas "+hash, replies[i].Raw(), schemasLife)
			}
		}
	}
	if k.alone {
		return append(append([]byte{'['}, replies[1].Raw()...), ']')
	}
	return text
}

// Memory is a Cache of one process.
type Memory struct {
	mu    sync.Mutex
	limit int
	size  int
	texts map[string]kept
	order []string // oldest first
	now   func() time.Time
}

type kept struct {
	text []byte
	ends time.Time
}

// NewMemory keeps texts of so many bytes in all. now nil is time.Now.
func NewMemory(limit int, now func() time.Time) *Memory {
	if now == nil {
		now = time.Now
	}
	return &Memory{limit: limit, texts: map[string]kept{}, now: now}
}

// Get gives a text that was put less than its life ago.
func (m *Memory) Get(_ context.Context, key string) ([]byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found, ok := m.texts[key]
	if !ok || !m.now().Before(found.ends) {
		return nil, false
	}
	return found.text, true
}

// Put keeps a copy of a text; the oldest ones go when there are too many.
func (m *Memory) Put(_ context.Context, key string, text []byte, life time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(key)+len(text) > m.limit {
		return
	}
	if old, ok := m.texts[key]; ok {
		m.size -= len(key) + len(old.text)
	} else {
		m.order = append(m.order, key)
	}
	m.texts[key] = kept{append([]byte(nil), text...), m.now().Add(life)}
	m.size += len(key) + len(text)
	for m.size > m.limit {
		oldest := m.order[0]
		m.order = m.order[1:]
		m.size -= len(oldest) + len(m.texts[oldest].text)
		delete(m.texts, oldest)
	}
}
