package gateway

import (
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// readActions change nothing on the server and hand out nothing that could. What is not named here is refused to the scope read: a new or
// unknown action too.
var readActions = map[string]bool{
	"query":                    true,
	"query_schemas":            true,
	"query_server_information": true,
	"search":                   true,
	"permissions":              true,
	"compute_rollups":          true,
}

// credentialActions hand out credentials, or change them: no scope allows them.
var credentialActions = map[string]bool{
	"reset_remote":   true, // the reply holds the user's new API key
	"configure_totp": true,
}

// operations are a batch that was checked.
type operations struct {
	actions []string
	nodes   []wire.Node
}

// only reports whether every operation is one of the actions.
func (o *operations) only(actions ...string) bool {
	for _, action := range o.actions {
		if !contains(actions, action) {
			return false
		}
	}
	return true
}

func (o *operations) has(action string) bool { return contains(o.actions, action) }

func contains(list []string, text string) bool {
	for _, each := range list {
		if each == text {
			return true
		}
	}
	return false
}

// checkBatch reads a batch and checks every operation against a scope. A request that two readers could understand in two ways is
// refused: an operation names its action once, and nothing else of it has that name in other letters.
func checkBatch(body []byte, scope Scope) (*operations, error) {
	root, err := wire.Parse(body)
	if err != nil {
		return nil, malformed("The request is no JSON.")
	}
	if root.Kind() != wire.Array {
		return nil, malformed("The request must be an array of operations.")
	}
	batch := &operations{nodes: root.List()}
	for _, operation := range batch.nodes {
		action, ok := onlyText(operation, "action")
		if !ok || action == "" {
			return nil, malformed("Each operation must name its action, once.")
		}
		if err := checkAction(action, scope); err != nil {
			return nil, err
		}
		batch.actions = append(batch.actions, action)
	}
	return batch, nil
}

func checkAction(action string, scope Scope) error {
	switch {
	case scope == Read && !readActions[action]:
		return forbidden("scope_insufficient", "The token's scope is read: it does not allow the action "+quoted(action)+".")
	case credentialActions[strings.ToLower(strings.TrimSpace(action))]:
		return forbidden("action_refused", "The gateway does not pass the action "+quoted(action)+": it deals with credentials.")
	}
	return nil
}

// onlyText is the text of a member that an object has exactly once; false too where a member has the same name in other letters.
func onlyText(object wire.Node, name string) (string, bool) {
	var found wire.Node
	count := 0
	for _, member := range object.Object() {
		if strings.EqualFold(strings.TrimSpace(member.Key), name) {
			count++
			if member.Key == name {
				found = member.Value
			}
		}
	}
	return found.Text(), count == 1 && found.Kind() == wire.String
}

// quoted shows a text that a client sent, cut where it is long.
func quoted(text string) string {
	if len(text) > 64 {
		text = text[:64] + "…"
	}
	return `"` + strings.ToValidUTF8(text, "\uFFFD") + `"`
}
