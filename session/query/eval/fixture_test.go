package eval_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
)

// TestExpressionsOfPublicClientsFitTheSchemas compiles what ftrack-python's manual, both clients' tests and
// programs of their users ask.
func TestExpressionsOfPublicClientsFitTheSchemas(t *testing.T) {
	w := &world{t: t, schemas: loadSchemas(t), byID: map[string]eval.Entity{}}
	for _, expression := range []string{
		`select name from Task limit 1`,
		`select name, created_at from Task limit 1`,
		`select status.state.short from Task where status.state.short is NOT_STARTED limit 2`,
		`select version, asset.versions.version from AssetVersion where asset_id is_not None limit 1`,
		`select full_name, metadata from Project where status is active`,
		`select link from Task where assignments any (resource.username = "ada")`,
		`select first_name, last_name from User where assignments any (context_id = "x")`,
		`select name, object_type.name, project.children, children, parent_id from TypedContext where ancestors any (id=x) or id is "x"`,
		`select type.name, status.state.short from Task where parent_id is "x"`,
		`select key, project_id, id, object_type_id, entity_type, is_hierarchical from CustomAttributeConfiguration`,
		`select custom_attributes from Task where id is x offset 0 limit 500`,
		`ComponentLocation where location_id is x and component_id in (a,b)`,
		`select parent_id, key, value, parent_type from Metadata where (parent_id is "parent" and key is "key") offset 0 limit 500`,
		`Timer where user_id = "x"`,
		`select id from ReviewSession where end_date after "2024-01-01" order by created_at descending, name`,
	} {
		_, err := eval.Prepare(w, expression, eval.Options{})
		assert.NoError(t, err, expression)
	}
}

// TestRecordedExpressionsAreReadAndPrintedAsTheyAre goes through the requests recorded of ftrack-python.
func TestRecordedExpressionsAreReadAndPrintedAsTheyAre(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(fixtures(t), "python-wire.json"))
	if err != nil {
		t.Skip("the recorded requests stand beside the repository, not in it: ", err)
	}
	var recorded any
	require.NoError(t, json.Unmarshal(data, &recorded))
	w := &world{t: t, schemas: loadSchemas(t), byID: map[string]eval.Entity{}}
	expressions := 0
	walk(recorded, func(expression string) {
		expressions++
		plan, err := eval.Prepare(w, expression, eval.Options{})
		if !assert.NoError(t, err, expression) {
			return
		}
		again, err := query.Parse(plan.Query.String())
		require.NoError(t, err)
		assert.Equal(t, plan.Query, again)
	})
	assert.Greater(t, expressions, 40)
}

// walk visits the text of every member called expression.
func walk(value any, visit func(string)) {
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			walk(element, visit)
		}
	case map[string]any:
		for name, member := range value {
			if text, ok := member.(string); ok && name == "expression" {
				visit(text)
			} else {
				walk(member, visit)
			}
		}
	}
}

// fixtures is the folder of recorded replies and requests, beside the repository.
func fixtures(t *testing.T) string {
	folder, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return filepath.Join(filepath.Dir(folder), "shared", "fixtures")
		}
		parent := filepath.Dir(folder)
		require.NotEqual(t, folder, parent, "no go.mod above")
		folder = parent
	}
}
