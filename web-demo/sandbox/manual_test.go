package sandbox_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func ref(typ string, id any) object { return object{"__entity_type__": typ, "id": id} }

// The examples of the public client's manual and its own tests, as the operations that they come down to.
func TestWhatTheManualShows(t *testing.T) {
	s := assuming(t)
	number := 0
	id := func() string {
		number++
		return fmt.Sprintf("33333333-0000-4000-8000-%012d", number)
	}
	person := s.rows(`User where username is "` + user + `"`)[0]["id"]
	task := s.rows("select parent_id from Task limit 1")[0]
	versions := s.rows("select components from AssetVersion limit 2")
	component := s.rows("FileComponent limit 1")[0]["id"]

	t.Run("a project and a sequence below it", func(t *testing.T) {
		project, sequence := id(), id()
		schema := s.rows("ProjectSchema")[0]["id"]
		s.call(create("Project", object{"id": project, "name": "x", "full_name": "x", "project_schema": ref("ProjectSchema", schema)}),
			create("Sequence", object{"id": sequence, "name": "seq", "parent": ref("Project", project)}))
		require.Equal(t, project, s.one(`select project_id from Sequence where id is "` + sequence + `"`)["project_id"])
		require.Len(t, s.rows(`Project where children.name is seq`), 1)
		s.call(remove("Sequence", []string{sequence}), remove("Project", []string{project}))
		require.Empty(t, s.rows(`Context where id in (`+project+`,`+sequence+`)`))
	})
	t.Run("a note attached by the list", func(t *testing.T) {
		note, reply, group := id(), id(), s.rows("Group limit 1")[0]["id"]
		s.call(create("Note", object{"id": note, "content": "hello", "author": ref("User", person)}), create("Recipient", object{"note_id": note, "resource_id": group}),
			create("NoteLabelLink", object{"note_id": note, "label_id": s.rows("NoteLabel limit 1")[0]["id"]}),
			create("NoteComponent", object{"note_id": note, "component_id": component}), update("Task", []any{task["id"]}, object{"notes": []object{ref("Note", note)}}))
		row := s.one(`select parent_id, parent_type, recipients, note_label_links.label.name, note_components.component.name from Note where id is "` + note + `"`)
		require.Equal(t, task["id"], row["parent_id"])
		require.Equal(t, "TypedContext", row["parent_type"])
		require.Len(t, row["recipients"], 2, "the caller is one")
		s.call(create("Note", object{"id": reply, "content": "yes"}), update("Note", []string{note}, object{"replies": []object{ref("Note", reply)}}))
		row = s.one(`select parent_id, parent_type, in_reply_to.content from Note where id is "` + reply + `"`)
		require.Equal(t, task["id"], row["parent_id"])
		require.Equal(t, "hello", row["in_reply_to"].(object)["content"])
		require.Len(t, s.rows(`Note where author has (username is "`+user+`") and not in_reply_to has () and id is "`+note+`"`), 1)
	})
	t.Run("links between versions", func(t *testing.T) {
		from, to := versions[0]["id"], versions[1]["id"]
		s.call(update("AssetVersion", []any{from}, object{"uses_versions": []any{}}), update("AssetVersion", []any{to}, object{"uses_versions": []any{}}))
		s.call(create("AssetVersionLink", object{"from": ref("AssetVersion", from), "to": ref("AssetVersion", to)}))
		for _, where := range []string{fmt.Sprintf("id is %v and uses_versions.id is %v", to, from), fmt.Sprintf("id is %v and used_in_versions.id is %v", from, to),
			fmt.Sprintf("id is %v and incoming_links.from.id is %v", to, from)} {
			require.Len(t, s.rows("AssetVersion where "+where), 1, where)
		}
		s.call(update("AssetVersion", []any{to}, object{"uses_versions": []any{}}))
		require.Empty(t, s.rows(fmt.Sprintf("AssetVersionLink where to_id is %v", to)))
		s.call(create("TypedContextLink", object{"from_id": task["parent_id"], "to_id": task["id"]}))
		require.Len(t, s.rows(fmt.Sprintf("select from.name from TypedContextLink where to_id is %v", task["id"])), 1)
	})
	t.Run("a sequence of files", func(t *testing.T) {
		sequence, member := id(), id()
		s.call(create("SequenceComponent", object{"id": sequence, "name": "s", "padding": 4, "file_type": ".dpx"}),
			create("FileComponent", object{"id": member, "name": "0001", "container": ref("SequenceComponent", sequence)}),
			update("SequenceComponent", []string{sequence}, object{"members": []object{ref("FileComponent", member)}}))
		require.Len(t, s.one(`select members.name from SequenceComponent where id is "` + sequence + `"`)["members"], 1)
		require.Equal(t, sequence, s.one(`select container from FileComponent where id is "` + member + `"`)["container"].(object)["id"])
	})
	t.Run("assignments", func(t *testing.T) {
		s.call(create("Appointment", object{"context": ref("Task", task["id"]), "resource": ref("User", person), "type": "assignment"}))
		require.NotEmpty(t, s.rows(fmt.Sprintf(`select link from Task where id is %v and assignments any (resource_id = "%v")`, task["id"], person)))
		require.NotEmpty(t, s.rows(fmt.Sprintf(`select first_name from User where id is %v and assignments any (context_id = "%v")`, person, task["id"])))
	})
	t.Run("scopes", func(t *testing.T) {
		scope := id()
		s.call(create("Scope", object{"id": scope, "name": "night"}), update("Task", []any{task["id"]}, object{"scopes": []object{ref("Scope", scope)}}))
		require.Len(t, s.rows("Task where scopes.name is night"), 1)
		s.call(update("Task", []any{task["id"]}, object{"scopes": []object{}}))
		require.Empty(t, s.rows("Task where scopes.name is night"))
	})
	t.Run("a timer becomes a timelog", func(t *testing.T) {
		timer := id()
		s.call(create("Timer", object{"id": timer, "user": ref("User", person), "context": ref("Task", task["id"])}))
		require.NotNil(t, s.one(fmt.Sprintf(`select start from Timer where user_id = "%v"`, person))["start"])
		s.call(create("Timelog", object{"user_id": person, "context_id": task["id"], "comment": "c", "name": "n", "duration": 30,
			"start": object{"__type__": "datetime", "value": "2024-01-01T10:00:00"}}), remove("Timer", []string{timer}))
		require.Len(t, s.rows(fmt.Sprintf(`Timelog where context_id = "%v" and name is n and start >= "2024-01-01T12:00:00+02:00"`, task["id"])), 1)
	})
	t.Run("a custom attribute of one's own", func(t *testing.T) {
		role, typ := s.rows("SecurityRole limit 1")[0]["id"], s.rows(`CustomAttributeType where name is "enumerator"`)[0]["id"]
		s.call(create("CustomAttributeConfiguration", object{"entity_type": "assetversion", "type": ref("CustomAttributeType", typ), "label": "Own", "key": "own",
			"default": []string{"bar"}, "config": "{}", "write_security_roles": []object{ref("SecurityRole", role)}, "read_security_roles": []object{ref("SecurityRole", role)}}))
		require.Equal(t, []any{"bar"}, s.values("AssetVersion", versions[0]["id"].(string))["Own"])
	})
	t.Run("a review", func(t *testing.T) {
		review, reviewed, invitee := id(), id(), id()
		s.call(create("ReviewSession", object{"id": review, "name": "r", "description": "d", "project": ref("Project", s.rows("Project limit 1")[0]["id"])}),
			create("ReviewSessionObject", object{"id": reviewed, "name": "o", "version": "Version 1", "asset_version": ref("AssetVersion", versions[0]["id"]), "review_session": ref("ReviewSession", review)}),
			create("ReviewSessionInvitee", object{"id": invitee, "name": "John Doe", "email": "john.doe@example.com", "review_session": ref("ReviewSession", review)}),
			create("ReviewSessionObjectStatus", object{"status": "approved", "invitee": ref("ReviewSessionInvitee", invitee), "review_session_object": ref("ReviewSessionObject", reviewed)}))
		require.Len(t, s.rows(`ReviewSession where review_session_objects.statuses any (status is approved and invitee.name is "John Doe")`), 1)
		s.call(remove("ReviewSession", []string{review}))
		require.Empty(t, s.rows(`ReviewSessionObject where id is `+reviewed))
	})
}
