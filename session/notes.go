package session

import "github.com/ftrack-wasm/ftrack-wasm/session/schema"

// NoteOptions are what a note is made with; the zero value is one by whoever the session is for.
type NoteOptions struct {
	Author     *Entity
	Recipients []*Entity // users and groups that are told
	Category   *Entity
	Labels     []*Entity
}

// CreateNote records a note on an entity, in the form that servers take: by the parent's id and base type. The next commit sends it; the
// notes that are there are neither fetched nor sent.
func (s *Session) CreateNote(parent *Entity, content string, options NoteOptions) (*Entity, error) {
	if parent.session != s {
		return nil, &ArgumentError{"create note: the entity belongs to another session"}
	}
	if parent.Type().Attribute("notes") == nil {
		return nil, &ArgumentError{"create note: a " + parent.Type().Name + " has no notes"}
	}
	if options.Category != nil && len(options.Labels) > 0 {
		return nil, &ArgumentError{"create note: give a category or labels, not both"}
	}
	linked := s.schemas.Type("NoteLabelLink") != nil
	labels := options.Labels
	if len(labels) > 0 && !linked {
		return nil, &ArgumentError{"create note: this server has no labels of notes"}
	}
	values := map[string]any{"content": content, "parent_id": parent.key(), "parent_type": noteBase(parent.Type())}
	if options.Author != nil {
		values["user_id"] = options.Author.key()
	}
	if c := options.Category; c != nil && linked {
		labels = []*Entity{c}
	} else if c != nil {
		values["category_id"] = c.key()
	}
	note, err := s.Create("Note", values)
	if err != nil {
		return nil, err
	}
	for _, r := range options.Recipients {
		if r == options.Author || r.Text("username") == s.options.APIUser {
			continue // servers tell the author by themselves, and take nobody twice
		}
		if _, err := s.Create("Recipient", map[string]any{"note_id": note.key(), "resource_id": r.key()}); err != nil {
			return nil, err
		}
	}
	for _, l := range labels {
		if _, err := s.Create("NoteLabelLink", map[string]any{"note_id": note.key(), "label_id": l.key()}); err != nil {
			return nil, err
		}
	}
	return note, nil
}

// CreateReply records a reply to a note; the next commit sends it.
func (s *Session) CreateReply(note *Entity, content string, author *Entity) (*Entity, error) {
	if note.session != s || note.Type().Name != "Note" {
		return nil, &ArgumentError{"create reply: the argument is no note of this session"}
	}
	if note.Text("in_reply_to_id") != "" {
		return nil, &InvalidStateError{"create reply: the note is a reply itself: reply to the note that it answers"}
	}
	values := map[string]any{"content": content, "in_reply_to_id": note.key()}
	if id, kind := note.Text("parent_id"), note.Text("parent_type"); id != "" && kind != "" {
		values["parent_id"], values["parent_type"] = id, kind
	}
	if author != nil {
		values["user_id"] = author.key()
	}
	return s.Create("Note", values)
}

// noteBase is the type that notes name their parent by: the most general one that has entities of its own.
func noteBase(t *schema.EntityType) string {
	for t.Base != nil && t.Base.Name != "Context" {
		t = t.Base
	}
	return t.Name
}
