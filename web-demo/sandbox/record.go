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

// record writes the operations of a request. Should a client put its key into a body, the key is blotted out.
func (r *recorder) record(body []byte, key string) {
	if r.out == nil {
		return
	}
	line := bytes.NewBufferString(`{"body": `)
	if json.Compact(line, body) != nil {
		return
	}
	line.WriteString("}\n")
	text := line.Bytes()
	if key != "" {
		quoted, _ := json.Marshal(key)
		text = bytes.ReplaceAll(text, quoted[1:len(quoted)-1], []byte("***"))
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	_, _ = r.out.Write(text)
}
