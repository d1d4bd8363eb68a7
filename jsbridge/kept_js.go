package jsbridge

import (
	"context"
	"encoding/binary"
	"math"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session"
)

// saved answers once all that is to be kept is in the host's hands.
func (b *bridge) saved(ctx context.Context, c *call) (answer, error) {
	return answer{}, c.bound.session.Saved(ctx)
}

// check asks the server about itself.
func (b *bridge) check(ctx context.Context, c *call) (answer, error) {
	information, err := c.bound.session.Check(ctx)
	return answer{json: information}, err
}

// news takes what another tab has fetched or committed: the time when it came, in milliseconds, then JSON.
func (b *bridge) news(ctx context.Context, c *call) (answer, error) {
	if len(c.news) < 8 {
		return answer{}, &session.ArgumentError{Text: "news: the time is missing"}
	}
	at := math.Float64frombits(binary.LittleEndian.Uint64(c.news))
	return answer{}, c.bound.session.TakeNews(ctx, time.UnixMilli(int64(at)), c.news[8:])
}

// gone takes what another tab has deleted: a list of types and keys.
func (b *bridge) gone(_ context.Context, c *call) (answer, error) {
	var gone []session.Identity
	for _, each := range c.payload.Get("gone").List() {
		if parts := each.List(); len(parts) == 2 {
			identity := session.Identity{Type: parts[0].Text()}
			for _, part := range parts[1].List() {
				identity.Key = append(identity.Key, part.Text())
			}
			gone = append(gone, identity)
		}
	}
	c.bound.session.TakeGone(gone)
	return answer{}, nil
}
