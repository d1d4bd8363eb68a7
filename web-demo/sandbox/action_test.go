package sandbox_test

import (
	"bytes"
	"encoding/json"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
)

// act calls one action that must be accepted.
func (s *server) act(name string, more object) object {
	s.t.Helper()
	more["action"] = name
	return s.call(more)[0]
}

func TestMediaIsEncoded(t *testing.T) {
	f := newFiles(t)
	version := f.one("select id from AssetVersion limit 1")["id"]
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, picture(1600, 90, 255)))
	for i, c := range []struct {
		fileType   string
		data       []byte
		keep       any
		name, kind string
	}{
		{".png", out.Bytes(), false, "ftrackreview-image", "image/jpeg"}, {".mp4", []byte("frames"), true, "ftrackreview-mp4", "video/mp4"}, {".webm", []byte("frames"), nil, "ftrackreview-webm", "video/webm"},
	} {
		id := "0b1f8f4e-0000-4000-8000-00000000000" + string(rune('0'+i))
		f.call(create("FileComponent", object{"id": id, "name": "shot", "file_type": c.fileType, "version_id": version}),
			create("ComponentLocation", object{"component_id": id, "location_id": "3a372bde-05bc-11e4-8908-20c9d081909b", "resource_identifier": id}))
		f.upload(id, "shot"+c.fileType, c.data)
		job := f.act("encode_media", object{"component_id": id, "version_id": version, "keep_original": c.keep})["job_id"].(string)
		require.Eventually(t, func() bool { return f.one(`select status from Job where id is "` + job + `"`)["status"] == "done" }, 10*time.Second, time.Millisecond)
		var data struct {
			Output []struct {
				Format      string
				ComponentID string `json:"component_id"`
			}
			Source string `json:"source_component_id"`
		}
		require.NoError(t, json.Unmarshal([]byte(f.one(`select data from Job where id is "` + job + `"`)["data"].(string)), &data))
		require.Equal(t, id, data.Source)
		require.Len(t, data.Output, 1)
		require.Equal(t, c.kind, data.Output[0].Format)
		made := f.one(`select name, size, version_id, component_locations.location_id, metadata.value from FileComponent where id is "` + data.Output[0].ComponentID + `"`)
		require.Equal(t, []any{c.name, version}, []any{made["name"], made["version_id"]})
		require.Equal(t, "cd41be70-8809-11e3-b98a-20c9d081909b", made["component_locations"].([]any)[0].(object)["location_id"])
		_, _, got := f.get("/component/get?id="+made["id"].(string), inHeaders)
		require.Len(t, got, int(made["size"].(float64)))
		require.Len(t, f.rows(`select id from FileComponent where id is "`+id+`"`), map[bool]int{true: 1, false: 0}[c.keep != false], "the original")
		if c.fileType == ".png" {
			require.Equal(t, made["id"], f.one(`select thumbnail_id from AssetVersion where id is "` + version.(string) + `"`)["thumbnail_id"])
			require.Contains(t, made["metadata"].([]any)[0].(object)["value"], `"width":1280,"height":72`)
		}
	}
}

func TestWhatCannotBeEncoded(t *testing.T) {
	f := newFiles(t)
	for _, operation := range []object{{"component_id": "nothing"}, {"component_id": f.one("select id from FileComponent limit 1")["id"], "version_id": "nothing"}} {
		operation["action"] = "encode_media"
		f.refused(operation)
	}
	f.call(create("FileComponent", object{"id": "text", "name": "text", "file_type": ".txt"}), create("FileComponent", object{"id": "empty", "name": "empty", "file_type": ".png"}))
	for _, id := range []string{"text", "empty"} {
		job := f.act("encode_media", object{"component_id": id, "keep_original": false})["job_id"].(string)
		require.Eventually(t, func() bool { return f.one(`select status from Job where id is "` + job + `"`)["status"] == "failed" }, 10*time.Second, time.Millisecond)
		require.Len(t, f.rows(`select id from FileComponent where id is "`+id+`"`), 1, "the original stays")
	}
}

func TestJobsTakeTheirTimeAndTellOfIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, taken := listeningTo(t, sandbox.Options{EncodeTime: time.Minute})
		reply := s.act("delayed_job", object{"job_type": "SYNC_USERS_LDAP"})
		id := reply["data"].(object)["job_id"]
		require.Equal(t, "delayed_job", reply["action"])
		begun := entities(t, taken())[0]
		require.Equal(t, []any{"job", "add", id}, []any{begun["entityType"], begun["action"], begun["entityId"]})
		time.Sleep(time.Minute - time.Nanosecond)
		synctest.Wait()
		require.Empty(t, taken())
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		told := entities(t, taken())[0]
		require.Equal(t, []any{"update", id}, []any{told["action"], told["entityId"]})
		require.Equal(t, change("running", "done"), told["changes"].(object)["status"])
		s.refused(object{"action": "delayed_job", "job_type": "DANCE"})
	})
}

func TestAJobOfARefusedBatchNeverRuns(t *testing.T) {
	s := assuming(t)
	s.refused(object{"action": "delayed_job", "job_type": "SYNC_USERS_LDAP"}, remove("Task", []any{"nothing"}))
	require.Empty(t, s.rows("select id from Job"))
}

func TestInvites(t *testing.T) {
	s := assuming(t)
	me := s.one(`select id from User where username is "demo"`)["id"]
	project := s.one("select id from Project limit 1")["id"]
	require.Equal(t, object{"action": "send_user_invite", "sent": true}, s.act("send_user_invite", object{"user_id": me}))
	s.refused(object{"action": "send_user_invite", "user_id": "nobody"})
	s.call(create("ReviewSession", object{"id": "r1", "name": "r", "project_id": project}), create("ReviewSessionInvitee", object{"id": "i1", "name": "i", "email": "i@example.com", "review_session_id": "r1"}))
	require.Equal(t, object{"action": "send_review_session_invite", "sent": true}, s.act("send_review_session_invite", object{"review_session_invitee_id": "i1"}))
	require.NotNil(t, s.one(`select last_sent_at from ReviewSessionInvitee where id is "i1"`)["last_sent_at"])
	s.refused(object{"action": "send_review_session_invite", "review_session_invitee_id": "nobody"})
}

func TestWidgets(t *testing.T) {
	f := newFiles(t)
	task := f.one("select id from Task limit 1")["id"]
	told := f.ask(object{"action": "get_widget_url", "name": "info", "theme": "dark", "entity_type": "Task", "entity_key": []any{task}})
	address := told["widget_url"].(string)
	status, _, page := f.get(address, nil)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, string(page), "info")
	require.NotContains(t, address, key)
	status, _, _ = f.get(strings.Replace(address, "/widget/info", "/widget/tasks", 1), nil)
	require.Equal(t, http.StatusForbidden, status)
	f.refused(object{"action": "get_widget_url", "name": "clock"})
	f.refused(object{"action": "get_widget_url", "name": "info", "entity_type": "Task", "entity_key": []any{"nothing"}})
}

func TestAKeyIsMadeAnew(t *testing.T) {
	s := assuming(t)
	other := s.one(`select id from User where username is_not "demo" limit 1`)["id"]
	me := s.one(`select id from User where username is "demo"`)["id"]
	reset := func(id any) object {
		return object{"action": "reset_remote", "reset_type": "api_key", "entity_type": "User", "entity_key": id}
	}
	s.refused(reset(me), remove("Task", []any{"nothing"}))
	require.NotEmpty(t, s.call(reset(other))[0]["data"])
	require.NotEmpty(t, s.rows("select id from User limit 1"), "somebody else's key")
	for _, wrong := range []object{reset("nobody"), {"action": "reset_remote", "reset_type": "password", "entity_type": "User", "entity_key": me},
		{"action": "reset_remote", "reset_type": "api_key", "entity_type": "Task", "entity_key": me}} {
		s.refused(wrong)
	}
	fresh := s.call(reset(me))[0]["data"].(object)["api_key"].(string)
	body := []byte(`[{"action":"query","expression":"select id from User limit 1"}]`)
	_, answer := s.post(body)
	require.Contains(t, string(answer), "InvalidCredentialsError")
	_, answer = s.post(body, "ftrack-api-key", fresh)
	require.Contains(t, string(answer), `"action":"query"`)
}

func TestSecurityRoles(t *testing.T) {
	s := assuming(t)
	of := s.one(`select id from User where username is_not "demo" limit 1`)["id"]
	role, other := s.one(`select id from SecurityRole where name is "User"`)["id"], s.one(`select id from SecurityRole where name is "Administrator"`)["id"]
	project := s.one("select id from Project limit 1")["id"]
	roles := func() []any {
		var ids []any
		for _, row := range s.rows(`select security_role_id from UserSecurityRole where user_id is "` + of.(string) + `"`) {
			ids = append(ids, row["security_role_id"])
		}
		return ids
	}
	given := object{"user_id": of, "role_id": role}
	with := func(name string, more object) object {
		operation := object{"action": name}
		for _, part := range []object{given, more} {
			for key, value := range part {
				operation[key] = value
			}
		}
		return operation
	}
	s.refused(with("revoke_user_security_role", nil))
	s.call(with("add_user_security_role", nil))
	require.Equal(t, []any{role}, roles())
	s.refused(with("add_user_security_role", nil))
	s.call(with("grant_user_security_role_project", object{"project_id": project}))
	require.Len(t, s.rows("select id from UserSecurityRoleProject"), 1)
	s.call(with("revoke_user_security_role_project", object{"project_id": project}))
	s.refused(with("revoke_user_security_role_project", object{"project_id": project}))
	s.call(with("update_user_security_role", object{"new_role_id": other}))
	require.Equal(t, []any{other}, roles())
	given["role_id"] = other
	s.call(with("remove_user_security_role", nil))
	require.Empty(t, roles())
	for _, wrong := range []object{{"user_id": "nobody", "role_id": role}, {"user_id": of, "role_id": "none"}} {
		given = wrong
		s.refused(with("add_user_security_role", nil))
	}
}
