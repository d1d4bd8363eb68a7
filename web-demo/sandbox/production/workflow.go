package production

import "slices"

// The ids that the schemas or public clients name.
const (
	defaultPriority = "9661b320-3a0c-11e2-81c1-0800200c9a66"
	notStarted      = "014a40a6-4e65-11e1-b8af-f23c91df25eb"
	notStartedState = "6c59abf8-4dbf-11e1-9902-f23c91df25eb"
)

// workflow makes what projects are organised by.
func (b *builder) workflow() {
	states := map[string]string{"NOT_STARTED": notStartedState}
	for _, state := range [][2]string{{"NOT_STARTED", "Not Started"}, {"IN_PROGRESS", "In Progress"}, {"DONE", "Done"}, {"BLOCKED", "Blocked"}} {
		if states[state[0]] == "" {
			states[state[0]] = ID("State/" + state[0])
		}
		b.add("State", "id", states[state[0]], "short", state[0], "name", state[1])
	}
	for i, status := range [][3]string{{"Not started", "NOT_STARTED", "#FFFFFF"}, {"Ready to start", "NOT_STARTED", "#CFCFCF"}, {"In progress", "IN_PROGRESS", "#3498DB"},
		{"Pending Review", "IN_PROGRESS", "#F1C40F"}, {"Client approved", "DONE", "#1ABC9C"}, {"Approved", "DONE", "#2ECC71"}, {"Revise", "IN_PROGRESS", "#E67E22"},
		{"On Hold", "BLOCKED", "#E74C3C"}, {"Omitted", "BLOCKED", "#7F8C8D"}} {
		id := ID("Status/" + status[0])
		if i == 0 {
			id = notStarted
		}
		b.add("Status", "id", id, "name", status[0], "state", states[status[1]], "color", status[2], "sort", i, "is_active", status[0] != "Omitted")
		b.statuses = append(b.statuses, id)
	}
	for i, name := range []string{"Generic", "Modeling", "Rigging", "Texture", "Lookdev", "Layout", "Animation", "FX", "Lighting", "Compositing", "Rotoscoping", "Editing", "Production"} {
		b.types = append(b.types, b.add("Type", "id", ID("Type/"+name), "name", name, "sort", i, "color", []string{"#1ABC9C", "#9B59B6", "#E67E22"}[i%3], "is_billable", name != "Production"))
	}
	for i, name := range []string{"Character", "Prop", "Environment"} {
		b.buildTypes = append(b.buildTypes, b.add("Type", "id", ID("Type/"+name), "name", name, "sort", len(b.types)+i, "color", "#34495E", "is_billable", true))
	}
	for i, name := range []string{"None", "Low", "Medium", "High", "Urgent"} {
		id := ID("Priority/" + name)
		if i == 0 {
			id = defaultPriority
		}
		b.priorities = append(b.priorities, b.add("Priority", "id", id, "name", name, "sort", i, "value", float64(i), "color", []string{"#EEEEEE", "#2ECC71", "#F1C40F", "#E67E22", "#E74C3C"}[i]))
	}
	b.objectTypes = map[string]string{}
	for _, t := range b.store.Schemas().Types() {
		id := t.Alias.Classifiers["object_typeid"]
		if id == "" || !t.IsA("TypedContext") {
			continue
		}
		task := t.Name == "Task"
		b.objectTypes[t.Name] = b.add("ObjectType", "id", id, "name", spaced(t.Name), "sort", len(b.objectTypes), "icon", "default", "is_leaf", task,
			"is_schedulable", task || t.Name == "Milestone", "is_statusable", t.Name != "Folder", "is_taskable", !task, "is_time_reportable", task, "is_typeable", task)
	}
	for i, name := range []string{"Upload", "Geometry", "Animation", "Render", "Comp", "Image Sequence"} {
		b.add("AssetType", "id", ID("AssetType/"+name), "name", name, "short", []string{"upload", "geo", "anim", "render", "comp", "img"}[i], "component", "main")
	}
	for _, location := range [][2]string{{"ce9b348f-8809-11e3-821c-20c9d081909b", "ftrack.origin"}, {"cb268ecc-8809-11e3-a7e2-20c9d081909b", "ftrack.unmanaged"},
		{"cd41be70-8809-11e3-b98a-20c9d081909b", "ftrack.review"}, {"07b82a97-8cf9-11e3-9383-20c9d081909b", "ftrack.connect"}, {"3a372bde-05bc-11e4-8908-20c9d081909b", "ftrack.server"}} {
		b.add("Location", "id", location[0], "name", location[1], "label", location[1])
	}
	b.add("NoteLabel", "id", ID("NoteLabel/Client"), "name", "Client feedback", "color", "#E74C3C", "sort", 0)
	b.add("NoteLabel", "id", ID("NoteLabel/Internal"), "name", "Internal", "color", "#3498DB", "sort", 1)
	b.add("NoteCategory", "id", ID("NoteLabel/Internal"), "name", "Internal", "color", "#3498DB", "sort", 1)
	b.add("ListCategory", "id", ID("ListCategory/Dailies"), "name", "Dailies")
	b.add("ManagerType", "id", ID("ManagerType/Supervisor"), "name", "Supervisor")
	b.add("Scope", "id", ID("Scope/Outsourced"), "name", "Outsourced")
	b.add("Scope", "id", ID("Scope/Trailer"), "name", "Trailer")
	b.projectSchema()
}

// projectSchema makes the one project schema: which types, statuses and objects a project has.
func (b *builder) projectSchema() {
	workflow := b.add("WorkflowSchema", "id", ID("WorkflowSchema/Task"), "name", "Task workflow")
	for _, status := range b.statuses {
		b.add("WorkflowSchemaStatus", "workflow_schema_id", workflow, "status_id", status)
	}
	types := b.add("TaskTypeSchema", "id", ID("TaskTypeSchema/All"), "name", "All types")
	for _, typ := range b.types {
		b.add("TaskTypeSchemaType", "task_type_schema_id", types, "type_id", typ)
	}
	schema := b.add("ProjectSchema", "id", ID("ProjectSchema/VFX"), "name", "VFX Scheme", "task_workflow_schema_id", workflow,
		"asset_version_workflow_schema_id", workflow, "task_type_schema_id", types)
	names := make([]string, 0, len(b.objectTypes))
	for name := range b.objectTypes {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b.add("ProjectSchemaObjectType", "project_schema_id", schema, "object_type_id", b.objectTypes[name])
		if name == "Task" || name == "Folder" {
			continue
		}
		own := b.add("Schema", "id", ID("Schema/"+name), "project_schema_id", schema, "type_id", b.objectTypes[name], "object_type_id", b.objectTypes[name])
		for i, status := range b.statuses {
			b.add("SchemaStatus", "schema_id", own, "status_id", status, "sort", i)
		}
		if name != "AssetBuild" {
			continue
		}
		for i, typ := range b.buildTypes {
			b.add("SchemaType", "schema_id", own, "type_id", typ, "sort", i)
		}
	}
}

// spaced parts the words of a type's name: AssetBuild is the object type "Asset Build".
func spaced(name string) string {
	var out []byte
	for i := range len(name) {
		if i > 0 && name[i] >= 'A' && name[i] <= 'Z' {
			out = append(out, ' ')
		}
		out = append(out, name[i])
	}
	return string(out)
}
