package session

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/cache"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// cacheStorage is a Storage over a cache that never fails. A reply is one value, with the keys of the entities in it; each entity is
// one too, with what was last seen of it.
type cacheStorage struct {
	session *Session
	cache   cache.Cache[[]byte]
	keys    cache.KeyMaker
	report  func(error)
	writes  errands
	slow    atomic.Bool // writing takes longer than anybody waits
}

func (c *cacheStorage) layers() cache.Cache[[]byte] { return c.cache }

func (c *cacheStorage) written() <-chan struct{} { return c.writes.idle() }

// entityKey is the key of an entity, false when the key maker makes none.
func (c *cacheStorage) entityKey(entityType string, key []string) (string, bool) {
	return c.key([]any{entityType, key})
}

// replyKey is the key of a reply: that of the session without what the cache has in its scope.
func (c *cacheStorage) replyKey(key string) (string, bool) {
	return c.key("reply", key[min(len(key), len(c.session.replyKey(""))):])
}

func (c *cacheStorage) key(items ...any) (key string, ok bool) {
	defer func() {
		if recover() != nil {
			c.report(&cacheError{"make a key", errors.New("the key maker panicked")})
			ok = false
		}
	}()
	key, err := c.keys.Key(items...)
	if err != nil {
		c.report(&cacheError{"make a key", err})
	}
	return key, err == nil
}

// Save has something written behind the caller's back.
func (c *cacheStorage) Save(saved *Saved) {
	c.writes.add(0, func() { c.write(context.Background(), saved) })
}

// entityInReply are the places of one entity in a reply.
type entityInReply struct {
	key     string
	places  []Place
	objects [][]byte
	at      time.Time // what the last of them bears
}

func (c *cacheStorage) write(ctx context.Context, saved *Saved) {
	var entities []*entityInReply
	byKey := map[string]*entityInReply{}
	var keys []string
	entity := func(identity Identity) *entityInReply {
		key, ok := c.entityKey(identity.Type, identity.Key)
		if !ok {
			return nil
		}
		e := byKey[key]
		if e == nil {
			e = &entityInReply{key: key}
			byKey[key], entities, keys = e, append(entities, e), append(keys, key)
		}
		return e
	}
	for _, place := range saved.Places {
		if e := entity(saved.Identity(place)); e != nil {
			e.places = append(e.places, place)
			e.objects = append(e.objects, saved.Body[place.Offset:place.Offset+place.Length])
		}
	}
	for _, identity := range saved.Gone {
		if e := entity(identity); e != nil {
			e.objects = append(e.objects, []byte("null"))
		}
	}
	before, _ := cache.GetMany(ctx, c.cache, keys)
	values := make(map[string][]byte, len(entities)+1)
	for _, e := range entities {
		objects := c.objects(e.key, before)
		for _, object := range e.objects {
			objects, e.at = withObject(objects, saved.At, object)
		}
		values[e.key] = c.seal(e.key, appendObjects(nil, objects))
	}
	if key, ok := c.replyKey(saved.Key); ok && saved.Key != "" {
		values[key] = c.seal(key, appendReply(nil, saved, entities))
	}
	cache.SetMany(ctx, c.cache, values)
}

// objects are the versions of an entity in what was found.
func (c *cacheStorage) objects(key string, found map[string][]byte) []cachedObject {
	content, ok := c.unseal(key, found[key])
	if !ok {
		return nil
	}
	return parseObjects(content)
}

// appendReply writes a reply: a line with its time and its entities, then the body. For each entity: its key, the time that it bears, the
// offsets of its places.
func appendReply(out []byte, saved *Saved, entities []*entityInReply) []byte {
	out = strconv.AppendInt(append(out, '['), saved.At.UnixNano(), 10)
	for _, e := range entities {
		out = wire.AppendText(append(out, ',', '['), e.key)
		out = strconv.AppendInt(append(out, ','), e.at.UnixNano(), 10)
		for _, place := range e.places {
			out = strconv.AppendUint(append(out, ','), uint64(place.Offset), 10)
		}
		out = append(out, ']')
	}
	return append(append(out, ']', '\n'), saved.Body...)
}

// LoadReply looks for a reply, and for what came later of the entities in it.
func (c *cacheStorage) LoadReply(ctx context.Context, key string) (Kept, bool) {
	own, ok := c.replyKey(key)
	if !ok || key == "" {
		return Kept{}, false
	}
	c.settle(ctx)
	sealed, ok, _ := c.cache.Get(ctx, own)
	content, whole := c.unseal(own, sealed)
	if !ok || !whole {
		return Kept{}, false
	}
	line, body, _ := bytes.Cut(content, []byte("\n"))
	head, err := wire.Parse(line)
	if err != nil {
		return Kept{}, false
	}
	fields := head.List()
	if len(fields) == 0 {
		return Kept{}, false
	}
	at, _ := fields[0].Int()
	kept := Kept{Body: bytes.Clone(body), At: time.Unix(0, at).UTC()}
	c.addLater(ctx, &kept, fields[1:])
	return kept, true
}

// addLater adds to a reply what came later of the entities in it.
func (c *cacheStorage) addLater(ctx context.Context, kept *Kept, entities []wire.Node) {
	keys := make([]string, 0, len(entities))
	for _, entity := range entities {
		keys = append(keys, entity.List()[0].Text())
	}
	found, _ := cache.GetMany(ctx, c.cache, keys)
	var later []cachedObject
	for i, entity := range entities {
		fields := entity.List()
		own, _ := fields[1].Int()
		for n, object := range c.objects(keys[i], found) {
			if object.at.UnixNano() <= own {
				break
			}
			if !object.gone() {
				later = append(later, object)
				continue
			}
			for o := 2; n == 0 && o < len(fields); o++ {
				if kept.Gone == nil {
					kept.Gone = map[int]bool{}
				}
				offset, _ := fields[o].Int()
				kept.Gone[int(offset)] = true
			}
			break
		}
	}
	if later != nil {
		slices.SortStableFunc(later, func(a, b cachedObject) int { return b.at.Compare(a.at) })
		kept.Newer = objectArray(later)
	}
}

func objectArray(objects []cachedObject) []byte {
	out := []byte{'['}
	for i, o := range objects {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, o.json...)
	}
	return append(out, ']')
}

// LoadEntity looks for an entity under its type, and under those below it.
func (c *cacheStorage) LoadEntity(ctx context.Context, identity Identity, within Span) ([]byte, bool) {
	c.settle(ctx)
	var keys []string
	add := func(entityType string) {
		if key, ok := c.entityKey(entityType, identity.Key); ok {
			keys = append(keys, key)
		}
	}
	if t := c.session.schemas.Type(identity.Type); t != nil {
		eachBelow(t, func(t *schema.EntityType) { add(t.Name) })
	} else {
		add(identity.Type)
	}
	found, _ := cache.GetMany(ctx, c.cache, keys)
	var objects []cachedObject
	for _, key := range keys {
		for _, object := range c.objects(key, found) {
			if object.gone() {
				break
			}
			if within.Holds(object.at) {
				objects = append(objects, object)
			}
		}
	}
	slices.SortStableFunc(objects, func(a, b cachedObject) int { return b.at.Compare(a.at) })
	return objectArray(objects), objects != nil
}

func eachBelow(t *schema.EntityType, f func(*schema.EntityType)) {
	f(t)
	for _, derived := range t.Derived {
		eachBelow(derived, f)
	}
}

// settle waits until what was saved is written, unless that takes too long.
func (c *cacheStorage) settle(ctx context.Context) {
	written := c.writes.idle()
	patience := cachePatience
	if c.slow.Load() {
		patience = 0
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-written:
		c.slow.Store(false)
	case <-timer.C:
		select {
		case <-written:
			c.slow.Store(false)
		default:
			c.slow.Store(true)
		}
	case <-ctx.Done():
	}
}

// close waits until what came is written, for a while: the program may end now.
func (c *cacheStorage) close() {
	ctx, cancel := context.WithTimeout(context.Background(), closePatience)
	defer cancel()
	c.session.Saved(ctx)
}

const closePatience = 2 * time.Second
