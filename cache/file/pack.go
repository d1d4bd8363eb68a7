package file

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
)

// A pack is: mark, length of its list (8 bytes), checksum of the list (4), the list, the values. An entry of the list is: stamp (8),
// offset of the value in the file (8), its length (8; all ones where the key was removed), checksum of key and value (4), length
// of the key (4), key. Numbers are little-endian.

const (
	mark        = "ftrack-wasm cache 1\n"
	headLength  = len(mark) + 12
	entryLength = 32
	removed     = ^uint64(0)
)

var checksums = crc32.MakeTable(crc32.Castagnoli)

// errDamaged says that a pack is not what was written.
var errDamaged = errors.New("it is damaged, or of another version")

// entry is one key of a pack.
type entry struct {
	pack   *pack
	key    string
	stamp  uint64
	offset int64
	length uint64
	sum    uint32
}

func (e *entry) isRemoval() bool { return e.length == removed }

// size is what the entry takes in its pack.
func (e *entry) size() int64 {
	if e.isRemoval() {
		return entryLength + int64(len(e.key))
	}
	return entryLength + int64(len(e.key)) + int64(e.length)
}

// newerThan reports whether the entry counts, and not another one of its key. Of two writers at the same instant the same one has to
// win everywhere; of two packs with the same entry, the later pack.
func (e *entry) newerThan(other *entry) bool {
	switch {
	case e.stamp != other.stamp:
		return e.stamp > other.stamp
	case e.sum != other.sum:
		return e.sum > other.sum
	case e.length != other.length:
		return e.length > other.length
	}
	return e.pack.name > other.pack.name
}

// pack is a file of entries. Names are in the order of time.
type pack struct {
	name    string
	size    int64 // of its entries
	live    int64 // of those that are the newest of their keys
	foreign bool  // it cannot be read
}

// change is what a write does to a key.
type change struct {
	key    string
	value  []byte
	stamp  uint64
	remove bool
}

func (c *change) sum() uint32 {
	return crc32.Update(crc32.Checksum([]byte(c.key), checksums), checksums, c.value)
}

// encodePack makes the content of a pack.
func encodePack(changes []change) []byte {
	listLength, size := 0, headLength
	for i := range changes {
		listLength += entryLength + len(changes[i].key)
		size += len(changes[i].value)
	}
	content := make([]byte, 0, size+listLength)
	content = append(content, mark...)
	content = binary.LittleEndian.AppendUint64(content, uint64(listLength))
	content = append(content, 0, 0, 0, 0)
	offset := uint64(headLength + listLength)
	for i := range changes {
		c := &changes[i]
		length := uint64(len(c.value))
		if c.remove {
			length = removed
		}
		content = binary.LittleEndian.AppendUint64(content, c.stamp)
		content = binary.LittleEndian.AppendUint64(content, offset)
		content = binary.LittleEndian.AppendUint64(content, length)
		content = binary.LittleEndian.AppendUint32(content, c.sum())
		content = binary.LittleEndian.AppendUint32(content, uint32(len(c.key)))
		content = append(content, c.key...)
		offset += uint64(len(c.value))
	}
	binary.LittleEndian.PutUint32(content[headLength-4:], crc32.Checksum(content[headLength:], checksums))
	for i := range changes {
		content = append(content, changes[i].value...)
	}
	return content
}

// openSized opens a file whose size matters.
func openSized(path string) (f *os.File, size int64, err error) {
	if f, err = os.Open(path); err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

// readList reads the entries of a pack, not their values. errDamaged is for what is no whole list.
func readList(path string, p *pack) ([]entry, error) {
	f, size, err := openSized(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, headLength)
	if _, err := io.ReadFull(f, head); err != nil {
		return nil, damage(err)
	}
	length := binary.LittleEndian.Uint64(head[len(mark):])
	if !bytes.HasPrefix(head, []byte(mark)) || length > uint64(size) {
		return nil, errDamaged
	}
	list := make([]byte, length)
	if _, err := io.ReadFull(f, list); err != nil {
		return nil, damage(err)
	}
	if crc32.Checksum(list, checksums) != binary.LittleEndian.Uint32(head[headLength-4:]) {
		return nil, errDamaged
	}
	return parseList(list, p)
}

func parseList(list []byte, p *pack) ([]entry, error) {
	var entries []entry
	for len(list) > 0 {
		if len(list) < entryLength {
			return nil, errDamaged
		}
		e := entry{
			pack: p, stamp: binary.LittleEndian.Uint64(list), offset: int64(binary.LittleEndian.Uint64(list[8:])),
			length: binary.LittleEndian.Uint64(list[16:]), sum: binary.LittleEndian.Uint32(list[24:]),
		}
		keyLength := int(binary.LittleEndian.Uint32(list[28:]))
		list = list[entryLength:]
		if keyLength > len(list) {
			return nil, errDamaged
		}
		e.key = string(list[:keyLength])
		list = list[keyLength:]
		p.size += e.size()
		entries = append(entries, e)
	}
	return entries, nil
}

// damage is the error for a file that ends too early.
func damage(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errDamaged
	}
	return err
}

// readValue reads the value of an entry. errDamaged is for one that is not what was written.
func readValue(path string, e *entry) ([]byte, error) {
	f, size, err := openSized(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if e.offset < 0 || e.offset > size || e.length > uint64(size-e.offset) {
		return nil, errDamaged
	}
	value := make([]byte, e.length)
	if _, err := f.ReadAt(value, e.offset); err != nil {
		return nil, damage(err)
	}
	c := change{key: e.key, value: value}
	if c.sum() != e.sum {
		return nil, errDamaged
	}
	return value, nil
}

// listEnd is where the list of a pack that was just encoded ends.
func listEnd(content []byte) int {
	return headLength + int(binary.LittleEndian.Uint64(content[len(mark):]))
}

func isGone(err error) bool { return errors.Is(err, fs.ErrNotExist) }
