package session

import (
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// liveUses says what the rows of a query depend on.
type liveUses struct {
	own      map[string]bool                        // attributes of the rows that criteria and order read, with foreign keys and references of the same
	beyond   map[*schema.EntityType]map[string]bool // attributes of entities that paths of criteria and order lead to, by the type that is declared
	members  []*schema.EntityType                   // types whose entities stand in collections that criteria read
	linked   bool                                   // such collections may hold what connections bring
	computed bool                                   // something is read that the server works out from other entities
	custom   bool                                   // custom attributes are read
	shown    map[*schema.EntityType]bool            // types of entities that the projections lead to
}

func usesOf(schemas *schema.Schemas, t *schema.EntityType, q *query.Query) *liveUses {
	u := &liveUses{own: map[string]bool{}, beyond: map[*schema.EntityType]map[string]bool{}, shown: map[*schema.EntityType]bool{}}
	u.criterion(schemas, t, nil, q.Where)
	for _, order := range q.OrderBy {
		u.path(schemas, t, order.Path)
	}
	for _, path := range q.GroupBy {
		u.path(schemas, t, path)
	}
	for _, p := range q.Projections {
		at := t
		for i := 0; i < len(p.Path) && at != nil; i++ {
			a := named(at, p.Path[i].Name)
			if a == nil {
				break
			}
			if at = schemas.Type(target(a, p.Path[i].Cast)); at != nil {
				u.shown[at] = true
			}
		}
		if p.Function != "" {
			u.path(schemas, t, p.Path)
		}
	}
	return u
}

func target(a *schema.Attribute, cast string) string {
	if cast != "" {
		return cast
	}
	return a.Target
}

// criterion follows all paths of a criterion on what a path leads to.
func (u *liveUses) criterion(schemas *schema.Schemas, t *schema.EntityType, at query.Path, c query.Criterion) {
	join := func(path query.Path) query.Path { return append(at[:len(at):len(at)], path...) }
	switch c := c.(type) {
	case *query.And:
		for _, term := range c.Terms {
			u.criterion(schemas, t, at, term)
		}
	case *query.Or:
		for _, term := range c.Terms {
			u.criterion(schemas, t, at, term)
		}
	case *query.Not:
		u.criterion(schemas, t, at, c.Term)
	case *query.Comparison:
		u.path(schemas, t, join(c.Path))
	case *query.Membership:
		u.path(schemas, t, join(c.Path))
		if c.Query != nil {
			u.subquery(schemas, c.Query)
		}
	case *query.Relation:
		u.path(schemas, t, join(c.Path))
		u.criterion(schemas, t, join(c.Path), c.Body)
	}
}

func (u *liveUses) path(schemas *schema.Schemas, t *schema.EntityType, path query.Path) {
	for i, segment := range path {
		if t == nil {
			u.computed = true // it cannot be told
			return
		}
		a := named(t, segment.Name)
		if a == nil {
			u.computed = true
			return
		}
		for _, name := range []string{a.Name, a.ForeignKey, a.ReferenceName} {
			switch {
			case name == "":
			case i > 0:
				u.reads(t, name)
			default:
				u.own[name] = true
			}
		}
		switch {
		case a.Kind == schema.CustomAttributes:
			u.custom = true
		case a.Computed || slices.Contains(workedOut, a.Name):
			u.derived(schemas, t, a)
		}
		next := schemas.Type(target(a, segment.Cast))
		if a.IsMany() && next != nil {
			u.members = append(u.members, next)
			u.linked = true
		}
		t = next
	}
}

// workedOut are attributes that the server works out though their schemas do not say so.
var workedOut = []string{"link", "_link", "is_latest_version"}

// derived notes what an attribute follows from that the server works out.
func (u *liveUses) derived(schemas *schema.Schemas, t *schema.EntityType, a *schema.Attribute) {
	from := func(typeName string, names ...string) {
		member := schemas.Type(typeName)
		if member == nil {
			u.computed = true
			return
		}
		u.members = append(u.members, member)
		u.reads(member, names...)
	}
	switch a.Name {
	case "link", "_link":
		from("Context", "name", "parent_id")
		from("Asset", "context_id")
	case "time_logged", "bid_time_logged_difference":
		from("Timelog", "duration", "context_id")
		u.own["bid"] = true
	case "is_latest_version", "latest_version":
		from("AssetVersion", "version", "asset_id")
	case "thumbnail_url":
		u.own["thumbnail_id"] = true
	default:
		u.computed = true
	}
}

// reads notes attributes that are read of entities beyond the rows.
func (u *liveUses) reads(t *schema.EntityType, names ...string) {
	if u.beyond[t] == nil {
		u.beyond[t] = map[string]bool{}
	}
	for _, name := range names {
		u.beyond[t][name] = true
	}
}

// subquery notes what the rows of a query within in (...) depend on.
func (u *liveUses) subquery(schemas *schema.Schemas, q *query.Query) {
	t := schemas.Type(q.EntityType)
	if t == nil {
		u.computed = true
		return
	}
	inner := usesOf(schemas, t, q)
	u.members = append(append(u.members, t), inner.members...)
	u.linked, u.custom, u.computed = u.linked || inner.linked, u.custom || inner.custom, u.computed || inner.computed
	for name := range inner.own {
		u.reads(t, name)
	}
	for beyond, names := range inner.beyond {
		for name := range names {
			u.reads(beyond, name)
		}
	}
	for _, p := range q.Projections {
		u.path(schemas, t, append(query.Path{}, p.Path...))
		if len(p.Path) > 0 {
			u.reads(t, p.Path[0].Name)
		}
	}
}

// concerns reports what a change of an entity of one of some types may do to the rows: nothing, change whether the entity is one of
// them, or anything at all.
func (u *liveUses) concerns(t *schema.EntityType, c *remoteChange, r *schema.EntityType) concern {
	types := c.types
	if r != nil {
		types = []*schema.EntityType{r}
	}
	if u.computed {
		return concernsAll
	}
	result := concernsNothing
	for _, each := range types {
		result = max(result, u.concernOf(t, each, c))
	}
	return result
}

type concern uint8

const (
	concernsNothing concern = iota
	concernsEntity
	concernsAll
)

func (u *liveUses) concernOf(t, each *schema.EntityType, c *remoteChange) concern {
	for _, member := range u.members {
		if (each.IsA(member.Name) || member.IsA(each.Name)) && (c.action != changeUpdate || len(c.changed) == 0 || rehangs(each, c)) {
			return concernsAll
		}
	}
	if u.linked && isLink(each) || u.custom && strings.HasSuffix(each.Name, "CustomAttributeValue") {
		return concernsAll
	}
	for beyond, names := range u.beyond {
		if c.action != changeAdd && (each.IsA(beyond.Name) || beyond.IsA(each.Name)) && (c.action != changeUpdate || touches(each, c, names)) {
			return concernsAll
		}
	}
	unknown := false
	for _, k := range c.changed {
		unknown = unknown || len(attributesOf(each, k.name)) == 0
	}
	if u.custom && unknown {
		return concernsAll // of an entity above, perhaps, that the rows inherit from
	}
	if !each.IsA(t.Name) && !t.IsA(each.Name) {
		return concernsNothing
	}
	if c.action != changeUpdate || len(c.changed) == 0 || touches(each, c, u.own) {
		return concernsEntity
	}
	return concernsNothing
}

// rehangs reports whether a change may put an entity into other collections.
func rehangs(t *schema.EntityType, c *remoteChange) bool {
	for _, k := range c.changed {
		for _, a := range attributesOf(t, k.name) {
			if isID(t, a) || strings.HasSuffix(a.Name, "_id") {
				return true
			}
		}
	}
	return false
}

// touches reports whether a change tells of one of some attributes.
func touches(t *schema.EntityType, c *remoteChange, names map[string]bool) bool {
	for _, k := range c.changed {
		for _, a := range attributesOf(t, k.name) {
			for _, name := range [...]string{a.Name, a.ForeignKey, a.ReferenceName} {
				if name != "" && names[name] {
					return true
				}
			}
		}
	}
	return false
}
