package cache

import (
	"context"
	"errors"
)

// Serialised keeps values in a cache of something else, mostly bytes: Encode makes it of them, Decode makes values of it again,
// new ones each time.
type Serialised[V, S any] struct {
	Proxied Cache[S]
	Encode  func(V) (S, error)
	Decode  func(S) (V, error)
}

// NewSerialised makes a cache of values over one of what they are encoded to.
func NewSerialised[V, S any](proxied Cache[S], encode func(V) (S, error), decode func(S) (V, error)) *Serialised[V, S] {
	return &Serialised[V, S]{proxied, encode, decode}
}

// CodingError says that a value could not be encoded, or what was kept not be decoded.
type CodingError struct {
	Op  string // encode or decode
	Key string
	Err error
}

// Error names the operation and not the value.
func (e *CodingError) Error() string { return "cache: " + e.Op + ": " + e.Err.Error() }

// Unwrap is what Encode or Decode said.
func (e *CodingError) Unwrap() error { return e.Err }

// Get decodes what is kept. What cannot be decoded is a *CodingError.
func (s *Serialised[V, S]) Get(ctx context.Context, key string) (value V, ok bool, err error) {
	kept, ok, err := s.Proxied.Get(ctx, key)
	if err != nil || !ok {
		return value, false, err
	}
	value, err = s.decode(key, kept)
	return value, err == nil, err
}

// GetMany decodes what is kept. What cannot be decoded is left out, and reported by a *CodingError beside the rest.
func (s *Serialised[V, S]) GetMany(ctx context.Context, keys []string) (map[string]V, error) {
	kept, err := GetMany(ctx, s.Proxied, keys)
	values := make(map[string]V, len(kept))
	for key, each := range kept {
		value, decodeErr := s.decode(key, each)
		if decodeErr != nil {
			err = errors.Join(err, decodeErr)
			continue
		}
		values[key] = value
	}
	return values, err
}

// Set encodes a value and keeps it. One that cannot be encoded is a *CodingError, and what was kept stays.
func (s *Serialised[V, S]) Set(ctx context.Context, key string, value V) error {
	encoded, err := s.encode(key, value)
	if err != nil {
		return err
	}
	return s.Proxied.Set(ctx, key, encoded)
}

// SetMany encodes values and keeps them: all, or none when one cannot be encoded.
func (s *Serialised[V, S]) SetMany(ctx context.Context, values map[string]V) error {
	kept := make(map[string]S, len(values))
	for key, value := range values {
		encoded, err := s.encode(key, value)
		if err != nil {
			return err
		}
		kept[key] = encoded
	}
	return SetMany(ctx, s.Proxied, kept)
}

// Remove forgets a key.
func (s *Serialised[V, S]) Remove(ctx context.Context, key string) error {
	return s.Proxied.Remove(ctx, key)
}

// RemoveMany forgets keys.
func (s *Serialised[V, S]) RemoveMany(ctx context.Context, keys []string) error {
	return RemoveMany(ctx, s.Proxied, keys)
}

// Keys are those of the cache below.
func (s *Serialised[V, S]) Keys(ctx context.Context) ([]string, error) { return s.Proxied.Keys(ctx) }

// Values decodes all that is kept.
func (s *Serialised[V, S]) Values(ctx context.Context) ([]V, error) {
	kept, err := s.Proxied.Values(ctx)
	if err != nil {
		return nil, err
	}
	values := make([]V, 0, len(kept))
	for _, each := range kept {
		value, decodeErr := s.decode("", each)
		if decodeErr != nil {
			err = errors.Join(err, decodeErr)
			continue
		}
		values = append(values, value)
	}
	return values, err
}

// Clear forgets the keys that match a pattern.
func (s *Serialised[V, S]) Clear(ctx context.Context, pattern Pattern) error {
	return s.Proxied.Clear(ctx, pattern)
}

func (s *Serialised[V, S]) encode(key string, value V) (S, error) {
	encoded, err := s.Encode(value)
	if err != nil {
		return encoded, &CodingError{"encode", key, err}
	}
	return encoded, nil
}

func (s *Serialised[V, S]) decode(key string, kept S) (V, error) {
	value, err := s.Decode(kept)
	if err != nil {
		return value, &CodingError{"decode", key, err}
	}
	return value, nil
}
