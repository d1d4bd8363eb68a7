package store

import (
	"slices"
	"strconv"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// computed tells which scalar attributes follow from others.
func computed(t *schema.EntityType, a *schema.Attribute) bool {
	switch a.Name {
	case "link", "_link":
		return true
	case "time_logged", "bid_time_logged_difference", "is_latest_version", "thumbnail_url":
		return true
	case "url":
		return a.Kind == schema.Object
	}
	return false
}

func (s *Store) computedValue(e eval.Entity, a *schema.Attribute) eval.Value {
	switch a.Name {
	case "link", "_link":
		return eval.JSON(string(s.appendLink(nil, e)))
	case "time_logged":
		return eval.Float(s.timeLogged(e))
	case "bid_time_logged_difference":
		return eval.Float(s.Named(e, "bid").Float() - s.timeLogged(e))
	case "is_latest_version":
		asset := s.Named(e, "asset").Entity()
		return eval.Bool(asset == 0 || s.latestVersion(asset) == e)
	case "thumbnail_url":
		if id := s.Named(e, "thumbnail_id"); !id.IsNull() {
			return object("/component/thumbnail?id=" + id.Text())
		}
	case "url":
		if id := s.Named(e, "component_id"); !id.IsNull() {
			return object("/component/get?id=" + id.Text())
		}
	}
	return eval.Value{}
}

func object(path string) eval.Value {
	return eval.JSON(string(append(wire.AppendText([]byte(`{"value":`), path), '}')))
}

func (s *Store) timeLogged(e eval.Entity) float64 {
	total := 0.0
	for _, log := range s.Members(e, "timelogs") {
		total += s.Named(log, "duration").Float()
	}
	return total
}

// path is the way from the project (or the top group) down to the entity, itself included. A loop ends it.
func (s *Store) path(e eval.Entity) []eval.Entity {
	var path []eval.Entity
	for ; e != 0 && !slices.Contains(path, e); e = s.Named(e, "parent").Entity() {
		path = append(path, e)
	}
	slices.Reverse(path)
	return path
}

// appendLink writes the link of a context, group, or version: id, name and base type of all on the way to it.
func (s *Store) appendLink(out []byte, e eval.Entity) []byte {
	path := s.path(e)
	if s.rows[e].typ.Name == "AssetVersion" {
		path = append(s.path(s.Named(s.Named(e, "asset").Entity(), "parent").Entity()), e)
	}
	out = append(out, '[')
	for i, at := range path {
		if i > 0 {
			out = append(out, ',')
		}
		base, name := s.rows[at].typ.Name, s.Named(at, "name").Text()
		switch {
		case s.rows[at].typ.IsA("TypedContext"):
			base = "TypedContext"
		case base == "AssetVersion":
			name = s.Named(s.Named(at, "asset").Entity(), "name").Text() + " v" + strconv.FormatInt(s.Named(at, "version").Int(), 10)
		}
		out = append(wire.AppendText(append(out, `{"id":`...), s.ID(at)), `,"name":`...)
		out = append(wire.AppendText(out, name), `,"type":"`...)
		out = append(append(out, base...), `"}`...)
	}
	return append(out, ']')
}

func (s *Store) latestVersion(asset eval.Entity) eval.Entity {
	latest, number := eval.Entity(0), int64(0)
	for _, version := range s.Members(asset, "versions") {
		if n := s.Named(version, "version").Int(); latest == 0 || n > number {
			latest, number = version, n
		}
	}
	return latest
}

func (s *Store) computedReference(e eval.Entity, a *schema.Attribute) eval.Entity {
	switch a.Name {
	case "latest_version":
		return s.latestVersion(e)
	case "setting":
		return s.Find(s.schemas.Type("Setting"), s.Named(e, "name").Text(), s.Named(e, "group").Text())
	}
	return 0
}

func (s *Store) computedList(e eval.Entity, a *schema.Attribute) []eval.Entity {
	switch {
	case a.Kind == schema.CustomAttributes:
		return s.customAttributes(e)
	case a.Name == "ancestors":
		var above []eval.Entity
		for _, at := range s.path(e) {
			if at != e && s.rows[at].typ.IsA("TypedContext") {
				above = append(above, at)
			}
		}
		return above
	case a.Name == "descendants":
		return s.Descendants(e)
	}
	return nil
}

// Descendants are all contexts below one, parents before their children.
func (s *Store) Descendants(e eval.Entity) []eval.Entity {
	context := s.schemas.Type("Context")
	if context == nil || s.TypeOf(e) == nil || !s.TypeOf(e).IsA("Context") {
		return nil
	}
	children := s.links[context.Family][context.Attribute("parent_id").Slot]
	below := slices.Clone(children[eval.Fold(s.ID(e))])
	for i := 0; i < len(below); i++ {
		if below[i] != e {
			below = append(below, children[eval.Fold(s.ID(below[i]))]...)
		}
	}
	return below
}

func (s *Store) lookupComputed(t *schema.EntityType, a *schema.Attribute, e eval.Entity) ([]eval.Entity, bool) {
	switch {
	case a.Kind == schema.CustomAttributes && isVirtual(e):
		_, owner := split(e)
		return s.ofType(t, []eval.Entity{owner}), true
	case a.Name == "ancestors":
		return s.ofType(t, s.Descendants(e)), true
	case a.Name == "descendants":
		path := s.path(e)
		return s.ofType(t, path[:max(len(path)-1, 0)]), true
	case a.Name == "latest_version":
		if asset := s.Named(e, "asset").Entity(); asset != 0 {
			return []eval.Entity{asset}, true
		}
		return nil, true
	}
	return nil, false
}
