package gateway

import (
	"bytes"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// hider keeps the API key out of what the gateway says.
type hider struct {
	forms [][]byte // of the key: as it is, and as JSON and addresses write it
	host  []byte   // of the ftrack server
}

// redacted stands where the key stood in a text; in a body whose length is told, as many asterisks do.
const redacted = "[redacted]"

// reach is how far from the key, or from the server's name, a text is looked for that may be an address. A longer one is none.
const reach = 4 << 10

func newHider(key string, target *url.URL) *hider {
	h := &hider{host: []byte(target.Host)}
	json := wire.AppendText(nil, key)
	json = json[1 : len(json)-1]
	forms := [][]byte{[]byte(key), json, bytes.ReplaceAll(json, []byte("/"), []byte(`\/`)),
		[]byte(url.QueryEscape(key)), []byte(url.PathEscape(key))}
	for _, each := range []string{"&", "<", ">", "'"} { // as encoders write them that make JSON safe for pages
		forms = append(forms, bytes.ReplaceAll(json, []byte(each), []byte(unicodeEscape(each[0]))))
	}
	for _, form := range slices.Clone(forms) {
		forms = append(forms, lowerEscapes(form))
	}
	for _, form := range forms {
		if !slices.ContainsFunc(h.forms, func(known []byte) bool { return bytes.Equal(known, form) }) {
			h.forms = append(h.forms, form)
		}
	}
	return h
}

func unicodeEscape(c byte) string {
	const digits = "0123456789abcdef"
	return `\u00` + string(digits[c>>4]) + string(digits[c&15])
}

// lowerEscapes writes percent escapes with small letters.
func lowerEscapes(text []byte) []byte {
	out := bytes.Clone(text)
	for i := 0; i+2 < len(out); i++ {
		if out[i] == '%' {
			copy(out[i+1:i+3], bytes.ToLower(out[i+1:i+3]))
		}
	}
	return out
}

// found reports whether the key stands in a text, or in what an address says when it is decoded.
func (h *hider) found(text string) bool {
	for range 3 {
		for _, form := range h.forms {
			if strings.Contains(text, string(form)) {
				return true
			}
		}
		decoded, err := url.PathUnescape(text)
		if err != nil || decoded == text {
			return false
		}
		text = decoded
	}
	return false
}

// text takes the key out of a text.
func (h *hider) text(text string) string {
	for _, form := range h.forms {
		text = strings.ReplaceAll(text, string(form), redacted)
	}
	return text
}

// stream gives a writer that takes the key out of JSON text on its way to out. address may give another text for one that holds the key
// or the server's name. What is written comes out at the latest when it is closed; out is not closed.
func (h *hider) stream(out io.Writer, address func(text string) (string, bool)) io.WriteCloser {
	return &hiding{hider: h, out: out, address: address, needles: append(slices.Clone(h.forms), h.host)}
}

// mask gives a writer that puts asterisks in the place of the key in whatever bytes, so that they stay as many.
func (h *hider) mask(out io.Writer) io.WriteCloser {
	return &hiding{hider: h, out: out, needles: h.forms}
}

// hiding is a text on its way. The end of what came is held back until it is known whether the key or an address begins in it.
type hiding struct {
	*hider
	out     io.Writer
	address func(string) (string, bool)
	needles [][]byte
	next    []int // where each needle stands next in held; len(held) for nowhere
	held    []byte
}

// Write takes the next bytes.
func (w *hiding) Write(p []byte) (int, error) {
	w.held = append(w.held, p...)
	if err := w.release(false); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close lets the rest out.
func (w *hiding) Close() error { return w.release(true) }

// release lets out what is known to be clean.
func (w *hiding) release(last bool) error {
	ahead, behind := w.longestForm()-1, 0
	if w.address != nil {
		ahead, behind = reach, reach
	}
	limit := len(w.held)
	if !last {
		limit -= ahead
	}
	if limit <= 0 {
		return nil
	}
	clean := make([]byte, 0, len(w.held)+64)
	sent, search := 0, 0
	w.next = w.next[:0]
	for range w.needles {
		w.next = append(w.next, -1)
	}
	for {
		at, needle := w.find(search, limit)
		if needle == nil {
			break
		}
		text, from, to := w.stringAround(at, sent)
		if w.address != nil && to > 0 {
			address, changed := w.address(text)
			if !changed && w.found(text) {
				address, changed = w.hider.text(text), true
				if w.found(address) { // escaped more than once
					address = redacted
				}
			}
			if changed {
				clean = wire.AppendText(append(clean, w.held[sent:from]...), address)
				sent = to
			}
			search = max(to, at+len(needle))
			continue
		}
		search = at + len(needle)
		if w.address != nil && bytes.Equal(needle, w.host) {
			continue
		}
		clean = append(clean, w.held[sent:at]...)
		if w.address == nil {
			clean = append(clean, bytes.Repeat([]byte("*"), len(needle))...)
		} else {
			clean = append(clean, redacted...)
		}
		sent = search
	}
	keep := len(w.held)
	if !last {
		keep = max(sent, limit-behind)
	}
	clean = append(clean, w.held[sent:keep]...)
	w.held = append(w.held[:0], w.held[keep:]...)
	if len(clean) == 0 {
		return nil
	}
	_, err := w.out.Write(clean)
	return err
}

func (w *hiding) longestForm() int {
	longest := 0
	for _, form := range w.needles {
		longest = max(longest, len(form))
	}
	return longest
}

// find gives the first place at or after from and before limit where a needle stands.
func (w *hiding) find(from, limit int) (int, []byte) {
	best, found := limit, -1
	for i, needle := range w.needles {
		if w.next[i] < from {
			w.next[i] = len(w.held)
			if at := bytes.Index(w.held[from:], needle); at >= 0 {
				w.next[i] = from + at
			}
		}
		if w.next[i] < best {
			best, found = w.next[i], i
		}
	}
	if found < 0 {
		return 0, nil
	}
	return best, w.needles[found]
}

// stringAround gives the JSON string that a place is in, decoded, and where it stands with its quotes; to is 0 where there is none
// within reach.
func (w *hiding) stringAround(at, least int) (text string, from, to int) {
	if w.address == nil {
		return "", 0, 0
	}
	from = -1
	for i := at - 1; i >= max(least, at-reach); i-- {
		if w.held[i] == '"' && (i == 0 || w.held[i-1] != '\\') {
			from = i
			break
		}
	}
	if from < 0 {
		return "", 0, 0
	}
	for i := from + 1; i < min(len(w.held), at+reach); i++ {
		switch w.held[i] {
		case '\\':
			i++
		case '"':
			if i <= at {
				return "", 0, 0 // the place is between two strings
			}
			root, err := wire.Parse(w.held[from : i+1])
			if err != nil || root.Kind() != wire.String {
				return "", 0, 0
			}
			return root.Text(), from, i + 1
		}
	}
	return "", 0, 0
}
