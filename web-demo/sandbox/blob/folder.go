package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Folder is a store in the files of a folder, which exists and is nobody else's.
type Folder struct{ path string }

var _ Store = Folder{}

// NewFolder is the store of a folder; it is made if it is not there.
func NewFolder(path string) (Folder, error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return Folder{}, fmt.Errorf("blob: %w", err)
	}
	return Folder{path}, nil
}

func (f Folder) file(name string) (string, error) {
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' {
			return "", fmt.Errorf("blob: the name %q", name)
		}
	}
	if name == "" {
		return "", errors.New("blob: no name")
	}
	return filepath.Join(f.path, name), nil
}

// Put writes a file. It has its name when it is complete.
func (f Folder) Put(ctx context.Context, name string, from io.Reader) (int64, error) {
	path, err := f.file(name)
	if err != nil {
		return 0, err
	}
	file, err := os.CreateTemp(f.path, "part.*")
	if err != nil {
		return 0, fmt.Errorf("blob: %w", err)
	}
	size, err := io.Copy(file, reading{ctx, from})
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
		return 0, fmt.Errorf("blob: %w", err)
	}
	return size, nil
}

// reading stops when the context is done.
type reading struct {
	ctx  context.Context
	from io.Reader
}

func (r reading) Read(into []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.from.Read(into)
}

// Open opens a file.
func (f Folder) Open(name string) (Reader, error) {
	path, err := f.file(name)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return file, nil
}

// Remove removes a file.
func (f Folder) Remove(name string) error {
	path, err := f.file(name)
	if err == nil {
		err = os.Remove(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
