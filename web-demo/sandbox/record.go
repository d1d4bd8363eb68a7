package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"sync"
)

// recorder appends what was asked, one line a request. Headers, and so keys, are never among it.
type recorder struct {
	mutex sync.Mutex
	out   io.Writer
}

// record writes the operations of a request. Should a client put its key into a body, blotted takes it out.
func (r *recorder) record(body []byte, blotted func([]byte) []byte) {
	if r.out == nil {
		return
	}
	line := bytes.NewBufferString(`{"body": `)
	if json.Compact(line, body) != nil {
		return
	}
	line.WriteString("}\n")
	text := blotted(line.Bytes())
	r.mutex.Lock()
	defer r.mutex.Unlock()
	_, _ = r.out.Write(text)
}
