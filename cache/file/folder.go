package file

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	packSuffix = ".pack"
	partSuffix = ".part" // of what is being written
)

// coarse is how far apart two changes of a folder must be for its time to tell them apart, whatever the file system.
const coarse = 2 * time.Second

// forgotten is how old what a dead process left half-written must be to be deleted.
const forgotten = time.Hour

// refresh looks for packs that others wrote or took away. c is locked.
func (c *Cache) refresh() error {
	info, err := os.Stat(c.folder)
	if isGone(err) {
		if err = os.MkdirAll(c.folder, 0o700); err == nil {
			info, err = os.Stat(c.folder)
		}
	}
	if err != nil {
		return fmt.Errorf("cache: %w", err)
	}
	if c.sure && info.ModTime().Equal(c.seen) {
		return nil
	}
	c.seen = info.ModTime()
	c.sure = time.Since(c.seen) > coarse
	// A pack that is put in its place while the folder is listed may be missed, and so may those that it replaces. While things
	// change, only two lists that are the same are to be believed.
	var before []string
	for range 10 {
		names, err := c.list()
		if err != nil {
			return err
		}
		complete := true
		for _, name := range names {
			if c.packs[name] == nil {
				complete = c.load(name) && complete
			}
		}
		if complete && (c.sure || slices.Equal(names, before)) {
			before = names
			break
		}
		c.sure, before = false, names
	}
	c.forget(func(p *pack) bool { _, there := slices.BinarySearch(before, p.name); return !there })
	return nil
}

// list gives the names of the packs, in their order.
func (c *Cache) list() ([]string, error) {
	files, err := os.ReadDir(c.folder)
	if err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	names := make([]string, 0, len(files))
	for _, f := range files {
		if strings.HasSuffix(f.Name(), packSuffix) {
			names = append(names, f.Name())
		}
	}
	return names, nil
}

// load reads the list of a pack, and reports whether it is there. One that is damaged is deleted.
func (c *Cache) load(name string) bool {
	p := &pack{name: name}
	entries, err := readList(c.path(name), p)
	switch {
	case isGone(err): // into another pack, since the folder was listed
		return false
	case errors.Is(err, errDamaged):
		c.report(fmt.Errorf("cache: %s: %w; it is dropped", c.path(name), err))
		if err := os.Remove(c.path(name)); err == nil || isGone(err) {
			return false
		}
		p.foreign = true
		c.packs[name] = p
		return true
	case err != nil:
		c.report(fmt.Errorf("cache: %w; it is passed over", err))
		p.foreign = true
		c.packs[name] = p
		return true
	}
	c.add(p, entries)
	return true
}

// add takes a pack's entries where they are newer than what is known.
func (c *Cache) add(p *pack, entries []entry) {
	c.packs[p.name] = p
	for i := range entries {
		e := &entries[i]
		c.stamp = max(c.stamp, e.stamp)
		if known := c.entries[e.key]; known != nil {
			if known.newerThan(e) {
				continue
			}
			known.pack.live -= known.size()
		}
		p.live += e.size()
		c.entries[e.key] = e
	}
}

// forget takes packs that are gone out of what is known.
func (c *Cache) forget(gone func(*pack) bool) {
	lost := false
	for name, p := range c.packs {
		if gone(p) {
			delete(c.packs, name)
			lost = lost || p.live > 0
		}
	}
	if !lost {
		return
	}
	for key, e := range c.entries {
		if c.packs[e.pack.name] != e.pack {
			delete(c.entries, key)
		}
	}
}

// write puts changes into a new pack. c is locked, and has looked at the folder.
func (c *Cache) write(changes []change) error {
	if len(changes) == 0 {
		return nil
	}
	stamp := c.nextStamp()
	for i := range changes {
		changes[i].stamp = stamp
	}
	if err := c.writePack(stamp, changes, nil); err != nil {
		return err
	}
	if err := c.tidy(); err != nil { // what was to be written is
		c.report(err)
	}
	return nil
}

// nextStamp is later than all that c knows of, whatever the clock says.
func (c *Cache) nextStamp() uint64 {
	return max(uint64(c.options.Now().UnixNano()), c.stamp+1)
}

// writePack makes a pack of changes that have their stamps. The pack has one too, later than all that stands in it. check, when
// set, is asked at the last moment.
func (c *Cache) writePack(stamp uint64, changes []change, check func() error) error {
	c.stamp = stamp
	content := encodePack(changes)
	part, err := os.CreateTemp(c.folder, "*"+partSuffix)
	if err != nil {
		return fmt.Errorf("cache: %w", err)
	}
	defer os.Remove(part.Name()) // when it was not renamed
	_, err = part.Write(content)
	if closed := part.Close(); err == nil {
		err = closed
	}
	if err == nil && check != nil {
		err = check()
	}
	if err != nil {
		return fmt.Errorf("cache: %w", err)
	}
	name := fmt.Sprintf("%016x-%016x%s", stamp, rand.Uint64(), packSuffix)
	if err := os.Rename(part.Name(), c.path(name)); err != nil {
		return fmt.Errorf("cache: %w", err)
	}
	p := &pack{name: name}
	entries, err := parseList(content[headLength:listEnd(content)], p)
	if err != nil {
		return err
	}
	c.add(p, entries)
	return nil
}

// removeLeftovers deletes what dead processes left half-written.
func (c *Cache) removeLeftovers() {
	parts, _ := filepath.Glob(c.path("*" + partSuffix))
	for _, path := range parts {
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > forgotten {
			os.Remove(path)
		}
	}
}
