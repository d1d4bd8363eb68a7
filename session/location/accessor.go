package location

import (
	"context"
	"io"
)

// ResourceKind is what stands at an identifier.
type ResourceKind uint8

// What may stand at an identifier.
const (
	Nothing ResourceKind = iota
	FileResource
	ContainerResource
)

// Info is what is known of a resource without reading it.
type Info struct {
	Kind ResourceKind
	Size int64 // of a file
}

// Accessor reaches the storage of a location. Identifiers are names with slashes between, below the accessor's root, and "" is
// the root; each method refuses what Split refuses. Errors are *AccessorError. Methods may be called by several goroutines at once.
type Accessor interface {
	// Stat says what is there. That nothing is there is no error.
	Stat(ctx context.Context, identifier string) (Info, error)
	// Open reads a file; the caller closes it.
	Open(ctx context.Context, identifier string) (io.ReadCloser, error)
	// Write makes a file of all that data gives, in place of what was there, and the containers that it stands in. size is the
	// number of bytes, -1 where it is not known. When it fails nothing is left of it.
	Write(ctx context.Context, identifier string, data io.Reader, size int64) error
	// Remove takes a file or an empty container away. The root stays.
	Remove(ctx context.Context, identifier string) error
}

// ContainerAccessor is an accessor that shows what its containers hold.
type ContainerAccessor interface {
	// List gives the identifiers of what stands in a container, sorted.
	List(ctx context.Context, identifier string) ([]string, error)
	// MakeContainer makes a container. Unless recursive, what it stands in must be there. That it is there already is no error.
	MakeContainer(ctx context.Context, identifier string, recursive bool) error
}

// PathAccessor is an accessor whose resources have paths in a file system.
type PathAccessor interface {
	// FilesystemPath is where a resource stands, or would.
	FilesystemPath(identifier string) (string, error)
}

// URLAccessor is an accessor whose resources have addresses.
type URLAccessor interface {
	// URL is the address of a resource.
	URL(ctx context.Context, identifier string) (string, error)
}

// Exists reports whether something stands at an identifier.
func Exists(ctx context.Context, a Accessor, identifier string) (bool, error) {
	info, err := a.Stat(ctx, identifier)
	return info.Kind != Nothing, err
}

// IsFile reports whether a file stands at an identifier.
func IsFile(ctx context.Context, a Accessor, identifier string) (bool, error) {
	info, err := a.Stat(ctx, identifier)
	return info.Kind == FileResource, err
}

// IsContainer reports whether a container stands at an identifier.
func IsContainer(ctx context.Context, a Accessor, identifier string) (bool, error) {
	info, err := a.Stat(ctx, identifier)
	return info.Kind == ContainerResource, err
}

// FilesystemPath is the path of a resource, for accessors that have paths.
func FilesystemPath(a Accessor, identifier string) (string, error) {
	if p, ok := a.(PathAccessor); ok {
		return p.FilesystemPath(identifier)
	}
	return "", &AccessorError{Kind: ErrFilesystemPath, Op: "path", Identifier: identifier}
}

// URL is the address of a resource, for accessors that have addresses.
func URL(ctx context.Context, a Accessor, identifier string) (string, error) {
	if u, ok := a.(URLAccessor); ok {
		return u.URL(ctx, identifier)
	}
	return "", &AccessorError{Kind: ErrUnsupportedOperation, Op: "url", Identifier: identifier}
}

// reading is a reader that ends with a context.
type reading struct {
	ctx  context.Context
	data io.Reader
}

func (r reading) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	return r.data.Read(p)
}

// Reader gives a reader that says the context's cause once that has ended, for accessors that copy.
func Reader(ctx context.Context, data io.Reader) io.Reader { return reading{ctx, data} }
