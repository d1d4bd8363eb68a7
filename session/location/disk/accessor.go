package disk

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/ftrack-wasm/ftrack-wasm/session/location"
)

// Accessor reaches the files below one folder. Links that lead out of the folder are not followed.
type Accessor struct {
	folder string
	root   *os.Root
	parts  atomic.Int64
}

// New gives the accessor of a folder, which it makes where it is not there. Close it when it is no longer used.
func New(folder string) (*Accessor, error) {
	path, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(path, 0o777); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &Accessor{folder: path, root: root}, nil
}

// Close lets the folder go.
func (a *Accessor) Close() error { return a.root.Close() }

func name(op, identifier string) (string, error) {
	names, err := location.Split(op, identifier)
	if err != nil {
		return "", err
	}
	if len(names) == 0 {
		return ".", nil
	}
	return filepath.Join(names...), nil
}

// fault is what the file system said, as an accessor's error.
func fault(op, identifier string, err error) error {
	kind := error(location.ErrOperationFailed)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		kind = location.ErrResourceNotFound
	case errors.Is(err, fs.ErrPermission):
		kind = location.ErrPermissionDenied
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err // without the path, which the identifier tells
	}
	return &location.AccessorError{Kind: kind, Op: op, Identifier: identifier, Err: err}
}

func invalid(op, identifier string) error {
	return &location.AccessorError{Kind: location.ErrResourceInvalid, Op: op, Identifier: identifier}
}

// Stat says what is there.
func (a *Accessor) Stat(_ context.Context, identifier string) (location.Info, error) {
	path, err := name("stat", identifier)
	if err != nil {
		return location.Info{}, err
	}
	info, err := a.root.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errNotFolder):
		return location.Info{}, nil
	case err != nil:
		return location.Info{}, fault("stat", identifier, err)
	case info.IsDir():
		return location.Info{Kind: location.ContainerResource}, nil
	}
	return location.Info{Kind: location.FileResource, Size: info.Size()}, nil
}

// expect is nil where something of a kind stands.
func (a *Accessor) expect(ctx context.Context, op, identifier string, kind location.ResourceKind) error {
	info, err := a.Stat(ctx, identifier)
	switch info.Kind {
	case kind:
		return err
	case location.Nothing:
		if err == nil {
			err = &location.AccessorError{Kind: location.ErrResourceNotFound, Op: op, Identifier: identifier}
		}
		return err
	}
	return invalid(op, identifier)
}

// Open reads a file.
func (a *Accessor) Open(ctx context.Context, identifier string) (io.ReadCloser, error) {
	path, err := name("read", identifier)
	if err != nil {
		return nil, err
	}
	if err := a.expect(ctx, "read", identifier, location.FileResource); err != nil {
		return nil, err
	}
	file, err := a.root.Open(path)
	if err != nil {
		return nil, fault("read", identifier, err)
	}
	return file, nil
}

// Write makes a file; it stands under its name only once it is whole.
func (a *Accessor) Write(ctx context.Context, identifier string, data io.Reader, _ int64) (err error) {
	path, err := name("write", identifier)
	if err != nil {
		return err
	}
	if info, err := a.Stat(ctx, identifier); err != nil {
		return err
	} else if info.Kind == location.ContainerResource {
		return invalid("write", identifier)
	}
	if err := a.MakeContainer(ctx, location.ContainerOf(identifier), true); err != nil {
		return err
	}
	part := filepath.Join(filepath.Dir(path), ".part-"+strconv.Itoa(os.Getpid())+"-"+strconv.FormatInt(a.parts.Add(1), 10))
	file, err := a.root.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return fault("write", identifier, err)
	}
	defer func() {
		if err != nil {
			a.root.Remove(part)
			err = fault("write", identifier, err)
		}
	}()
	_, err = io.Copy(file, location.Reader(ctx, data))
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	return a.root.Rename(part, path)
}

// Remove takes a file or an empty folder away.
func (a *Accessor) Remove(ctx context.Context, identifier string) error {
	path, err := name("remove", identifier)
	if err != nil {
		return err
	}
	if path == "." {
		return &location.AccessorError{Kind: location.ErrUnsupportedOperation, Op: "remove", Identifier: identifier}
	}
	info, err := a.Stat(ctx, identifier)
	switch {
	case err != nil:
		return err
	case info.Kind == location.Nothing:
		return &location.AccessorError{Kind: location.ErrResourceNotFound, Op: "remove", Identifier: identifier}
	case info.Kind == location.ContainerResource:
		if list, err := a.List(ctx, identifier); err != nil {
			return err
		} else if len(list) > 0 {
			return &location.AccessorError{Kind: location.ErrContainerNotEmpty, Op: "remove", Identifier: identifier}
		}
	}
	if err := a.root.Remove(path); err != nil {
		return fault("remove", identifier, err)
	}
	return nil
}

// List gives what stands in a folder.
func (a *Accessor) List(ctx context.Context, identifier string) ([]string, error) {
	path, err := name("list", identifier)
	if err != nil {
		return nil, err
	}
	if err := a.expect(ctx, "list", identifier, location.ContainerResource); err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(a.root.FS(), filepath.ToSlash(path))
	if err != nil {
		return nil, fault("list", identifier, err)
	}
	var found []string
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".part-") {
			continue // somebody writes it
		}
		found = append(found, strings.TrimPrefix(identifier+"/"+entry.Name(), "/"))
	}
	slices.Sort(found)
	return found, nil
}

// MakeContainer makes a folder.
func (a *Accessor) MakeContainer(ctx context.Context, identifier string, recursive bool) error {
	path, err := name("make", identifier)
	if err != nil {
		return err
	}
	for each := identifier; each != ""; each = location.ContainerOf(each) {
		info, err := a.Stat(ctx, each)
		switch {
		case err != nil:
			return err
		case info.Kind == location.FileResource:
			return invalid("make", identifier)
		case info.Kind == location.Nothing && each != identifier && !recursive:
			return &location.AccessorError{Kind: location.ErrParentNotFound, Op: "make", Identifier: identifier}
		}
	}
	if err := a.root.MkdirAll(path, 0o777); err != nil {
		return fault("make", identifier, err)
	}
	return nil
}

// FilesystemPath is where a resource stands on the disk.
func (a *Accessor) FilesystemPath(identifier string) (string, error) {
	path, err := name("path", identifier)
	return filepath.Join(a.folder, path), err
}
