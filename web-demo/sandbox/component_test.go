package sandbox_test

import (
	"bytes"
	"crypto/md5" //nolint:gosec // the protocol's choice
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/production"
)

// files is a sandbox that is reached over HTTP, for the bytes of components.
type files struct {
	*server
	url string
}

func newFiles(t *testing.T, settings ...string) *files {
	s := assuming(t, settings...)
	listening := httptest.NewServer(s.handler)
	t.Cleanup(listening.Close)
	return &files{s, listening.URL}
}

// do sends a request as it is: status, headers and body of the answer; status 0 when there is none.
func (f *files) do(method, address string, body io.Reader, headers map[string]string) (int, http.Header, []byte) {
	f.t.Helper()
	r, err := http.NewRequestWithContext(f.t.Context(), method, address, body)
	require.NoError(f.t, err)
	for name, value := range headers {
		if name == "Content-Length" {
			continue
		}
		r.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, nil
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(f.t, err)
	return response.StatusCode, response.Header, answer
}

// ask calls the API over HTTP, so that addresses lead to the server.
func (f *files) ask(operation object) object {
	f.t.Helper()
	body, err := json.Marshal([]object{operation})
	require.NoError(f.t, err)
	status, _, answer := f.do(http.MethodPost, f.url+"/api", bytes.NewReader(body), map[string]string{"ftrack-user": user, "ftrack-api-key": key})
	require.Equal(f.t, http.StatusOK, status)
	var replies []object
	if json.Unmarshal(answer, &replies) != nil {
		var refusal object
		require.NoError(f.t, json.Unmarshal(answer, &refusal))
		return refusal
	}
	return replies[0]
}

func (f *files) get(path string, headers map[string]string) (int, http.Header, []byte) {
	f.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = f.url + path
	}
	return f.do(http.MethodGet, path, nil, headers)
}

var inHeaders = map[string]string{"ftrack-user": user, "ftrack-api-key": key}

func digest(data []byte) string {
	sum := md5.Sum(data) //nolint:gosec // see above
	return base64.StdEncoding.EncodeToString(sum[:])
}

func announce(component, name string, size int, more object) object {
	operation := object{"action": "get_upload_metadata", "component_id": component, "file_name": name, "file_size": size}
	for name, value := range more {
		operation[name] = value
	}
	return operation
}

// upload brings a file in one piece.
func (f *files) upload(component, name string, data []byte) {
	f.t.Helper()
	told := f.ask(announce(component, name, len(data), object{"checksum": digest(data)}))
	headers := map[string]string{}
	for name, value := range told["headers"].(object) {
		headers[name] = value.(string)
	}
	status, _, _ := f.do(http.MethodPut, told["url"].(string), bytes.NewReader(data), headers)
	require.Equal(f.t, http.StatusOK, status)
}

func TestAFileInOnePiece(t *testing.T) {
	f := newFiles(t)
	data := []byte(`{"some":"j"}`)
	told := f.ask(announce("c1", "data.json", len(data), object{"checksum": digest(data), "parts": nil}))
	require.Equal(t, object{"Content-Length": "12", "Content-Type": "application/json", "Content-MD5": digest(data)}, told["headers"])
	require.Equal(t, "c1", told["component_id"])
	require.Len(t, told, 3, "url, headers, component_id")
	address := told["url"].(string)
	require.True(t, strings.HasPrefix(address, f.url+"/upload/"), address)
	require.NotContains(t, address, key)
	for _, wrong := range [][]byte{data[:5], append(data, '!'), []byte(`{"some":"k"}`)} {
		status, _, _ := f.do(http.MethodPut, address, bytes.NewReader(wrong), nil)
		require.Equal(t, http.StatusBadRequest, status, string(wrong))
	}
	status, headers, _ := f.do(http.MethodPut, address, bytes.NewReader(data), map[string]string{"Origin": "http://page.example"})
	require.Equal(t, http.StatusOK, status)
	require.Regexp(t, `^"[0-9a-f]{32}"$`, headers.Get("ETag"))
	require.Contains(t, headers.Get("Access-Control-Expose-Headers"), "ETag")
	for _, tampered := range []string{strings.Replace(address, "expires=", "expires=9", 1), address + "0", strings.Replace(address, "/upload/", "/upload/x", 1)} {
		status, _, _ = f.do(http.MethodPut, tampered, bytes.NewReader(data), nil)
		require.Equal(t, http.StatusForbidden, status, tampered)
	}
	status, _, _ = f.do(http.MethodPost, address, bytes.NewReader(data), nil)
	require.Equal(t, http.StatusMethodNotAllowed, status)
	for _, path := range []string{"/component/get?id=c1&username=" + user + "&apiKey=" + key, "/component/get?id=c1"} {
		status, _, got := f.get(path, map[string]string{"ftrack-user": user, "ftrack-api-key": key})
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, data, got)
	}
	status, _, _ = f.get("/component/get?id=c1&username="+user+"&apiKey=wrong", nil)
	require.Equal(t, http.StatusUnauthorized, status)
	status, _, _ = f.get("/component/get?id=nothing", inHeaders)
	require.Equal(t, http.StatusNotFound, status)
	status, headers, got := f.get("/component/get?id=c1", map[string]string{"ftrack-user": user, "ftrack-api-key": key, "Range": "bytes=2-5"})
	require.Equal(t, http.StatusPartialContent, status)
	require.Equal(t, "bytes 2-5/12", headers.Get("Content-Range"))
	require.Equal(t, data[2:6], got)
	status, _, _ = f.get("/component/remove?id=c1&username="+user+"&apiKey="+key, nil)
	require.Equal(t, http.StatusOK, status)
	for _, path := range []string{"get", "remove"} {
		status, _, _ = f.get("/component/"+path+"?id=c1", inHeaders)
		require.Equal(t, http.StatusNotFound, status)
	}
}

func TestAFileInParts(t *testing.T) {
	f := newFiles(t)
	parts := []string{"first part, ", "the second, ", "last"}
	whole := strings.Join(parts, "")
	told := f.ask(announce("c1", "a.txt", len(whole), object{"parts": 3}))
	require.Len(t, told, 3, "component_id, urls, upload_id")
	first := told["urls"].([]any)[0].(object)["signed_url"].(string)
	status, _, _ := f.do(http.MethodPut, first, strings.NewReader(parts[0]), map[string]string{"Content-MD5": digest([]byte("other"))})
	require.Equal(t, http.StatusBadRequest, status)
	tags := make([]object, 3)
	for _, i := range []int{2, 0, 1} {
		at := told["urls"].([]any)[i].(object)
		require.Equal(t, float64(i+1), at["part_number"])
		for range 2 { // a part may come again
			status, headers, _ := f.do(http.MethodPut, at["signed_url"].(string), strings.NewReader(parts[i]), nil)
			require.Equal(t, http.StatusOK, status)
			tags[i] = object{"part_number": i + 1, "e_tag": strings.Trim(headers.Get("ETag"), `"`)}
		}
	}
	complete := func(parts []object, component string) object {
		return f.ask(object{"action": "complete_multipart_upload", "upload_id": told["upload_id"], "component_id": component, "parts": parts})
	}
	_, state := f.control("GET", "uploads", "")
	require.Equal(t, object{"c1": []any{1.0, 2.0, 3.0}}, state["uploads"])
	for name, refused := range map[string]object{
		"a part is missing": complete(tags[:2], "c1"), "another component": complete(tags, "c2"), "another tag": complete([]object{tags[0], tags[1], {"part_number": 3, "e_tag": "x"}}, "c1"),
		"a part that never came": complete(append(tags[:3:3], object{"part_number": 4, "e_tag": "x"}), "c1"),
	} {
		require.Equal(t, "ValidationError", refused["exception"], name)
	}
	done := complete(tags, "c1")
	require.Equal(t, []any{"complete_multipart_upload", "c1"}, []any{done["action"], done["component_id"]})
	status, _, got := f.get(done["url"].(string), nil)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, whole, string(got))
	_, described := f.control("GET", "components/c1", "")
	require.Equal(t, object{"size": float64(len(whole)), "md5": fmt.Sprintf("%x", md5.Sum([]byte(whole)))}, described) //nolint:gosec // see above
	status, _ = f.control("GET", "components/nothing", "")
	require.Equal(t, http.StatusNotFound, status)
	require.Equal(t, "ValidationError", complete(tags, "c1")["exception"], "an upload ends once")
	status, _, got = f.get("/component/get?id=c1", map[string]string{"ftrack-user": user, "ftrack-api-key": key, "Range": "bytes=10-15"})
	require.Equal(t, http.StatusPartialContent, status)
	require.Equal(t, whole[10:16], string(got), "over the border of two parts")
}

func TestAnUploadThatIsGivenUpLeavesNothing(t *testing.T) {
	f := newFiles(t)
	const id = "0b1f8f4e-0000-4000-8000-000000000001"
	f.call(create("FileComponent", object{"id": id, "name": "x", "file_type": ".txt"}))
	f.upload(id, "x.txt", []byte("single"))
	told := f.ask(announce(id, "x.txt", 100, object{"parts": 2}))
	address := told["urls"].([]any)[0].(object)["signed_url"].(string)
	status, _, _ := f.do(http.MethodPut, address, strings.NewReader("some"), nil)
	require.Equal(t, http.StatusOK, status)
	f.call(remove("FileComponent", []any{id}))
	_, state := f.control("GET", "uploads", "")
	require.Equal(t, []any{object{}, object{}, 0.0}, []any{state["components"], state["uploads"], state["bytes"]})
	status, _, _ = f.do(http.MethodPut, address, strings.NewReader("some"), nil)
	require.Equal(t, http.StatusNotFound, status)
}

func TestAddressesExpire(t *testing.T) {
	f := newFiles(t)
	status, _ := f.control("PUT", "uploads", `{"expiry":"1ns"}`)
	require.Equal(t, http.StatusOK, status)
	told := f.ask(announce("c1", "a.txt", 1, nil))
	status, _, answer := f.do(http.MethodPut, told["url"].(string), strings.NewReader("x"), nil)
	require.Equal(t, http.StatusForbidden, status)
	require.Contains(t, string(answer), "expired")
}

func TestUploadsFailWhenTold(t *testing.T) {
	f := newFiles(t)
	put := func(address any) int {
		status, _, _ := f.do(http.MethodPut, address.(string), strings.NewReader("some bytes"), nil)
		return status
	}
	f.control("PUT", "uploads", `{"parts":[2],"attempts":2,"status":500}`)
	told := f.ask(announce("c1", "a.txt", 100, object{"parts": 2}))
	first, second := told["urls"].([]any)[0].(object)["signed_url"], told["urls"].([]any)[1].(object)["signed_url"]
	require.Equal(t, []int{200, 500, 500, 200}, []int{put(first), put(second), put(second), put(second)})
	f.control("PUT", "uploads", `{"fail":0.5,"seed":3}`)
	outcomes := map[int]int{}
	for range 40 {
		outcomes[put(first)]++
	}
	require.Len(t, outcomes, 2)
	require.InDelta(t, 20, outcomes[503], 15)
	f.control("PUT", "uploads", `{"cut":1}`)
	require.Zero(t, put(first), "the connection ends")
	_, state := f.control("GET", "uploads", "")
	require.Equal(t, object{"cut": 1.0}, state["attempts"])
	f.control("PUT", "uploads", `{"rate":100}`)
	began := time.Now()
	require.Equal(t, 200, put(first))
	require.Greater(t, time.Since(began), 50*time.Millisecond, "ten bytes at a hundred a second")
	for _, wrong := range []string{"x", `{"expiry":"soon"}`, `{"status":200}`, `{"failure":1}`, `{"fail":2}`, `{"rate":-1}`} {
		status, _ := f.control("PUT", "uploads", wrong)
		require.Equal(t, http.StatusBadRequest, status, wrong)
	}
	f.handler.SetUploadFaults(sandbox.UploadFaults{})
	require.Equal(t, 200, put(first))
}

func TestMistakesInUploads(t *testing.T) {
	f := newFiles(t)
	for _, operation := range []object{
		announce("", "a", 1, nil), announce("c", "", 1, nil), announce("c", "a", -1, nil), announce("c", "a", 1, object{"parts": 0}), announce("c", "a", 1, object{"parts": 10_001}),
		{"action": "get_upload_metadata"}, {"action": "complete_multipart_upload", "upload_id": "x", "component_id": "c", "parts": []any{}},
	} {
		require.Equal(t, "ValidationError", f.ask(operation)["exception"], operation)
	}
	f = newFiles(t, "actions=invalid")
	require.Contains(t, f.ask(announce("c", "a", 1, nil))["content"], "Invalid action")
}

// picture is an image of two colours.
func picture(width, height int, alpha uint8) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.Set(x, y, color.NRGBA{uint8(255 * x / width), 0, 200, alpha})
		}
	}
	return img
}

func TestThumbnails(t *testing.T) {
	f := newFiles(t)
	encode := map[string]func(io.Writer, image.Image) error{
		"png": png.Encode, "jpg": func(w io.Writer, i image.Image) error { return jpeg.Encode(w, i, nil) }, "gif": func(w io.Writer, i image.Image) error { return gif.Encode(w, i, nil) },
	}
	for kind, write := range encode {
		var out bytes.Buffer
		require.NoError(t, write(&out, picture(400, 200, 255)))
		f.upload("c-"+kind, "a."+kind, out.Bytes())
		for size, wanted := range map[string][2]int{"": {300, 150}, "&size=100": {100, 50}, "&size=1": {1, 1}, "&size=2000": {400, 200}} {
			status, headers, got := f.get("/component/thumbnail?id=c-"+kind+size, inHeaders)
			require.Equal(t, http.StatusOK, status)
			require.Equal(t, "image/jpeg", headers.Get("Content-Type"))
			made, err := jpeg.Decode(bytes.NewReader(got))
			require.NoError(t, err)
			require.Equal(t, wanted, [2]int{made.Bounds().Dx(), made.Bounds().Dy()}, kind+size)
			left, _, _, _ := made.At(wanted[0]/8, wanted[1]/2).RGBA()
			right, _, _, _ := made.At(wanted[0]*7/8, wanted[1]/2).RGBA()
			require.Equal(t, wanted[0] > 1, left+20_000 < right, "what is on it")
		}
	}
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, picture(40, 80, 100)))
	f.upload("clear", "a.png", out.Bytes())
	_, headers, _ := f.get("/component/thumbnail?id=clear", inHeaders)
	require.Equal(t, "image/png", headers.Get("Content-Type"), "one that can be seen through")
	f.upload("text", "a.png", []byte("no image"))
	for query, wanted := range map[string]int{"id=text": 404, "id=nothing": 404, "id=c-png&size=x": 400, "id=c-png&size=0": 400, "id=c-png&size=99999": 400} {
		status, _, _ := f.get("/component/thumbnail?"+query, inHeaders)
		require.Equal(t, wanted, status, query)
	}
	status, _, _ := f.get("/component/thumbnail?id=c-png", nil)
	require.Equal(t, http.StatusUnauthorized, status)
}

func TestAddressesInRepliesCarryTheCredentials(t *testing.T) {
	f := newFiles(t)
	told := f.ask(query("select url, component_id from ComponentLocation limit 1"))["data"].([]any)[0].(object)
	address, err := url.Parse(told["url"].(object)["value"].(string))
	require.NoError(t, err)
	require.Equal(t, f.url+"/component/get", address.Scheme+"://"+address.Host+address.Path)
	require.Equal(t, url.Values{"id": {told["component_id"].(string)}, "username": {user}, "apiKey": {key}}, address.Query())
	told = f.ask(query("select thumbnail_url from AssetVersion limit 1"))["data"].([]any)[0].(object)
	require.Contains(t, fmt.Sprint(told["thumbnail_url"]), "apiKey="+key)
}

func TestAssumptionsAboutComponents(t *testing.T) {
	f := newFiles(t, "component-get=redirect", "etag-cors=hidden")
	f.upload("c1", "a.txt", []byte("moved"))
	status, headers, got := f.get("/component/get?id=c1", map[string]string{"ftrack-user": user, "ftrack-api-key": key, "Origin": "http://page.example"})
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "moved", string(got), "the redirect leads there")
	require.Empty(t, headers.Get("Access-Control-Expose-Headers"))
	status, _, _ = f.get("/component/data/c1?expires=1&signature=x", inHeaders)
	require.Equal(t, http.StatusForbidden, status)
}

func TestWhatTheProductionDrawsIsServed(t *testing.T) {
	s := newServer(t, sandbox.Options{Draw: production.Draw}).produce("demo", 60)
	listening := httptest.NewServer(s.handler)
	t.Cleanup(listening.Close)
	f := &files{s, listening.URL}
	version := f.one(`select thumbnail_id, thumbnail.size, components.name from AssetVersion where components any (name is "ftrackreview-webm") limit 1`)
	id := version["thumbnail_id"].(string)
	_, headers, got := f.get("/component/get?id="+id, inHeaders)
	require.Len(t, got, int(version["thumbnail"].(object)["size"].(float64)))
	require.Equal(t, "image/jpeg", headers.Get("Content-Type"))
	_, _, small := f.get("/component/thumbnail?size=60&id="+id, inHeaders)
	made, err := jpeg.Decode(bytes.NewReader(small))
	require.NoError(t, err)
	require.Equal(t, image.Pt(60, 33), made.Bounds().Size())
	for _, component := range version["components"].([]any) {
		if film := component.(object); film["name"] == "ftrackreview-webm" {
			status, headers, got := f.get("/component/get?id="+film["id"].(string), map[string]string{"ftrack-user": user, "ftrack-api-key": key, "Range": "bytes=0-99"})
			require.Equal(t, []any{http.StatusPartialContent, "video/webm", 100}, []any{status, headers.Get("Content-Type"), len(got)})
		}
	}
	shot := f.one(`select thumbnail_id from Shot where thumbnail_id is_not None limit 1`)
	require.NotEmpty(t, shot["thumbnail_id"])
}

// shape is a value with its texts and numbers left out: names of members, and kinds.
func shape(v any) any {
	switch v := v.(type) {
	case object:
		of := object{}
		for name, member := range v {
			of[name] = shape(member)
		}
		return of
	case nil:
		return nil
	}
	return fmt.Sprintf("%T", v)
}

func TestRepliesAboutUploadsAreLikeRealOnes(t *testing.T) {
	f := newFiles(t)
	real := func(name string) object {
		var reply object
		require.NoError(t, json.Unmarshal(fixture(t, name), &reply))
		return reply
	}
	require.Equal(t, shape(real("get_upload_metadata.json")), shape(f.ask(announce("c1", "data.json", 13, nil))))
	require.Equal(t, real("get_upload_metadata.json")["headers"], f.ask(announce("c1", "data.json", 13, nil))["headers"])
	told := f.ask(announce("c1", "data.json", 3, object{"parts": 1}))
	status, headers, _ := f.do(http.MethodPut, told["urls"].([]any)[0].(object)["signed_url"].(string), strings.NewReader("abc"), nil)
	require.Equal(t, http.StatusOK, status)
	done := f.ask(object{"action": "complete_multipart_upload", "upload_id": told["upload_id"], "component_id": "c1", "parts": []object{{"part_number": 1, "e_tag": headers.Get("ETag")}}})
	require.Equal(t, shape(real("complete_multipart_upload.json")), shape(done))
}
