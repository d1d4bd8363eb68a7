package store

import (
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// way is how a relation is followed.
type way uint8

const (
	wayNone     way = iota
	wayKey          // a reference: the key stands in a column of the owner, its own where there is no foreign key
	wayMembers      // a collection: the owner's key stands in a column of the members
	wayThrough      // a collection: link rows hold the owner's key and the member's
	wayList         // a collection that is kept with the owner
	wayComputed     // follows from the tree or from other rows
)

// inverse is how one relation is followed.
type inverse struct {
	way    way
	target *schema.EntityType
	column int32              // slot of the key: the owner's (wayKey), the members' or the link rows' (near side)
	link   *schema.EntityType // wayMembers: the members' type; wayThrough: the type of the link rows
	far    int32              // wayThrough: slot of the member's key
	only   string             // appointments: their type
}

// keyColumns are references whose key the schemas do not pair with them.
var keyColumns = map[string]string{
	"ReviewSessionObjectStatus.invitee": "review_session_invitee_id", "Recipient.user": "resource_id",
	"ProjectSchema._task_type_schema": "task_type_schema_id", "ProjectSchema._task_workflow": "task_workflow_schema_id",
	"ProjectSchema._version_workflow": "asset_version_workflow_schema_id",
}

// memberColumns are collections whose other side cannot be told from the target of a reference: the attribute of the members.
var memberColumns = map[string]string{
	"incoming_links": "to_id", "outgoing_links": "from_id", "notes": "parent_id", "metadata": "parent_id", "status_changes": "parent_id",
	"settings": "parent_id", "children": "parent_id", "replies": "in_reply_to_id", "members": "container_id",
	"_overrides": "project_schema_id", "task_workflow_schema_overrides": "project_schema_id", "overrides": "workflow_schema_id",
	"_schemas": "project_schema_id", "object_type_schemas": "project_schema_id", "feeds": "social_id",
	"Schema.statuses": "schema_id", "Schema.types": "schema_id", "custom_attribute_links": "from_id", "custom_attribute_links_from": "to_id",
	"items": "template_id", "components": "version_id", "values": "configuration_id",
}

// linkRows are collections of many to many: the type of the link rows, the owner's side, the member's side.
var linkRows = map[string][3]string{
	"lists": {"ListObject", "entity_id", "list_id"}, "TypedContextList.items": {"ListObject", "list_id", "entity_id"},
	"AssetVersionList.items": {"ListObject", "list_id", "entity_id"}, "uses_versions": {"AssetVersionLink", "to_id", "from_id"},
	"used_in_versions": {"AssetVersionLink", "from_id", "to_id"}, "task_type_schemas": {"TaskTypeSchemaType", "type_id", "task_type_schema_id"},
	"TaskTypeSchema.types": {"TaskTypeSchemaType", "task_type_schema_id", "type_id"}, "WorkflowSchema.statuses": {"WorkflowSchemaStatus", "workflow_schema_id", "status_id"},
	"project_schemas": {"ProjectSchemaObjectType", "object_type_id", "project_schema_id"}, "ProjectSchema.object_types": {"ProjectSchemaObjectType", "project_schema_id", "object_type_id"},
}

func findInverse(schemas *schema.Schemas, t *schema.EntityType, a *schema.Attribute) inverse {
	target := schemas.Type(a.Target)
	if target == nil {
		return inverse{}
	}
	if a.Name == "container" && target.Root != nil {
		target = target.Root // sequences contain components as containers do
	}
	qualified := t.Name + "." + a.Name
	if a.Kind == schema.Reference {
		key := a.ForeignKey
		switch {
		case key != "":
		case keyColumns[qualified] != "":
			key = keyColumns[qualified]
		case strings.HasSuffix(t.Name, "CustomAttributeLinkFrom"):
			key = "from_id"
		case strings.HasSuffix(t.Name, "CustomAttributeLink"):
			key = "to_id"
		}
		if column := t.Attribute(key); column != nil {
			return inverse{way: wayKey, target: target, column: column.Slot}
		}
		if a.Name == "latest_version" || a.Name == "setting" {
			return inverse{way: wayComputed, target: target}
		}
		return inverse{way: wayKey, target: target, column: a.Slot}
	}
	if a.Kind == schema.CustomAttributes || a.Name == "ancestors" || a.Name == "descendants" {
		return inverse{way: wayComputed, target: target}
	}
	for _, name := range []string{qualified, a.Name} {
		if rows, ok := linkRows[name]; ok {
			link := schemas.Type(rows[0])
			if a.Name == "lists" && t.Name == "ListCategory" || link == nil {
				continue
			}
			return inverse{way: wayThrough, target: listTarget(schemas, target, a), link: link,
				column: link.Attribute(rows[1]).Slot, far: link.Attribute(rows[2]).Slot}
		}
	}
	for _, name := range []string{qualified, a.Name} {
		if column := target.Attribute(memberColumns[name]); column != nil {
			return inverse{way: wayMembers, target: target, link: target, column: column.Slot}
		}
	}
	return byReference(target, t, a)
}

// listTarget widens what the schemas say: lists of tasks hold any typed context.
func listTarget(schemas *schema.Schemas, target *schema.EntityType, a *schema.Attribute) *schema.EntityType {
	if a.Name == "items" && target.Name == "Task" {
		return schemas.Type("TypedContext")
	}
	return target
}

// byReference finds the other side of a collection: the members' reference to the owner's type, the nearest one if several fit.
func byReference(target, t *schema.EntityType, a *schema.Attribute) inverse {
	for owner := t; owner != nil; owner = owner.Base {
		for _, back := range target.Attributes {
			if back.Kind != schema.Reference || back.Target != owner.Name {
				continue
			}
			key := back.ForeignKey
			if key == "" {
				key = keyColumns[target.Name+"."+back.Name]
			}
			column := target.Attribute(key)
			if column == nil {
				column = back
			}
			if back.Name == "created_by" || back.Name == "latest_version" {
				continue
			}
			found := inverse{way: wayMembers, target: target, link: target, column: column.Slot}
			if target.Name == "Appointment" && a.Name != "appointments" {
				found.only = strings.TrimSuffix(a.Name, "s")
			}
			return found
		}
	}
	return inverse{way: wayList, target: target}
}
