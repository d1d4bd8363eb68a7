package schema_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

var serverSchemas = sync.OnceValue(func() *schema.Schemas {
	data, err := os.ReadFile(filepath.Join("testdata", "query_schemas.json"))
	if err != nil {
		panic(err)
	}
	s, err := schema.Parse(data)
	if err != nil {
		panic(err)
	}
	return s
})

func parse(t testing.TB, text string) *schema.Schemas {
	t.Helper()
	s, err := schema.Parse([]byte(text))
	require.NoError(t, err)
	return s
}

func attribute(t testing.TB, s *schema.Schemas, typeName, name string) *schema.Attribute {
	t.Helper()
	entityType := s.Type(typeName)
	require.NotNil(t, entityType, typeName)
	a := entityType.Attribute(name)
	require.NotNil(t, a, "%s.%s", typeName, name)
	return a
}

func TestEveryTypeAndPropertyOfAServerIsKept(t *testing.T) {
	s := serverSchemas()
	assert.Len(t, s.Types(), 116)
	properties, composite := 0, 0
	for i, entityType := range s.Types() {
		properties += len(entityType.Attributes)
		if len(entityType.PrimaryKey) != 1 {
			composite++
		}
		assert.EqualValues(t, i, entityType.Index)
		assert.Same(t, entityType, s.Type(entityType.Name))
		assert.NotEmpty(t, entityType.PrimaryKey, entityType.Name)
		assert.True(t, slices.IsSortedFunc(entityType.Attributes, func(a, b *schema.Attribute) int { return strings.Compare(a.Name, b.Name) }))
		for _, a := range entityType.Attributes {
			assert.Same(t, a, entityType.Attribute(a.Name))
			assert.NotEqual(t, schema.Unknown, a.Kind, "%s.%s", entityType.Name, a.Name)
			assert.Equal(t, a.IsRelation(), a.Target != "", "%s.%s", entityType.Name, a.Name)
			if a.Target != "" {
				assert.NotNil(t, s.Type(a.Target), "%s.%s leads to %s", entityType.Name, a.Name, a.Target)
			}
		}
	}
	assert.Equal(t, 1299, properties)
	assert.Equal(t, 22, composite)
	assert.Nil(t, s.Type("task"))
	assert.Nil(t, s.Type("Task").Attribute("Name"))
}

func TestPrimaryKeysStandInTheSchemasOrder(t *testing.T) {
	for name, key := range map[string][]string{
		"Task":                        {"id"},
		"Metadata":                    {"parent_id", "key"},
		"ContextCustomAttributeValue": {"configuration_id", "entity_id"},
		"SettingComponent":            {"component_id", "name", "group"},
		"EntitySetting":               {"parent_id", "group", "name"},
		"DashboardResource":           {"dashboard_id", "resource_id"},
	} {
		assert.Equal(t, key, serverSchemas().Type(name).PrimaryKey, name)
	}
}

func TestAttributesAreClassified(t *testing.T) {
	for _, c := range []struct {
		entityType, name string
		kind             schema.Kind
		target           string
	}{
		{"Task", "start_date", schema.DateTime, ""},
		{"Task", "bid", schema.Number, ""},
		{"Task", "name", schema.String, ""},
		{"Task", "link", schema.String, ""},
		{"Task", "thumbnail_url", schema.Object, ""},
		{"Task", "status", schema.Reference, "Status"},
		{"Task", "status_id", schema.String, ""},
		{"Task", "children", schema.Collection, "Context"},
		{"Task", "metadata", schema.Mapped, "Metadata"},
		{"Task", "custom_attributes", schema.CustomAttributes, "ContextCustomAttributeValue"},
		{"Task", "custom_attribute_links", schema.Collection, "CustomAttributeLink"},
		{"AssetVersion", "version", schema.Integer, ""},
		{"AssetVersion", "custom_attributes", schema.CustomAttributes, "AssetVersionCustomAttributeValue"},
		{"Metadata", "parent_id", schema.String, ""},
		{"ContextCustomAttributeValue", "value", schema.Variable, ""},
		{"DashboardResource", "is_shared_with_everyone", schema.Boolean, ""},
		{"DashboardResource", "resource", schema.Reference, "Resource"},
		{"DashboardResource", "resource_id", schema.String, ""},
		{"DashboardResource", "dashboard_id", schema.String, ""},
	} {
		a := attribute(t, serverSchemas(), c.entityType, c.name)
		assert.Equal(t, c.kind.String(), a.Kind.String(), "%s.%s", c.entityType, c.name)
		assert.Equal(t, c.target, a.Target, "%s.%s", c.entityType, c.name)
	}
}

func TestReferencesKnowTheirKeys(t *testing.T) {
	for _, c := range []struct{ entityType, reference, key string }{
		{"Task", "status", "status_id"},
		{"Note", "author", "user_id"},
		{"Asset", "parent", "context_id"},
		{"Recipient", "recipient", "resource_id"},
		{"SchemaStatus", "task_status", "status_id"},
		{"List", "owner", "user_id"},
		{"ReviewSessionObject", "asset_version", "version_id"},
		{"DashboardResource", "resource", "resource_id"},
	} {
		assert.Equal(t, c.key, attribute(t, serverSchemas(), c.entityType, c.reference).ForeignKey, "%s.%s", c.entityType, c.reference)
		key := attribute(t, serverSchemas(), c.entityType, c.key)
		assert.Equal(t, c.reference, key.ReferenceName, "%s.%s", c.entityType, c.key)
		assert.False(t, key.IsRelation())
	}
	assert.Empty(t, attribute(t, serverSchemas(), "Task", "children").ForeignKey)
	assert.Empty(t, attribute(t, serverSchemas(), "Task", "name").ReferenceName)
}

func TestInheritanceThatNoSchemaStatesIsPutIn(t *testing.T) {
	s := serverSchemas()
	for name, line := range map[string][]string{
		"Task":                        {"TypedContext", "Context"},
		"Milestone":                   {"TypedContext", "Context"},
		"Shot":                        {"TypedContext", "Context"},
		"Project":                     {"Context"},
		"FileComponent":               {"Component"},
		"User":                        {"Resource"},
		"Group":                       {"Resource"},
		"AssetVersionList":            {"List"},
		"ContextCustomAttributeValue": {"CustomAttributeValue"},
		"UserCustomAttributeLinkFrom": {"CustomAttributeLinkFrom"},
		"UserCustomAttributeLink":     {"CustomAttributeLink"},
		"Context":                     nil,
		"Asset":                       nil,
		"AssetVersion":                nil,
		"CustomAttributeLink":         nil,
		"TypedContextLink":            nil,
	} {
		var bases []string
		entityType := s.Type(name)
		assert.True(t, entityType.IsA(name))
		for base := entityType.Base; base != nil; base = base.Base {
			bases = append(bases, base.Name)
			assert.True(t, entityType.IsA(base.Name), "%s is a %s", name, base.Name)
			assert.False(t, base.IsA(name), "no %s is a %s for sure", base.Name, name)
		}
		assert.Equal(t, line, bases, name)
		if len(line) > 0 {
			assert.Contains(t, s.Type(line[0]).Derived, entityType)
		}
		root := append([]string{name}, line...)[len(line)]
		assert.Equal(t, root, entityType.Root.Name, name)
		assert.Equal(t, s.Type(root).Family, entityType.Family, name)
	}
	assert.False(t, s.Type("Task").IsA("Component"))
	assert.False(t, s.Type("Task").IsA("Shot"))
	assert.NotEqual(t, s.Type("Task").Family, s.Type("User").Family)
}

func TestANameHasOneSlotInAWholeFamily(t *testing.T) {
	s := serverSchemas()
	for _, entityType := range s.Types() {
		names := s.FamilySlots(entityType.Family)
		for _, a := range entityType.Attributes {
			require.Equal(t, a.Name, names[a.Slot], "%s.%s", entityType.Name, a.Name)
		}
	}
	context := attribute(t, s, "Context", "name").Slot
	for _, name := range []string{"TypedContext", "Task", "Shot", "Project"} {
		assert.Equal(t, context, attribute(t, s, name, "name").Slot, name)
	}
	assert.Nil(t, s.FamilySlots(-1))
	assert.Nil(t, s.FamilySlots(1000))
}

func TestDefaultProjectionsAreAttributesOfTheType(t *testing.T) {
	s := serverSchemas()
	assert.Equal(t, []string{"context_type", "id", "name"}, s.Type("Task").DefaultProjections)
	for _, entityType := range s.Types() {
		for _, name := range entityType.DefaultProjections {
			assert.NotNil(t, entityType.Attribute(name), "%s.%s", entityType.Name, name)
		}
	}
	for _, name := range []string{"Asset", "AssetVersion", "Component", "Context", "Group", "List", "User"} {
		link, from := s.Type(name+"CustomAttributeLink"), s.Type(name+"CustomAttributeLinkFrom")
		assert.NotContains(t, link.DefaultProjections, "to_entity_type", "the schema of %s names it and has no such property", link.Name)
		assert.Len(t, link.DefaultProjections, 4)
		assert.Contains(t, from.DefaultProjections, "to_entity_type", "%s has it", from.Name)
	}
}

func TestFlagsAndNamesOfAttributesAreRead(t *testing.T) {
	s := serverSchemas()
	for _, name := range []string{"custom_attribute_links", "custom_attribute_links_from"} {
		assert.True(t, attribute(t, s, "Task", name).Restricted, name)
	}
	assert.False(t, attribute(t, s, "Task", "status").Restricted)
	assert.True(t, attribute(t, s, "Task", "bid").Required)
	assert.False(t, attribute(t, s, "Task", "description").Required)
	assert.True(t, attribute(t, s, "Task", "object_type_id").Immutable)
	assert.False(t, attribute(t, s, "Task", "name").Immutable)
	assert.True(t, attribute(t, s, "Task", "time_logged").Computed)
	assert.Equal(t, "startdate", attribute(t, s, "Task", "start_date").AliasFor)
	assert.Equal(t, "date-time", attribute(t, s, "Task", "start_date").Format)
	shared := attribute(t, s, "DashboardResource", "is_shared_with_everyone")
	assert.True(t, shared.HasDefault)
	assert.Equal(t, "false", shared.Default)
	assert.False(t, attribute(t, s, "Task", "status").HasDefault)
}

func TestLegacyNamesAndTablesAreKnown(t *testing.T) {
	s := serverSchemas()
	assert.Equal(t, "Show", s.Type("Project").Alias.Table)
	assert.Empty(t, s.Type("Project").Alias.Classifiers)
	assert.Equal(t, schema.Alias{Table: "Task", Classifiers: map[string]string{"object_typeid": "11c137c0-ee7e-4f9c-91c5-8c77cec22b2c"}},
		s.Type("Task").Alias)
	assert.Equal(t, []string{"showid", "context_type"}, s.Type("Task").SystemProjections)
	var names []string
	for _, a := range s.Type("Task").Legacy("_api_link") {
		names = append(names, a.Name)
	}
	assert.Equal(t, []string{"_link", "link"}, names, "one legacy name may stand for two attributes")
	assert.Len(t, s.Type("Task").Legacy("startdate"), 1)
	assert.Empty(t, s.Type("Task").Legacy("nothing"))
}

const studioSchemas = `[
	{"id":"Context","primary_key":["id"],"properties":{"id":{"type":"string"},"name":{"type":"string"}}},
	{"id":"TypedContext","primary_key":["id"],"properties":{"id":{"type":"string"}},"alias_for":"Task"},
	{"id":"Level","primary_key":["id"],"properties":{"id":{"type":"string"},"name":{"type":"string"},"mood":{"type":"emoji"},"bare":{}},
	 "alias_for":{"id":"Task","classifiers":{"object_typeid":"c0ffee"}},"default_projections":["id","gone","name"]}]`

func TestAStudiosOwnObjectTypeStandsBelowTypedContext(t *testing.T) {
	s := parse(t, studioSchemas)
	level := s.Type("Level")
	require.NotNil(t, level)
	assert.Same(t, s.Type("TypedContext"), level.Base)
	assert.Same(t, s.Type("Context"), level.Root)
	assert.True(t, level.IsA("Context"))
	assert.Nil(t, s.Type("Context").Base)
	assert.Equal(t, []string{"id", "name"}, level.DefaultProjections)
	assert.Equal(t, attribute(t, s, "Context", "name").Slot, attribute(t, s, "Level", "name").Slot)
}

func TestAPropertyOfAnUnknownKindStays(t *testing.T) {
	s := parse(t, studioSchemas)
	for _, name := range []string{"mood", "bare"} {
		assert.Equal(t, schema.Unknown, attribute(t, s, "Level", name).Kind, name)
	}
	assert.Equal(t, "unknown", schema.Unknown.String())
	assert.Equal(t, "unknown", schema.Kind(99).String())
}

func TestABadSchemaIsNamedInTheError(t *testing.T) {
	for _, c := range []struct{ text, schema, property string }{
		{`{}`, "", ""},
		{`"x"`, "", ""},
		{`[1]`, "", ""},
		{`[{"properties":{}}]`, "", ""},
		{`[{"id":7,"properties":{}}]`, "", ""},
		{`[{"id":"Task"}]`, "Task", ""},
		{`[{"id":"Task","properties":[]}]`, "Task", ""},
		{`[{"id":"Task","properties":{"name":"string"}}]`, "Task", "name"},
		{`[{"id":"Task","properties":{"id":{}},"primary_key":["uid"]}]`, "Task", "uid"},
		{`[{"id":"Task","properties":{}},{"id":"Task","properties":{}}]`, "Task", ""},
	} {
		_, err := schema.Parse([]byte(c.text))
		var wrong *schema.Error
		require.ErrorAs(t, err, &wrong, c.text)
		assert.Equal(t, []string{c.schema, c.property}, []string{wrong.Schema, wrong.Property}, c.text)
		assert.NotEmpty(t, wrong.Reason, c.text)
		assert.Contains(t, err.Error(), strings.TrimSuffix(c.schema+"."+c.property, "."), c.text)
	}
	_, err := schema.Parse([]byte(`[{"id":`))
	var syntax *wire.SyntaxError
	assert.ErrorAs(t, err, &syntax)
}

func TestNearestNamesTheTypeThatWasMeant(t *testing.T) {
	for name, want := range map[string]string{
		"task": "Task", "Tusk": "Task", "Taks": "Task", "AssetVerson": "AssetVersion", "assetversion": "AssetVersion",
		"Projcet": "Project", "zzz": "", "": "", "é": "", "Task": "Task",
	} {
		assert.Equal(t, want, serverSchemas().Nearest(name), "%q", name)
	}
	assert.Equal(t, "status", schema.Nearest("statuss", []string{"name", "status", "state"}))
	assert.Empty(t, schema.Nearest("status", nil))
}

func ExampleParse() {
	schemas, err := schema.Parse([]byte(`[
		{"id": "Status", "primary_key": ["id"], "properties": {"id": {"type": "string"}, "name": {"type": "string"}}},
		{"id": "Task", "primary_key": ["id"], "properties": {
			"id": {"type": "string"}, "start_date": {"type": "string", "format": "date-time"},
			"status": {"$ref": "Status"}, "status_id": {"type": "string", "format": "foreign_key"}}}]`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range schemas.Type("Task").Attributes {
		fmt.Printf("%s: %s\n", a.Name, a.Kind)
	}
	status := schemas.Type("Task").Attribute("status")
	fmt.Println(status.Target, status.ForeignKey)
	fmt.Println(schemas.Nearest("Statsu"))
	// Output:
	// id: string
	// start_date: datetime
	// status: reference
	// status_id: string
	// Status status_id
	// Status
}
