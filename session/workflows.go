package session

import (
	"context"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
)

var (
	statusValues = []string{"id", "name", "color", "sort", "is_active"}
	typeValues   = []string{"id", "name", "color", "sort", "is_billable"}
)

// Statuses are those that a project schema has for an entity type; for tasks of a type, whose id is given, an override comes before the general
// ones.
func (s *Session) Statuses(ctx context.Context, projectSchema *Entity, entityType, typeID string) ([]*Entity, error) {
	switch entityType {
	case "AssetVersion":
		return s.workflowMembers(ctx, projectSchema, "_version_workflow", "statuses", statusValues)
	case "Task":
	default:
		return s.schemaMembers(ctx, projectSchema, entityType, "SchemaStatus", "task_status", statusValues)
	}
	if typeID != "" {
		paths := append([]string{"_overrides.type_id"}, pathsBelow("_overrides.workflow_schema.statuses", statusValues)...)
		if err := s.Populate(ctx, []*Entity{projectSchema}, paths...); err != nil {
			return nil, err
		}
		for _, override := range listed(projectSchema, "_overrides") {
			if override.Text("type_id") == typeID {
				return listed(override.Reference("workflow_schema"), "statuses"), nil
			}
		}
	}
	return s.workflowMembers(ctx, projectSchema, "_task_workflow", "statuses", statusValues)
}

// Types are those that a project schema has for an entity type.
func (s *Session) Types(ctx context.Context, projectSchema *Entity, entityType string) ([]*Entity, error) {
	if entityType == "Task" {
		return s.workflowMembers(ctx, projectSchema, "_task_type_schema", "types", typeValues)
	}
	return s.schemaMembers(ctx, projectSchema, entityType, "SchemaType", "task_type", typeValues)
}

func (s *Session) workflowMembers(ctx context.Context, e *Entity, reference, list string, values []string) ([]*Entity, error) {
	if err := s.Populate(ctx, []*Entity{e}, pathsBelow(reference+"."+list, values)...); err != nil {
		return nil, err
	}
	return listed(e.Reference(reference), list), nil
}

// schemaMembers are what rows between a schema of an object type and its statuses or types name.
func (s *Session) schemaMembers(ctx context.Context, projectSchema *Entity, entityType, rowType, member string, values []string) ([]*Entity, error) {
	t, err := s.entityType(entityType)
	if err != nil {
		return nil, err
	}
	a := t.Attribute("object_type_id")
	if a == nil || !a.HasDefault {
		return nil, &ArgumentError{"a project schema says nothing of " + entityType}
	}
	if err := s.Populate(ctx, []*Entity{projectSchema}, "_schemas.type_id"); err != nil {
		return nil, err
	}
	for _, own := range listed(projectSchema, "_schemas") {
		if strconvQuote(own.Text("type_id")) != a.Default {
			continue
		}
		q, err := s.Query("select " + strings.Join(pathsBelow(member, values), ", ") + " from " + rowType + " where schema_id is " + query.Text(own.key()))
		if err != nil {
			return nil, err
		}
		rows, err := q.All(ctx)
		if err != nil {
			return nil, err
		}
		var found []*Entity
		for _, row := range rows {
			if e := row.Reference(member); e != nil {
				found = append(found, e)
			}
		}
		return found, nil
	}
	return nil, &ArgumentError{"the project schema says nothing of " + entityType}
}

func listed(e *Entity, name string) []*Entity {
	if e == nil {
		return nil
	}
	v, _ := e.Value(name)
	list, _ := v.([]*Entity)
	return list
}

func pathsBelow(path string, names []string) []string {
	paths := make([]string, len(names))
	for i, name := range names {
		paths[i] = path + "." + name
	}
	return paths
}
