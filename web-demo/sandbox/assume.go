package sandbox

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/store"
)

// switches are the behaviours of the real server that nobody verified: name and values, the first one our guess.
var switches = []struct {
	name   string
	values []string
}{
	{"text-case", []string{"insensitive", "sensitive"}},
	{"null-order", []string{"low", "high", "first", "last"}},
	{"empty-in", []string{"nothing", "error"}},
	{"backslash", []string{"escape", "literal"}},
	{"none-words", []string{"any", "none", "verbatim"}},
	{"batch-atomicity", []string{"whole", "partial"}},
	{"batch-order", []string{"given", "updates-first"}},
	{"write-reply", []string{"observed", "all", "sent", "key"}},
	{"missing-target", []string{"accepted", "refused"}},
	{"shortened-list", []string{"replace", "add"}},
	{"left-out-child", []string{"deleted", "orphaned", "refused"}},
	{"deleted-twice", []string{"accepted", "refused"}},
	{"custom-attributes", []string{"dense", "dense-none", "sparse"}},
	{"hierarchical-unset", []string{"default", "inherited"}},
	{"strict-cors", []string{"off", "on"}},
	{"handshake", []string{"headers", "open", "header-only", "query-only", "refused"}},
	{"handshake-cors", []string{"on", "off"}},
	{"subscriber-ids", []string{"socket", "server"}},
	{"event-frames-sent", []string{"plain", "numbered"}},
	{"event-batch", []string{"request", "entity"}},
	{"event-types", []string{"all", "listed"}},
	{"event-entity-type", []string{"present", "absent"}},
	{"event-custom-attributes", []string{"owner", "row"}},
	{"event-removed", []string{"old", "none"}},
	{"actions", []string{"known", "invalid"}},
	{"component-get", []string{"direct", "redirect"}},
	{"etag-cors", []string{"exposed", "hidden"}},
	{"nested-subqueries", []string{"allowed", "refused"}},
}

// Assumptions are the chosen values by name; what is not named has its first value.
type Assumptions map[string]string

// Assume adds one NAME=VALUE. Unknown names and values are an error that lists the known ones.
func (a Assumptions) Assume(setting string) error {
	name, value, _ := strings.Cut(setting, "=")
	var names []string
	for _, s := range switches {
		if s.name == name {
			if !slices.Contains(s.values, value) {
				return fmt.Errorf("assume %s: unknown value %q; known are %s", name, value, strings.Join(s.values, ", "))
			}
			a[name] = value
			return nil
		}
		names = append(names, s.name)
	}
	return fmt.Errorf("assume: unknown name %q; known are %s", name, strings.Join(names, ", "))
}

// is tells whether an assumption has the value, given or by default.
func (a Assumptions) is(name, value string) bool {
	if given, ok := a[name]; ok {
		return given == value
	}
	for _, s := range switches {
		if s.name == name {
			return s.values[0] == value
		}
	}
	return false
}

// eval are the options that the evaluator gets.
func (a Assumptions) eval() eval.Options {
	options := eval.Options{
		Dialect:          query.Dialect{BackslashLiteral: a.is("backslash", "literal")},
		CaseSensitive:    a.is("text-case", "sensitive"),
		RefuseEmptyIn:    a.is("empty-in", "error"),
		RefuseSubqueries: a.is("nested-subqueries", "refused"),
	}
	switch {
	case a.is("null-order", "high"):
		options.NullOrder = eval.NullsHigh
	case a.is("null-order", "first"):
		options.NullOrder = eval.NullsFirst
	case a.is("null-order", "last"):
		options.NullOrder = eval.NullsLast
	}
	switch {
	case a.is("none-words", "none"):
		options.NoneWords = eval.NoneNone
	case a.is("none-words", "verbatim"):
		options.NoneWords = eval.NoneVerbatim
	}
	return options
}

// store are the options that the store gets.
func (a Assumptions) store() store.Options {
	return store.Options{
		SparseCustomAttributes: a.is("custom-attributes", "sparse"), UnsetIsNone: a.is("custom-attributes", "dense-none"),
		InheritUnset: a.is("hierarchical-unset", "inherited"), CaseSensitiveKeys: a.is("text-case", "sensitive"),
	}
}
