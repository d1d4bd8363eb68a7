package session

import (
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// These stand for methods of the store and the schemas where speed does not count: inlined at each of a hundred places, those weigh tens of
// kilobytes in the module. The session is locked.

//go:noinline
func (s *Session) remoteOf(r store.Record, slot int32) *store.Value { return s.store.Remote(r, slot) }

//go:noinline
func (s *Session) typeOf(r store.Record) *schema.EntityType { return s.store.Type(r) }

//go:noinline
func (s *Session) retired(r store.Record) bool { return s.store.Retired(r) }

//go:noinline
func (s *Session) membersOfList(v *store.Value) []store.Record { return s.current(v).list }

//go:noinline
func named(t *schema.EntityType, name string) *schema.Attribute { return t.Attribute(name) }
