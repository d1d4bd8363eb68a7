package session

import (
	"bytes"
	"slices"
	"strconv"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// What stands in a cache is a line with a mark and a checksum, then the content. The checksum covers the key and the hash of the
// schemas too: what belongs elsewhere is as damaged.
const cacheMark = "ftrack-wasm 1 "

func (c *cacheStorage) seal(key string, content []byte) []byte {
	sealed := make([]byte, 0, len(cacheMark)+17+len(content))
	sealed = append(sealed, cacheMark...)
	sealed = strconv.AppendUint(sealed, c.sum(key, content), 16)
	return append(append(sealed, '\n'), content...)
}

// unseal gives the content of what was sealed, false when it is not whole.
func (c *cacheStorage) unseal(key string, sealed []byte) ([]byte, bool) {
	head, content, ok := bytes.Cut(sealed, []byte("\n"))
	if !ok || !bytes.HasPrefix(head, []byte(cacheMark)) {
		return nil, false
	}
	sum, err := strconv.ParseUint(string(head[len(cacheMark):]), 16, 64)
	return content, err == nil && sum == c.sum(key, content)
}

func (c *cacheStorage) sum(key string, content []byte) uint64 {
	return wire.Sum([]byte(c.session.info.SchemaHash+"\n"+key)) ^ wire.Sum(content)
}

// cachedObject is an entity as it came at some time: JSON, null when it was deleted.
type cachedObject struct {
	at   time.Time
	json []byte
}

func (o cachedObject) gone() bool { return len(o.json) > 0 && o.json[0] == 'n' }

// appendObjects writes the versions of an entity: [[nanoseconds, object], ...].
func appendObjects(out []byte, objects []cachedObject) []byte {
	out = append(out, '[')
	for i, o := range objects {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(append(out, '['), o.at.UnixNano(), 10)
		out = append(append(append(out, ','), o.json...), ']')
	}
	return append(out, ']')
}

func parseObjects(content []byte) []cachedObject {
	root, err := wire.Parse(content)
	if err != nil {
		return nil
	}
	var objects []cachedObject
	for _, n := range root.List() {
		pair := n.List()
		if len(pair) != 2 {
			return nil
		}
		at, ok := pair[0].Int()
		if !ok {
			return nil
		}
		objects = append(objects, cachedObject{time.Unix(0, at).UTC(), pair[1].Raw()})
	}
	return objects
}

// mostObjects is how many versions of an entity are kept, each with some of its attributes.
const mostObjects = 4

// withObject adds a version of an entity that came at some time, and gives the time that it bears: a little later, when another came
// in the same instant. Older ones that tell no more than it are dropped, and so is it, when a newer one tells as much. The newest
// is first.
func withObject(objects []cachedObject, at time.Time, json []byte) ([]cachedObject, time.Time) {
	for _, other := range objects {
		if !other.at.Before(at) && other.at.Sub(at) < time.Millisecond {
			at = other.at.Add(1)
			break
		}
	}
	parsed, err := wire.Parse(json)
	if err != nil {
		return objects, at
	}
	kept := make([]cachedObject, 0, len(objects)+1)
	for _, other := range objects {
		node, err := wire.Parse(other.json)
		switch {
		case err != nil:
		case other.at.After(at) && tellsAll(node, parsed):
			return objects, at
		case !other.at.After(at) && tellsAll(parsed, node):
		default:
			kept = append(kept, other)
		}
	}
	kept = append(kept, cachedObject{at, json})
	slices.SortFunc(kept, func(a, b cachedObject) int { return b.at.Compare(a.at) })
	return kept[:min(len(kept), mostObjects)], at
}

// tellsAll reports whether one value has all members that another one has. One that was deleted tells everything.
func tellsAll(value, other wire.Node) bool {
	if value.Kind() != wire.Object || other.Kind() != wire.Object {
		return value.Kind() != wire.Object || other.Kind() == wire.Null
	}
	for name, member := range other.Members() {
		own := value.Get(name)
		if own.Kind() == wire.Missing || member.Kind() == wire.Object && own.Kind() == wire.Object && !tellsAll(own, member) {
			return false
		}
	}
	return true
}
