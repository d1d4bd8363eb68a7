package location

import (
	"context"
	"io"
)

// ProgressAccessor is an accessor that knows better how far a write is than the reading of its source tells: one that sends what it has
// read, and perhaps again.
type ProgressAccessor interface {
	// WriteWithProgress is Accessor.Write that tells how many bytes have left so far. What is sent again counts again from where it began.
	// The calls come one after the other, and none after the return.
	WriteWithProgress(ctx context.Context, identifier string, data io.Reader, size int64, onProgress func(loaded int64)) error
}

// WriteWithProgress is Accessor.Write that tells how many bytes were written so far: what the accessor says of it, or else how much of the
// data it has read. A nil onProgress is told nothing.
func WriteWithProgress(ctx context.Context, a Accessor, identifier string, data io.Reader, size int64, onProgress func(loaded int64)) error {
	if onProgress == nil {
		return a.Write(ctx, identifier, data, size)
	}
	if p, ok := a.(ProgressAccessor); ok {
		return p.WriteWithProgress(ctx, identifier, data, size, onProgress)
	}
	return a.Write(ctx, identifier, &counted{data: data, onProgress: onProgress}, size)
}

// counted tells how much of it was read.
type counted struct {
	data       io.Reader
	loaded     int64
	onProgress func(int64)
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.data.Read(p)
	if n > 0 {
		c.loaded += int64(n)
		c.onProgress(c.loaded)
	}
	return n, err
}
