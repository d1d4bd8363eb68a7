package sandbox_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
)

// pageExpression asks for a page of tasks with eight relations.
const pageExpression = `select name, bid, start_date, status.name, type.name, priority.name, parent.name, project.full_name, created_by.username, ` +
	`object_type.name, assignments.resource.username from Task offset 0 limit 500`

// BenchmarkQueries asks a production of 100,000 tasks.
func BenchmarkQueries(b *testing.B) {
	s := newServer(b, sandbox.Options{}).produce("large", 0)
	for name, expression := range map[string]string{
		"page of 500 with 8 relations": pageExpression,
		"filter on a relation":         `select name from Task where status.name is "Revise" limit 500`,
		"filter on two relations":      `select name from Task where project.name is "show_003" and type.name in ("FX", "Lighting") limit 500`,
		"filter on assignees":          `select name from Task where assignments any (resource.username is "demo") limit 500`,
		"filter on the parent's name":  `select name from Task where parent.name is "sh0100" and status.name is_not "Done" limit 500`,
		"ordered by a relation":        `select name from Task where project.name is "show_002" order by status.sort, name limit 500`,
		"scan of a text":               `select name from Task where description like "%client%" limit 500`,
		"ancestors":                    `select name from Task where ancestors any (name is "ep01") limit 500`,
	} {
		b.Run(name, func(b *testing.B) {
			body, err := json.Marshal([]object{query(expression)})
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				_, answer := s.post(body)
				require.Equal(b, byte('['), answer[0], "%.300s", answer)
			}
		})
	}
}
