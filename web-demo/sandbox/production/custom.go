package production

import (
	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
)

// customAttributes makes the configurations: plain ones, hierarchical ones, and fps, which is both.
func (b *builder) customAttributes() {
	types := map[string]string{}
	for _, name := range []string{"text", "boolean", "date", "enumerator", "number", "dynamic enumerator", "expression"} {
		types[name] = b.add("CustomAttributeType", "id", ID("CustomAttributeType/"+name), "name", name, "core", true)
	}
	group := b.add("CustomAttributeGroup", "id", ID("CustomAttributeGroup/Pipeline"), "name", "Pipeline")
	b.attributes = map[string]string{}
	for i, c := range []struct {
		name, key, entity, object, typ, config string
		hierarchical                           bool
		unset                                  any
	}{
		{"fps", "fps", "show", "", "number", `{"isdecimal": true}`, true, 24.0},
		{"resolution", "resolution", "show", "", "text", `{"markdown": false}`, true, "1920x1080"},
		{"frameStart", "frameStart", "task", "Shot", "number", `{"isdecimal": false}`, false, 1001.0},
		{"frameEnd", "frameEnd", "task", "Shot", "number", `{"isdecimal": false}`, false, 1100.0},
		{"plain fps", "fps", "task", "Shot", "number", `{"isdecimal": true}`, false, 25.0},
		{"delivery", "delivery", "task", "Task", "date", `{}`, false, nil},
		{"bidding", "bidding", "task", "Task", "enumerator", `{"multiSelect": false, "data": "[{\"menu\": \"Easy\", \"value\": \"easy\"}, {\"menu\": \"Hard\", \"value\": \"hard\"}]"}`, false, eval.JSON(`["easy"]`)},
		{"colourspace", "colourspace", "assetversion", "", "text", `{}`, false, "ACEScg"},
		{"desk", "desk", "user", "", "text", `{}`, false, ""},
		{"client", "client", "show", "", "text", `{}`, false, nil},
		{"delivered", "delivered", "list", "", "boolean", `{}`, false, false},
		{"licence", "licence", "asset", "", "text", `{}`, false, "in-house"},
	} {
		b.attributes[c.name] = b.add("CustomAttributeConfiguration", "id", ID("CustomAttributeConfiguration/"+c.name), "key", c.key, "label", c.name,
			"entity_type", c.entity, "object_type_id", b.objectTypes[c.object], "type_id", types[c.typ], "config", c.config, "group_id", group,
			"is_hierarchical", c.hierarchical, "default", variable(c.unset), "core", false, "sort", i)
	}
}

// vendor makes an attribute that the tasks of one project have.
func (b *builder) vendor(project string) {
	b.attributes["vendor"] = b.add("CustomAttributeConfiguration", "id", ID("CustomAttributeConfiguration/vendor"), "key", "vendor", "label", "vendor",
		"entity_type", "task", "object_type_id", b.objectTypes["Task"], "project_id", project, "type_id", ID("CustomAttributeType/text"), "config", "{}",
		"group_id", ID("CustomAttributeGroup/Pipeline"), "is_hierarchical", false, "default", eval.Text("in-house"), "core", false, "sort", len(b.attributes))
}

// supervised links a shot with a user: both views of the link.
func (b *builder) supervised(shot, user string) {
	id := ID("supervisor/" + shot)
	if b.supervisor == "" {
		b.supervisor = b.add("CustomAttributeLinkConfiguration", "id", ID("CustomAttributeLinkConfiguration/supervisor"), "key", "supervisor", "label", "Supervisor", "entity_type", "task",
			"object_type_id", b.objectTypes["Shot"], "entity_type_to", "user", "one_to_one", true, "core", false, "config", "{}", "sort", 100)
	}
	b.add("UserCustomAttributeLink", "id", id, "configuration_id", b.supervisor, "from_id", shot, "to_id", user)
	b.add("ContextCustomAttributeLinkFrom", "id", id, "configuration_id", b.supervisor, "from_id", shot, "to_id", user)
}

// variable is a value of a custom attribute: an empty text stays one.
func variable(v any) eval.Value {
	if text, ok := v.(string); ok {
		return eval.Text(text)
	}
	return value(v)
}

// set sets a custom attribute of an entity.
func (b *builder) set(attribute, entity string, v any) {
	b.add("CustomAttributeValue", "configuration_id", b.attributes[attribute], "entity_id", entity, "value", variable(v))
}
