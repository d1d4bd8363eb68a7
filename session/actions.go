package session

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// act does an action of the server in a request of its own. One that the server does not have is a *ServerCompatibilityError.
func (s *Session) act(ctx context.Context, operation wire.Operation) (wire.Node, error) {
	name, _ := operation["action"].(string)
	sent, err := s.sendAs(ctx, name, Own{Action: operation})
	if err != nil {
		return wire.Node{}, s.compatible(name, err)
	}
	return sent[0].Reply, nil
}

// compatible makes the refusal of an action that the server does not know a *ServerCompatibilityError; other errors stay as they are.
func (s *Session) compatible(action string, err error) error {
	var refused *wire.ServerError
	if errors.As(err, &refused) && strings.Contains(strings.ToLower(refused.Content), "invalid action") {
		return &ServerCompatibilityError{Version: s.info.Version, Action: action}
	}
	return err
}

// UploadMetadata asks where the bytes of a component go. checksum is the MD5 as base64, "" for none; parts is 0 for one piece.
func (s *Session) UploadMetadata(ctx context.Context, componentID, fileName string, fileSize int64, checksum string, parts int) (wire.Node, error) {
	operation := wire.Operation{"action": "get_upload_metadata", "component_id": componentID, "file_name": fileName, "file_size": fileSize}
	if checksum != "" {
		operation["checksum"] = checksum
	}
	if parts > 0 {
		operation["parts"] = parts
	}
	return s.act(ctx, operation)
}

// WidgetURL is the address of a widget of the web interface; entity and theme may be left out. It lets its bearer in, for some minutes.
func (s *Session) WidgetURL(ctx context.Context, name string, entity *Entity, theme string) (string, error) {
	operation := wire.Operation{"action": "get_widget_url", "name": name}
	if theme != "" {
		operation["theme"] = theme
	}
	if entity != nil {
		operation["entity_type"], operation["entity_key"] = entity.Type().Name, entity.PrimaryKey()
	}
	reply, err := s.act(ctx, operation)
	return reply.Get("widget_url").Text(), err
}

// EncodeMedia has the server make media for reviews of a component, and gives the Job that does it. A version, where given, gets the media.
func (s *Session) EncodeMedia(ctx context.Context, component, version *Entity, keepOriginal bool) (*Entity, error) {
	operation := wire.Operation{"action": "encode_media", "component_id": component.key(), "version_id": nil, "keep_original": keepOriginal}
	if version != nil {
		operation["version_id"] = version.key()
	}
	reply, err := s.act(ctx, operation)
	if err != nil {
		return nil, err
	}
	return s.Get(ctx, "Job", reply.Get("job_id").Text())
}

// SendUserInvite mails a user the invitation.
func (s *Session) SendUserInvite(ctx context.Context, user *Entity) error {
	_, err := s.act(ctx, wire.Operation{"action": "send_user_invite", "user_id": user.key()})
	return err
}

// SendReviewSessionInvite mails an invitee of a review session the invitation.
func (s *Session) SendReviewSessionInvite(ctx context.Context, invitee *Entity) error {
	_, err := s.act(ctx, wire.Operation{"action": "send_review_session_invite", "review_session_invitee_id": invitee.key()})
	return err
}

// ResetRemote has the server reset something of an entity, which may be nil, and gives what it says.
func (s *Session) ResetRemote(ctx context.Context, resetType string, entity *Entity) (wire.Node, error) {
	operation := wire.Operation{"action": "reset_remote", "reset_type": resetType}
	if entity != nil {
		operation["entity_type"], operation["entity_key"] = entity.Type().Name, entity.key()
	}
	reply, err := s.act(ctx, operation)
	return reply.Get("data"), err
}

// ResetAPIKey makes a user a new API key and gives it; the old one is good no more.
func (s *Session) ResetAPIKey(ctx context.Context, user *Entity) (string, error) {
	data, err := s.ResetRemote(ctx, "api_key", user)
	if data.Kind() == wire.String {
		return data.Text(), err
	}
	return data.Get("api_key").Text(), err
}

// DelayedJob has the server do a job of its own, such as SYNC_USERS_LDAP, later.
func (s *Session) DelayedJob(ctx context.Context, jobType string) (wire.Node, error) {
	return s.act(ctx, wire.Operation{"action": "delayed_job", "job_type": jobType})
}

// SearchOptions say what is searched for.
type SearchOptions struct {
	Expression, EntityType string
	Terms                  []string
	ContextID              string // below which context
	ObjectTypeIDs          []string
}

// Search looks for entities by words rather than by an expression. It changes nothing: it waits for no commit that is under way, and is repeated as
// queries are.
func (s *Session) Search(ctx context.Context, options SearchOptions) ([]*Entity, error) {
	operation := wire.Operation{"action": "search", "expression": options.Expression, "entity_type": options.EntityType,
		"terms": append([]string{}, options.Terms...), "object_type_ids": append([]string{}, options.ObjectTypeIDs...)}
	if options.ContextID != "" {
		operation["context_id"] = options.ContextID
	}
	page, _, err := s.search(ctx, operation)
	if err != nil {
		return nil, err
	}
	return s.rows(page), nil
}

// SearchJSON is Search with an operation as it is sent. The answer is `{"records": [...], "metadata": ...}`.
func (s *Session) SearchJSON(ctx context.Context, operation wire.Node) ([]byte, error) {
	sent := wire.Operation{}
	for name, value := range operation.Members() {
		sent[name] = wire.RawJSON(value.Raw())
	}
	page, metadata, err := s.search(ctx, sent)
	if err != nil {
		return nil, err
	}
	return wire.AppendValue(nil, map[string]any{"records": numbers(page.Records), "metadata": wire.RawJSON(metadata)})
}

// search gives what a search found, and the reply's metadata. What came to be known while it was under way is not taken back by its answer.
func (s *Session) search(ctx context.Context, operation wire.Operation) (page Page, metadata []byte, err error) {
	err = s.read(ctx, "search", wire.AppendOperations(nil, operation), 1, func(read *reading, replies []wire.Node) error {
		metadata = []byte("null")
		if given := replies[0].Get("metadata"); given.Kind() != wire.Missing {
			metadata = bytes.Clone(given.Raw())
		}
		page, err = s.mergeRows(ctx, "search", replies[0].Get("data"), nil, nil, read)
		return err
	})
	return page, metadata, s.compatible("search", err)
}

// SecurityRole does one of the actions on the roles of users: add, remove, update (with another role), or grant and revoke in a project. What an
// action does not need is nil.
func (s *Session) SecurityRole(ctx context.Context, action RoleAction, user, role, other *Entity) error {
	operation := wire.Operation{"action": string(action), "user_id": user.key(), "role_id": role.key()}
	switch {
	case other == nil:
	case action == UpdateRole:
		operation["new_role_id"] = other.key()
	default:
		operation["project_id"] = other.key()
	}
	_, err := s.act(ctx, operation)
	return err
}

// RoleAction is what is done to a security role of a user.
type RoleAction string

// The actions on security roles.
const (
	AddRole           RoleAction = "add_user_security_role"
	RemoveRole        RoleAction = "remove_user_security_role"
	UpdateRole        RoleAction = "update_user_security_role"
	GrantRoleProject  RoleAction = "grant_user_security_role_project"
	RevokeRoleProject RoleAction = "revoke_user_security_role_project"
)
