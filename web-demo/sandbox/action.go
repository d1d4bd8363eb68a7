package sandbox

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// action carries out one operation that is neither a query nor a write of an entity, and adds its answer.
type action func(r *request, operation wire.Node, out []byte) ([]byte, error)

// actions are those that the server knows, beside queries and writes.
var actions = map[string]action{
	"get_upload_metadata": (*request).uploadMetadata, "complete_multipart_upload": (*request).completeUpload, "encode_media": (*request).encodeMedia,
	"get_widget_url": (*request).widgetURL, "send_user_invite": (*request).inviteUser, "send_review_session_invite": (*request).inviteReviewer,
	"reset_remote": (*request).resetRemote, "delayed_job": (*request).delayedJob,
	"add_user_security_role": (*request).addRole, "remove_user_security_role": (*request).removeRole, "revoke_user_security_role": (*request).removeRole,
	"update_user_security_role": (*request).updateRole, "grant_user_security_role_project": (*request).grantProject, "revoke_user_security_role_project": (*request).revokeProject,
}

// writing are the actions that change entities: their requests hold the store alone.
var writing = map[string]bool{
	"create": true, "update": true, "delete": true, "encode_media": true, "send_review_session_invite": true, "delayed_job": true, "reset_remote": true,
	"add_user_security_role": true, "remove_user_security_role": true, "revoke_user_security_role": true, "update_user_security_role": true,
	"grant_user_security_role_project": true, "revoke_user_security_role_project": true,
}

// namedEntity finds the entity whose id stands under a name of the operation.
func (r *request) namedEntity(operation wire.Node, name, typ string) (eval.Entity, error) {
	id := member(operation, name)
	if e := r.store.Find(r.store.Schemas().Type(typ), id); e != 0 && id != "" {
		return e, nil
	}
	return 0, invalid(fmt.Sprintf("%s: there is no %s %q.", name, typ, id))
}

// answered begins the answer to an action: its name. The caller ends the object.
func answered(out []byte, operation wire.Node) []byte {
	return textMember(append(out, '{'), "action", member(operation, "action"))
}

// The widgets that there are addresses of, and how long one is good.
var widgets = []string{"info", "tasks", "tasks_browser"}

const widgetExpiry = 6 * time.Minute

func (r *request) widgetURL(operation wire.Node, out []byte) ([]byte, error) {
	name := member(operation, "name")
	known := false
	for _, widget := range widgets {
		known = known || widget == name
	}
	if !known {
		return out, invalid(fmt.Sprintf("There is no widget %q: %s.", name, strings.Join(widgets, ", ")))
	}
	if operation.Get("entity_type").Kind() == wire.String {
		if _, _, err := r.entity(operation); err != nil {
			return out, err
		}
	}
	address := r.base + r.depot.sign("/widget/"+name, url.Values{"theme": {member(operation, "theme")}}, time.Now().Add(widgetExpiry))
	return append(textMember(answered(out, operation), "widget_url", address), '}'), nil
}

// serveWidget shows the page that the address of a widget leads to.
func (s *Server) serveWidget(w http.ResponseWriter, r *http.Request) {
	if err := s.depot.signed(r.URL); err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(w, "<!doctype html><title>%[1]s</title><h1>The widget %[1]s of the sandbox</h1>\n", strings.TrimPrefix(r.URL.Path, "/widget/"))
}

func (r *request) inviteUser(operation wire.Node, out []byte) ([]byte, error) {
	if _, err := r.namedEntity(operation, "user_id", "User"); err != nil {
		return out, err
	}
	return append(answered(out, operation), `,"sent":true}`...), nil
}

func (r *request) inviteReviewer(operation wire.Node, out []byte) ([]byte, error) {
	e, err := r.namedEntity(operation, "review_session_invitee_id", "ReviewSessionInvitee")
	if err != nil {
		return out, err
	}
	now := eval.Time(time.Now().UTC().Truncate(time.Second))
	if err := r.store.Set(e, r.store.TypeOf(e).Attribute("last_sent_at"), now); err != nil {
		return out, err
	}
	return append(answered(out, operation), `,"sent":true}`...), nil
}

// resetRemote makes a new API key. For the user that requests come from it counts from the next request on.
func (r *request) resetRemote(operation wire.Node, out []byte) ([]byte, error) {
	if kind := member(operation, "reset_type"); kind != "api_key" {
		return out, invalid(fmt.Sprintf("There is no reset of %q.", kind))
	}
	t, err := r.entityType(operation)
	if err != nil {
		return out, err
	}
	if t.Name != "User" {
		return out, invalid("Only users have an API key.")
	}
	_, e, err := r.entity(operation)
	if err != nil {
		return out, err
	}
	key := newKey()
	if e == r.caller() {
		r.batch.key = &key
	}
	return append(textMember(append(answered(out, operation), `,"data":{`...), "api_key", key), "}}"...), nil
}

func newKey() string { return hex.EncodeToString([]byte(newID()))[:48] }
