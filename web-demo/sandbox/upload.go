package sandbox

import (
	"cmp"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/blob"
)

// maxParts is how many parts an upload has at most.
const maxParts = 10_000

// uploadMetadata answers get_upload_metadata: where to PUT a file, or the parts of one.
func (r *request) uploadMetadata(operation wire.Node, out []byte) ([]byte, error) {
	name, component := member(operation, "file_name"), member(operation, "component_id")
	size, ok := operation.Get("file_size").Int()
	if component == "" || name == "" || !ok || size < 0 {
		return out, invalid("get_upload_metadata needs component_id, file_name and file_size.")
	}
	parts := int64(0)
	if n := operation.Get("parts"); n.Kind() == wire.Number {
		if parts, ok = n.Int(); !ok || parts < 1 || parts > maxParts {
			return out, invalid(fmt.Sprintf("An upload has 1 to %d parts.", maxParts))
		}
	}
	u := &upload{id: newID(), component: component, size: size, checksum: member(operation, "checksum"), parts: int(parts), received: map[int]received{}, attempts: map[int]int{}}
	d := r.depot
	until := d.expiry()
	d.mutex.Lock()
	d.uploads[u.id] = u
	d.mutex.Unlock()
	address := func(part int) string {
		return r.base + d.sign("/upload/"+u.id, url.Values{"part": {strconv.Itoa(part)}}, until)
	}
	out = wire.AppendText(append(out, `{"component_id":`...), component)
	if parts == 0 {
		out = textMember(out, "url", address(0))
		out = append(out, `,"headers":{`...)
		out = textMember(out, "Content-Length", strconv.FormatInt(size, 10))
		out = textMember(out, "Content-Type", contentType(name))
		if u.checksum != "" {
			out = textMember(out, "Content-MD5", u.checksum)
		}
		return append(out, "}}"...), nil
	}
	out = append(out, `,"urls":[`...)
	for part := 1; part <= int(parts); part++ {
		if part > 1 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(append(out, `{"part_number":`...), int64(part), 10)
		out = append(textMember(out, "signed_url", address(part)), '}')
	}
	out = append(out, ']')
	return append(textMember(out, "upload_id", u.id), '}'), nil
}

// completeUpload answers complete_multipart_upload: the parts become the component's bytes.
func (r *request) completeUpload(operation wire.Node, out []byte) ([]byte, error) {
	d, component := r.depot, member(operation, "component_id")
	d.mutex.Lock()
	defer d.mutex.Unlock()
	u := d.uploads[member(operation, "upload_id")]
	if u == nil || u.parts == 0 || !strings.EqualFold(u.component, component) {
		return out, invalid(fmt.Sprintf("There is no multipart upload %q of the component %q.", member(operation, "upload_id"), component))
	}
	parts := map[int]received{}
	for part := range operation.Get("parts").Elements() {
		number, _ := part.Get("part_number").Int()
		got, ok := u.received[int(number)]
		if tag := strings.Trim(part.Get("e_tag").Text(), `"`); !ok || tag != strings.Trim(got.tag, `"`) {
			return out, invalid(fmt.Sprintf("Part %d was not uploaded, or is not the one of the ETag %q.", number, tag))
		}
		parts[int(number)] = got
	}
	h := &held{tag: `"` + u.id + "-" + strconv.Itoa(len(parts)) + `"`, at: time.Now()}
	for _, number := range sortedNumbers(parts) {
		h.pieces = append(h.pieces, parts[number].piece)
		h.size += parts[number].piece.Size
		delete(u.received, number)
	}
	if h.size != u.size {
		for number, got := range parts {
			u.received[number] = got
		}
		return out, invalid(fmt.Sprintf("The parts have %d bytes in all, not %d.", h.size, u.size))
	}
	d.keep(component, h)
	d.abandon(u)
	out = append(out, `{"action":"complete_multipart_upload"`...)
	out = textMember(out, "component_id", component)
	return append(textMember(out, "url", r.componentURL(component)), '}'), nil
}

func sortedNumbers(parts map[int]received) []int {
	numbers := make([]int, 0, len(parts))
	for number := range parts {
		numbers = append(numbers, number)
	}
	slices.SortFunc(numbers, cmp.Compare[int])
	return numbers
}

// single makes what a PUT brought the component's bytes.
func (d *depot) single(u *upload, piece blob.Piece, tag string) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	u.done = true
	d.keep(u.component, &held{[]blob.Piece{piece}, piece.Size, tag, time.Now()})
}

// part notes a part that came. One that came again counts instead of the former. false when the upload has ended meanwhile.
func (d *depot) part(u *upload, number int, piece blob.Piece, tag string) bool {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.uploads[u.id] != u {
		_ = d.blobs.Remove(piece.Name)
		return false
	}
	if former, ok := u.received[number]; ok {
		_ = d.blobs.Remove(former.piece.Name)
	}
	u.received[number] = received{piece, tag}
	return true
}

// contentTypes are the types of files that clients upload, by extension.
var contentTypes = map[string]string{
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp", ".exr": "image/x-exr", ".tif": "image/tiff", ".tiff": "image/tiff",
	".mp4": "video/mp4", ".webm": "video/webm", ".mov": "video/quicktime", ".mp3": "audio/mpeg", ".wav": "audio/wav",
	".json": "application/json", ".pdf": "application/pdf", ".txt": "text/plain", ".csv": "text/csv", ".xml": "application/xml",
}

func contentType(name string) string {
	if known := contentTypes[strings.ToLower(path.Ext(name))]; known != "" {
		return known
	}
	return "application/octet-stream"
}
