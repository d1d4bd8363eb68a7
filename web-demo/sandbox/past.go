package sandbox

import (
	"strconv"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/store"
)

// past reads entities as they are, and those that a batch removed as they were.
type past struct {
	store   *store.Store
	removed map[eval.Entity]store.Change
	gone    map[string]eval.Entity // by family and id
	parents map[eval.Entity]eval.Entity
}

func (r *request) past(changes []store.Change) *past {
	p := &past{r.store, map[eval.Entity]store.Change{}, map[string]eval.Entity{}, map[eval.Entity]eval.Entity{}}
	for _, c := range changes {
		if c.Kind == store.Removed {
			p.removed[c.Entity] = c
			p.gone[goneName(c.Type, p.id(c.Entity))] = c.Entity
		}
	}
	return p
}

func goneName(t *schema.EntityType, id string) string {
	return strconv.Itoa(int(t.Family)) + " " + eval.Fold(id)
}

func (p *past) typeOf(e eval.Entity) *schema.EntityType {
	if c, ok := p.removed[e]; ok {
		return c.Type
	}
	return p.store.TypeOf(e)
}

// column is what an entity holds, or held, in an attribute's column.
func (p *past) column(e eval.Entity, t *schema.EntityType, a *schema.Attribute) eval.Value {
	if a == nil {
		return eval.Value{}
	}
	if c, ok := p.removed[e]; ok {
		return p.store.Was(c, a)
	}
	return p.store.Column(e, a)
}

func (p *past) named(e eval.Entity, name string) eval.Value {
	t := p.typeOf(e)
	if t == nil {
		return eval.Value{}
	}
	return p.column(e, t, t.Attribute(name))
}

// key are the parts of an entity's key.
func (p *past) key(e eval.Entity) []string {
	t := p.typeOf(e)
	if t == nil {
		return nil
	}
	key := make([]string, len(t.PrimaryKey))
	for i, name := range t.PrimaryKey {
		key[i] = eventText(p.named(e, name))
	}
	return key
}

func (p *past) id(e eval.Entity) string {
	if key := p.key(e); len(key) > 0 {
		return key[0]
	}
	return ""
}

// find is the entity of a type with an id, 0 when there never was one.
func (p *past) find(typ, id string) eval.Entity {
	t := p.store.Schemas().Type(typ)
	if t == nil || id == "" {
		return 0
	}
	if e := p.store.Find(t, id); e != 0 {
		return e
	}
	if e := p.gone[goneName(t, id)]; e != 0 && p.typeOf(e).IsA(typ) {
		return e
	}
	return 0
}

// anybody is the entity with an id, whatever its type; of those that notes and metadata hang on.
func (p *past) anybody(id string) eval.Entity {
	for _, t := range p.store.Schemas().Types() {
		if t.Base == nil && (t.Attribute("metadata") != nil || t.Attribute("custom_attributes") != nil || t.Name == "Context" || t.Name == "ReviewSessionObject") {
			if e := p.find(t.Name, id); e != 0 {
				return e
			}
		}
	}
	return 0
}

// owners are the columns that say what an entity is part of, the nearest first.
var owners = []string{"parent_id", "version_id", "asset_id", "list_id", "note_id", "context_id", "component_id", "job_id", "review_session_id", "from_id", "project_id"}

// above is what an entity is part of; 0 for a project, and for what is part of nothing.
func (p *past) above(e eval.Entity) eval.Entity {
	parent, known := p.parents[e]
	if !known {
		parent = p.findAbove(e)
		p.parents[e] = parent
	}
	return parent
}

func (p *past) findAbove(e eval.Entity) eval.Entity {
	t := p.typeOf(e)
	if t == nil || t.Name == "Project" {
		return 0
	}
	for _, name := range owners {
		column := t.Attribute(name)
		if column == nil {
			continue
		}
		id := p.column(e, t, column).Text()
		if id == "" {
			continue
		}
		reference := t.Attribute(column.ReferenceName)
		if reference == nil {
			if found := p.anybody(id); found != 0 {
				return found
			}
			continue
		}
		if target := p.store.Target(t, reference); target != nil {
			if found := p.find(target.Name, id); found != 0 {
				return found
			}
		}
	}
	return 0
}

// path is an entity and all that it is part of, the entity itself first. A loop ends it.
func (p *past) path(e eval.Entity) []eval.Entity {
	var path []eval.Entity
	seen := map[eval.Entity]bool{}
	for ; e != 0 && !seen[e]; e = p.above(e) {
		seen[e] = true
		path = append(path, e)
	}
	return path
}
