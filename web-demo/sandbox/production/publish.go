package production

import (
	"fmt"
	"time"
)

// asset adds an asset below a context, with one to three versions.
func (p *tree) asset(context, name, typ string) {
	if !p.chance(60) {
		return
	}
	asset := p.add("Asset", "id", ID("asset/"+context), "name", name, "context_id", context, "type_id", ID("AssetType/"+typ))
	for number := range 1 + p.rand.IntN(3) {
		id := ID(fmt.Sprint("version/", context, number))
		thumbnail := ID("component/" + id + "ftrackreview-image")
		p.add("AssetVersion", "id", id, "asset_id", asset, "version", number+1, "comment", pick(p.builder, words), "status_id", pick(p.builder, p.statuses),
			"user_id", pick(p.builder, p.users), "date", p.day.AddDate(0, 0, number), "is_published", true, "thumbnail_id", thumbnail)
		p.component(id, "main", ".exr", 48_000_000+p.rand.IntN(1_000_000), "ftrack.unmanaged")
		p.component(id, "ftrackreview-image", ".jpg", 20_000+p.rand.IntN(9_000), "ftrack.server")
		if typ == "Comp" {
			film := p.component(id, "ftrackreview-webm", ".webm", len(reel), "ftrack.review")
			p.add("Metadata", "parent_id", film, "parent_type", "FileComponent", "key", "ftr_meta", "value", `{"frameIn":0,"frameOut":95,"frameRate":24}`)
		}
		p.thumbnail(context, thumbnail)
		p.versions = append(p.versions, id)
		if p.chance(10) {
			p.note(id, "AssetVersion", p.day)
			p.set("colourspace", id, "sRGB")
		}
	}
	if n := len(p.versions); n > 4 && p.chance(20) {
		p.add("AssetVersionLink", "id", ID("uses/"+asset), "from_id", p.versions[n-4], "to_id", p.versions[n-1])
	}
}

var locations = map[string]string{"ftrack.unmanaged": "cb268ecc-8809-11e3-a7e2-20c9d081909b", "ftrack.server": "3a372bde-05bc-11e4-8908-20c9d081909b",
	"ftrack.review": "cd41be70-8809-11e3-b98a-20c9d081909b"}

// thumbnail gives a context the picture of its newest version.
func (p *tree) thumbnail(context, component string) {
	e := p.store.Find(p.store.Schemas().Type("Context"), context)
	if err := p.store.Set(e, p.store.TypeOf(e).Attribute("thumbnail_id"), value(component)); err != nil {
		p.fail(err)
	}
}

// component adds a component of a version in a location, and gives its id.
func (p *tree) component(version, name, fileType string, size int, location string) string {
	id := ID("component/" + version + name)
	p.add("FileComponent", "id", id, "name", name, "file_type", fileType, "size", size, "system_type", "file", "version_id", version)
	identifier := id
	if location == "ftrack.unmanaged" {
		identifier = `\\server\renders\` + version + `\` + name + ".####" + fileType
	}
	p.add("ComponentLocation", "id", ID("in/"+id), "component_id", id, "location_id", locations[location], "resource_identifier", identifier)
	return id
}

// note adds a note, sometimes with a reply.
func (p *tree) note(parent, parentType string, day time.Time) {
	author, other := pick(p.builder, p.users), pick(p.builder, p.users)
	id := ID("note/" + parent)
	p.add("Note", "id", id, "parent_id", parent, "parent_type", parentType, "content", "Looks good – "+pick(p.builder, words), "user_id", author,
		"date", day, "thread_activity", day, "is_todo", p.chance(30), "category_id", ID("NoteLabel/Internal"))
	p.add("Recipient", "note_id", id, "resource_id", other, "text_mentioned", "")
	p.add("NoteLabelLink", "note_id", id, "label_id", ID("NoteLabel/Internal"))
	if p.chance(40) {
		p.add("Note", "id", ID("reply/"+parent), "parent_id", parent, "parent_type", parentType, "content", "Done ✔", "user_id", other, "date", day.Add(time.Hour),
			"thread_activity", day.Add(time.Hour), "in_reply_to_id", id, "is_todo", false)
	}
}

func (p *tree) timelog(task string, day time.Time) {
	for i := range 1 + p.rand.IntN(2) {
		p.add("Timelog", "id", ID(fmt.Sprint("timelog/", task, i)), "context_id", task, "user_id", pick(p.builder, p.users), "start", day.Add(time.Duration(8+i)*time.Hour),
			"duration", float64(900*(1+p.rand.IntN(16))), "comment", pick(p.builder, words), "name", "", "time_zone_offset", 7200.0)
	}
}

// dailies makes a list of versions and one of contexts.
func (p *tree) dailies() {
	list := p.add("AssetVersionList", "id", ID("list/"+p.project), "name", "Dailies – Monday", "project_id", p.project, "category_id", ID("ListCategory/Dailies"),
		"user_id", p.caller, "is_open", true, "system_type", "assetversion", "date", p.day)
	for _, version := range p.versions[:min(len(p.versions), 20)] {
		p.add("ListObject", "id", ID(list+version), "list_id", list, "entity_id", version)
	}
	shots := p.add("TypedContextList", "id", ID("shots/"+p.project), "name", "Trailer shots", "project_id", p.project, "category_id", ID("ListCategory/Dailies"),
		"user_id", p.caller, "is_open", true, "system_type", "task", "date", p.day)
	taken := 0
	for _, shot := range p.store.Entities(p.store.Schemas().Type("Shot")) {
		if id := p.store.ID(shot); p.store.Named(shot, "project_id").Text() == p.project && taken < 20 {
			p.add("ListObject", "id", ID(shots+id), "list_id", shots, "entity_id", id)
			taken++
		}
	}
}
