//go:build !js

package session

// moved is how much of a transfer of several files was written.
type moved struct {
	before     int64 // by the files that are done
	now        int64 // by the one that is under way
	total      int64
	onProgress func(loaded, total int64)
}

// next begins the next file: it gives what its progress is told to, nil for nobody.
func (m *moved) next() func(loaded int64) {
	if m.onProgress == nil {
		return nil
	}
	m.before += m.now
	m.now = 0
	return func(loaded int64) {
		m.now = loaded
		done := m.before + loaded
		m.onProgress(done, max(m.total, done))
	}
}

// sizeOf is the size that a component says it has.
func sizeOf(value any) int64 {
	switch size := value.(type) {
	case int64:
		return size
	case float64:
		return int64(size)
	}
	return 0
}
