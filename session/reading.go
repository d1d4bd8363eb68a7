package session

import (
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// reading is a request whose answer is not merged yet. Meanwhile the session may come to know better: by a commit of its own, by events.
type reading struct {
	session *Session
	from    int                   // in the changes that events told
	written map[store.Change]bool // by commits; false for what is not loaded since
	gone    []Identity            // that commits deleted
	commit  bool                  // it is a commit's, of which the answer is the newest there is

	question store.Question
}

// beginRead notes that a request leaves. Its end must be called once the answer is merged, or will not be.
func (s *Session) beginRead() *reading {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := &reading{session: s, written: map[store.Change]bool{}}
	if s.upkeep != nil {
		r.from = len(s.upkeep.recent)
	}
	if s.reads == nil {
		s.reads = map[*reading]bool{}
	}
	s.reads[r] = true
	return r
}

// leaves notes that the request is sent, or sent again. What was asked before it and is answered after it changes nothing that it brings.
func (r *reading) leaves() {
	s := r.session
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reads[r] && s.store != nil {
		s.store.Ask(&r.question)
	}
}

// end may be called more than once. Changes that events told meanwhile count as stale from now on, and what a commit made not loaded is
// not loaded again: the answer may be older.
func (r *reading) end() {
	s := r.session
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.reads[r] {
		return
	}
	delete(s.reads, r)
	if s.store != nil {
		s.store.Answered(&r.question)
	}
	r.dropGone()
	for at, loaded := range r.written {
		if !loaded && s.remoteOf(at.Record, at.Slot) != nil {
			s.store.Unload(at.Record, at.Slot)
			s.noteUnloaded(at)
		}
	}
	if u := s.upkeep; u != nil {
		recent := u.recent
		if len(s.reads) == 0 {
			u.recent = nil
		}
		if r.from < len(recent) {
			s.distrust(recent[r.from:])
		}
	}
}

// whole reports whether the answer was taken as it came: else what is not loaded after it may only have been left out, because something newer
// was known. The session is locked.
func (r *reading) whole() bool { return len(r.written) == 0 && !r.question.Overtaken() }

// dropGone takes out what the answer has brought back of what was deleted since the request left. The session is locked.
func (r *reading) dropGone() {
	s, back := r.session, map[store.Record]bool{}
	for _, identity := range r.gone {
		if found := s.store.Find(identity.Type, identity.Key...); found != 0 {
			back[found] = true
		}
	}
	if len(back) > 0 {
		s.dropExactly(back)
	}
}

// here are the records that were not deleted since the request left. The session is locked.
func (r *reading) here(records []store.Record) []store.Record {
	if len(r.gone) == 0 {
		return records
	}
	r.dropGone()
	return slices.DeleteFunc(slices.Clone(records), r.session.retired)
}

// noteAnswered has the requests under way leave what the answer to a commit brought of what the commit had made not loaded. The session is
// locked.
func (s *Session) noteAnswered() {
	for r := range s.reads {
		for at, loaded := range r.written {
			if !loaded && s.remoteOf(at.Record, at.Slot) != nil {
				r.written[at] = true
			}
		}
	}
}

// noteOwn begins to tell the requests under way what the session makes the server's by itself, until end is called, with what it deleted.
// The session is locked.
func (s *Session) noteOwn() (end func(gone []Identity)) {
	s.store.Written = func(at store.Change, loaded bool) {
		for r := range s.reads {
			if !r.commit {
				r.written[at] = loaded
			}
		}
	}
	return func(gone []Identity) {
		s.store.Written = nil
		for r := range s.reads {
			if !r.commit {
				r.gone = append(r.gone, gone...)
			}
		}
	}
}
