package hub

import (
	"strconv"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// The types of frames.
const (
	disconnectFrame = '0'
	heartbeatFrame  = '2'
	eventFrame      = '5'
)

// frame is `type:id:endpoint:data`; an id that ends in + asks for an acknowledgement with data.
type frame struct {
	kind byte
	id   string // digits, "" for none
	data bool   // the acknowledgement carries data
	text string
}

// parseFrame reads a frame. false when it is none.
func parseFrame(text string) (frame, bool) {
	parts := strings.SplitN(text, ":", 4)
	if len(parts[0]) != 1 || parts[0][0] < '0' || parts[0][0] > '8' || len(parts) == 2 {
		return frame{}, false
	}
	f := frame{kind: parts[0][0]}
	if len(parts) > 1 {
		f.id, f.data = strings.CutSuffix(parts[1], "+")
		if f.id != "" {
			if _, err := strconv.ParseUint(f.id, 10, 64); err != nil {
				return frame{}, false
			}
		}
	}
	if len(parts) == 4 {
		f.text = parts[3]
	}
	return f, true
}

// event reads the event that a frame carries. false when the frame carries none.
func (f frame) event() (wire.Node, bool) {
	if f.kind != eventFrame {
		return wire.Node{}, false
	}
	root, err := wire.Parse([]byte(f.text))
	if err != nil || root.Get("name").Text() != "ftrack.event" {
		return wire.Node{}, false
	}
	for event := range root.Get("args").Elements() {
		return event, event.Kind() == wire.Object
	}
	return wire.Node{}, false
}

// acknowledgement answers a frame that has an id.
func (f frame) acknowledgement(result string) string {
	if !f.data {
		return "6:::" + f.id
	}
	return "6:::" + f.id + "+[" + result + "]"
}

// carry puts an event into a frame; number 0 is none.
func carry(event []byte, number uint64) string {
	var out strings.Builder
	out.Grow(len(event) + 64)
	out.WriteString("5:")
	if number > 0 {
		out.WriteString(strconv.FormatUint(number, 10))
	}
	out.WriteString(`::{"name":"ftrack.event","args":[`)
	out.Write(event)
	out.WriteString("]}")
	return out.String()
}
