package sandbox

import (
	"strconv"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// eventText is a value as the text that events have for it: "1" and "0", "1001.0", "a, b".
func eventText(v eval.Value) string {
	switch v.Kind() {
	case eval.KindBool:
		if v.Bool() {
			return "1"
		}
		return "0"
	case eval.KindInt:
		return strconv.FormatInt(v.Int(), 10)
	case eval.KindFloat:
		text := strconv.FormatFloat(v.Float(), 'f', -1, 64)
		if !strings.ContainsAny(text, ".N") && !strings.HasSuffix(text, "Inf") {
			text += ".0"
		}
		return text
	case eval.KindTime:
		return v.Time().Format("2006-01-02T15:04:05")
	case eval.KindJSON:
		return listText(v.Text())
	}
	return v.Text()
}

// listText is a list as text: its members with a comma between them. Other JSON stays as it is.
func listText(json string) string {
	root, err := wire.Parse([]byte(json))
	if err != nil || root.Kind() != wire.Array {
		return json
	}
	var parts []string
	for item := range root.Elements() {
		if item.Kind() == wire.String {
			parts = append(parts, item.Text())
		} else {
			parts = append(parts, string(item.Raw()))
		}
	}
	return strings.Join(parts, ", ")
}
