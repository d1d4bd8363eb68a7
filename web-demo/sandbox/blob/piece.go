package blob

import "io"

// Piece is one part of a whole, and its size.
type Piece struct {
	Name string
	Size int64
}

// Join reads pieces as one. They are opened when they are reached, one at a time.
func Join(store Store, pieces []Piece) Reader {
	r := &joined{store: store, pieces: pieces, open: -1}
	for _, p := range pieces {
		r.size += p.Size
	}
	return r
}

type joined struct {
	store  Store
	pieces []Piece
	size   int64
	at     int64
	open   int // index of the open piece, -1 for none
	reader Reader
	inside int64 // where the open reader stands
}

func (r *joined) Read(into []byte) (int, error) {
	index, start := 0, int64(0)
	for index < len(r.pieces) && r.at >= start+r.pieces[index].Size {
		start += r.pieces[index].Size
		index++
	}
	if index == len(r.pieces) {
		return 0, io.EOF
	}
	if err := r.reach(index, r.at-start); err != nil {
		return 0, err
	}
	left := r.pieces[index].Size - (r.at - start)
	n, err := r.reader.Read(into[:min(int64(len(into)), left)])
	r.at += int64(n)
	r.inside += int64(n)
	if err == io.EOF && n == 0 {
		return 0, io.ErrUnexpectedEOF // the piece is shorter than it was
	}
	if err == io.EOF {
		err = nil
	}
	return n, err
}

// reach opens a piece at a place in it.
func (r *joined) reach(index int, inside int64) error {
	if r.open != index {
		_ = r.Close()
		reader, err := r.store.Open(r.pieces[index].Name)
		if err != nil {
			return err
		}
		r.reader, r.open, r.inside = reader, index, 0
	}
	if r.inside == inside {
		return nil
	}
	_, err := r.reader.Seek(inside, io.SeekStart)
	r.inside = inside
	return err
}

func (r *joined) Seek(offset int64, whence int) (int64, error) {
	at, err := seek(r.at, r.size, offset, whence)
	r.at = at
	return at, err
}

func (r *joined) Close() error {
	if r.open < 0 {
		return nil
	}
	r.open = -1
	return r.reader.Close()
}
