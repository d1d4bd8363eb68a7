package file

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

const (
	smallPack   = 1 << 20  // packs below it are put together
	manyPacks   = 32       // when they are that many
	deadAllowed = 1 << 20  // bytes of what was replaced, beside as many as are alive
	packTarget  = 16 << 20 // about how large packs get that are put together
)

// remembered is how long it is known that a key was removed: a process that is just putting packs together may still have it.
const remembered = time.Hour

// errOvertaken says that another process is putting the same packs together.
var errOvertaken = errors.New("a pack is gone")

// tidy keeps the folder within its limit, and packs few and mostly alive. c is locked.
func (c *Cache) tidy() error {
	if err := c.evict(); err != nil {
		return err
	}
	var all, small []*pack
	var size, live int64
	for _, p := range c.packs {
		switch {
		case p.foreign:
			continue
		case p.live == 0:
			c.remove(p)
			continue
		case p.size < smallPack:
			small = append(small, p)
		}
		all = append(all, p)
		size += p.size
		live += p.live
	}
	var err error
	switch {
	case size-live > live+deadAllowed:
		err = c.merge(all, true)
	case len(small) >= manyPacks:
		err = c.merge(small, len(small) == len(all))
	}
	if errors.Is(err, errOvertaken) {
		c.sure = false
		return nil
	}
	return err
}

// evict removes what was written first, as far as the limit asks for it, and some more so that it does not ask at once again.
func (c *Cache) evict() error {
	if c.options.Limit <= 0 {
		return nil
	}
	var live int64
	var kept []*entry
	for _, e := range c.entries {
		if !e.isRemoval() {
			live += e.size()
			kept = append(kept, e)
		}
	}
	if live <= c.options.Limit {
		return nil
	}
	slices.SortFunc(kept, byStamp)
	stamp := c.nextStamp()
	var changes []change
	for _, e := range kept {
		if live <= c.options.Limit-c.options.Limit/4 {
			break
		}
		live -= e.size()
		changes = append(changes, change{key: e.key, stamp: stamp, remove: true})
	}
	return c.writePack(stamp, changes, nil)
}

func byStamp(a, b *entry) int { return cmp.Compare(a.stamp, b.stamp) }

// merge puts what is alive in packs into new ones, and deletes them. Of all packs together, old removals need not stay.
func (c *Cache) merge(packs []*pack, all bool) error {
	from := map[*pack]bool{}
	for _, p := range packs {
		from[p] = true
	}
	oldest := uint64(max(0, c.options.Now().Add(-remembered).UnixNano()))
	var entries []*entry
	for key, e := range c.entries {
		switch {
		case !from[e.pack]:
		case all && e.isRemoval() && e.stamp < oldest:
			delete(c.entries, key)
			e.pack.live -= e.size()
		default:
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, byStamp)
	untouched := func() error {
		for _, p := range packs {
			if _, err := os.Stat(c.path(p.name)); isGone(err) {
				return errOvertaken
			}
		}
		return nil
	}
	var changes []change
	size := 0
	for i, e := range entries {
		each := change{key: e.key, stamp: e.stamp, remove: e.isRemoval()}
		if !each.remove {
			value, err := readValue(c.path(e.pack.name), e)
			switch {
			case isGone(err):
				return errOvertaken
			case errors.Is(err, errDamaged):
				c.report(fmt.Errorf("cache: a value in %s: %w; it is dropped", c.path(e.pack.name), err))
				each.remove = true
				delete(c.entries, e.key)
				e.pack.live -= e.size()
			case err != nil:
				return fmt.Errorf("cache: %w", err)
			}
			each.value = value
		}
		changes = append(changes, each)
		if size += entryLength + len(each.key) + len(each.value); size >= packTarget || i == len(entries)-1 {
			if err := c.writePack(c.nextStamp(), changes, untouched); err != nil {
				return err
			}
			changes, size = nil, 0
		}
	}
	for _, p := range packs {
		c.remove(p)
	}
	return nil
}

// remove deletes a pack of which nothing is alive. One that cannot be deleted now, for another process reads it, is tried again.
func (c *Cache) remove(p *pack) {
	if p.live != 0 {
		return
	}
	if err := os.Remove(c.path(p.name)); err == nil || isGone(err) {
		delete(c.packs, p.name)
	}
}
