package location

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"sync"
)

// Memory is an accessor whose storage is the program's memory. The zero value is empty and ready.
type Memory struct {
	mu         sync.RWMutex
	files      map[string][]byte
	containers map[string]bool
}

// Stat says what is there.
func (m *Memory) Stat(_ context.Context, identifier string) (Info, error) {
	name, err := memoryName("stat", identifier)
	if err != nil {
		return Info{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.stat(name), nil
}

func (m *Memory) stat(name string) Info {
	if data, ok := m.files[name]; ok {
		return Info{FileResource, int64(len(data))}
	}
	if name == "" || m.containers[name] {
		return Info{Kind: ContainerResource}
	}
	return Info{}
}

// Open reads a file.
func (m *Memory) Open(_ context.Context, identifier string) (io.ReadCloser, error) {
	name, err := memoryName("read", identifier)
	if err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	data, ok := m.files[name]
	switch {
	case ok:
		return io.NopCloser(bytes.NewReader(data)), nil
	case m.stat(name).Kind == ContainerResource:
		return nil, &AccessorError{Kind: ErrResourceInvalid, Op: "read", Identifier: identifier}
	}
	return nil, &AccessorError{Kind: ErrResourceNotFound, Op: "read", Identifier: identifier}
}

// Write keeps a file.
func (m *Memory) Write(ctx context.Context, identifier string, data io.Reader, _ int64) error {
	name, err := memoryName("write", identifier)
	if err != nil {
		return err
	}
	if name == "" {
		return &AccessorError{Kind: ErrResourceInvalid, Op: "write", Identifier: identifier}
	}
	kept, err := io.ReadAll(Reader(ctx, data))
	if err != nil {
		return &AccessorError{Kind: ErrOperationFailed, Op: "write", Identifier: identifier, Err: err}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.containers[name] {
		return &AccessorError{Kind: ErrResourceInvalid, Op: "write", Identifier: identifier}
	}
	if err := m.makeContainers("write", identifier, ContainerOf(name)); err != nil {
		return err
	}
	if m.files == nil {
		m.files = map[string][]byte{}
	}
	m.files[name] = kept
	return nil
}

// Remove takes a file or an empty container away.
func (m *Memory) Remove(_ context.Context, identifier string) error {
	name, err := memoryName("remove", identifier)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.files[name]; ok {
		delete(m.files, name)
		return nil
	}
	switch {
	case name == "":
		return &AccessorError{Kind: ErrUnsupportedOperation, Op: "remove", Identifier: identifier}
	case !m.containers[name]:
		return &AccessorError{Kind: ErrResourceNotFound, Op: "remove", Identifier: identifier}
	case len(m.list(name)) > 0:
		return &AccessorError{Kind: ErrContainerNotEmpty, Op: "remove", Identifier: identifier}
	}
	delete(m.containers, name)
	return nil
}

// List gives what stands in a container.
func (m *Memory) List(_ context.Context, identifier string) ([]string, error) {
	name, err := memoryName("list", identifier)
	if err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	switch m.stat(name).Kind {
	case FileResource:
		return nil, &AccessorError{Kind: ErrResourceInvalid, Op: "list", Identifier: identifier}
	case Nothing:
		return nil, &AccessorError{Kind: ErrResourceNotFound, Op: "list", Identifier: identifier}
	}
	return m.list(name), nil
}

func (m *Memory) list(container string) []string {
	var found []string
	for name := range m.files {
		if ContainerOf(name) == container {
			found = append(found, name)
		}
	}
	for name := range m.containers {
		if ContainerOf(name) == container {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return found
}

// MakeContainer makes a container.
func (m *Memory) MakeContainer(_ context.Context, identifier string, recursive bool) error {
	name, err := memoryName("make", identifier)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !recursive && m.stat(ContainerOf(name)).Kind == Nothing {
		return &AccessorError{Kind: ErrParentNotFound, Op: "make", Identifier: identifier}
	}
	return m.makeContainers("make", identifier, name)
}

func (m *Memory) makeContainers(op, identifier, name string) error {
	var above []string
	for ; name != ""; name = ContainerOf(name) {
		if _, ok := m.files[name]; ok {
			return &AccessorError{Kind: ErrResourceInvalid, Op: op, Identifier: identifier}
		}
		above = append(above, name)
	}
	if m.containers == nil {
		m.containers = map[string]bool{}
	}
	for _, each := range above {
		m.containers[each] = true
	}
	return nil
}

func memoryName(op, identifier string) (string, error) {
	names, err := Split(op, identifier)
	return strings.Join(names, "/"), err
}
