//go:build !js

package session

import (
	"context"
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/location"
	"github.com/ftrack-wasm/ftrack-wasm/session/query"
)

// locations are those that the program has configured, by id.
type locations map[string]location.Location

// LocationSettings are what a program says of a location: the server knows only its id and name. What is nil or 0 stays as it was.
type LocationSettings struct {
	Accessor    location.Accessor
	Structure   location.Structure
	Transformer location.Transformer
	Priority    int
}

// ConfigureLocation says how a location is reached, by its id. It stays so, whatever is rolled back or reset. Nothing else
// is reached but the location of a centralised storage scenario: the server's own storage, location.ServerID, has its accessor in the
// package location/server.
func (s *Session) ConfigureLocation(id string, settings LocationSettings) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.locationLocked(id)
	if settings.Accessor != nil {
		l.Accessor = settings.Accessor
	}
	if settings.Structure != nil {
		l.Structure = settings.Structure
	}
	if settings.Transformer != nil {
		l.Transformer = settings.Transformer
	}
	if settings.Priority != 0 {
		l.Priority = settings.Priority
	}
	if l.Structure == nil && (id == location.ServerID || id == location.ReviewID) {
		l.Structure = location.EntityID{}
	}
	if s.locations == nil {
		s.locations = locations{}
	}
	s.locations[id] = l
}

// Location is what is configured of a location; its Accessor is nil where this program cannot reach it. Its name is there as far as it is
// loaded; those of the locations that every server has are known.
func (s *Session) Location(id string) location.Location {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.locationLocked(id)
}

func (s *Session) locationLocked(id string) location.Location {
	l, ok := s.locations[id]
	if !ok {
		l = location.Location{ID: id, Priority: location.PriorityOf(id)}
	}
	if l.Name = location.NameOf(id); l.Name == "" {
		l.Name, _ = s.current(s.store.Read(s.store.Find("Location", id), s.store.Slot("Location", "name"))).text()
	}
	return l
}

// accessible are the locations with an accessor, the preferred ones first.
func (s *Session) accessible() []location.Location {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []location.Location
	for id, l := range s.locations {
		if l.Accessor != nil {
			list = append(list, s.locationLocked(id))
		}
	}
	slices.SortFunc(list, func(a, b location.Location) int {
		if a.Priority != b.Priority {
			return a.Priority - b.Priority
		}
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return list
}

// PickLocation is the preferred location that can be reached and has all of a component; for nil, the preferred one at all. ok is false
// for none. Review media have their own location, which is picked for nothing else.
func (s *Session) PickLocation(ctx context.Context, component *Entity) (picked location.Location, ok bool, err error) {
	if component == nil {
		for _, l := range s.accessible() {
			if l.ID != location.ReviewID {
				return l, true, nil
			}
		}
		return location.Location{}, false, nil
	}
	list, err := s.PickLocations(ctx, []*Entity{component})
	if err != nil || list[0].Accessor == nil {
		return location.Location{}, false, err
	}
	return list[0], true, nil
}

// PickLocations is PickLocation for several components, in few requests; one without a location has the zero Location.
func (s *Session) PickLocations(ctx context.Context, components []*Entity) ([]location.Location, error) {
	availabilities, err := s.ComponentAvailabilities(ctx, components)
	if err != nil {
		return nil, err
	}
	accessible := s.accessible()
	picked := make([]location.Location, len(components))
	for i, availability := range availabilities {
		for _, l := range accessible {
			if availability[l.ID] == 100 {
				picked[i] = l
				break
			}
		}
	}
	return picked, nil
}

// ComponentAvailability is how much of a component each location has, in percent, by the locations' ids; those that have nothing are left out.
func (s *Session) ComponentAvailability(ctx context.Context, component *Entity) (map[string]float64, error) {
	list, err := s.ComponentAvailabilities(ctx, []*Entity{component})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// ComponentAvailabilities is ComponentAvailability for several components, in few requests. What holds others is where these are.
func (s *Session) ComponentAvailabilities(ctx context.Context, components []*Entity) ([]map[string]float64, error) {
	tree, order, err := s.componentTree(ctx, components)
	if err != nil {
		return nil, err
	}
	places, err := s.registrations(ctx, order)
	if err != nil {
		return nil, err
	}
	members := map[string][]string{}
	for _, id := range order {
		if container := tree[id].Text("container_id"); tree[container] != nil {
			members[container] = append(members[container], id)
		}
	}
	known := map[string]map[string]float64{}
	var of func(id string) map[string]float64
	of = func(id string) map[string]float64 {
		if shares, ok := known[id]; ok {
			return shares
		}
		shares := map[string]float64{}
		known[id] = shares
		below := members[id]
		if below == nil {
			for _, p := range places {
				if p.Text("component_id") == id {
					shares[p.Text("location_id")] = 100
				}
			}
			return shares
		}
		full := map[string]int{}
		for _, member := range below {
			for l, share := range of(member) {
				shares[l] += share / float64(len(below))
				if share == 100 {
					full[l]++
				}
			}
		}
		for l, n := range full {
			if n == len(below) {
				shares[l] = 100 // whatever the sum lost
			}
		}
		return shares
	}
	list := make([]map[string]float64, len(components))
	for i, c := range components {
		list[i] = of(c.key())
	}
	return list, nil
}

// idsAtOnce is how many ids one query asks for.
const idsAtOnce = 200

// byIDs asks for the rows of which an attribute is one of some ids, afresh.
func (s *Session) byIDs(ctx context.Context, selection, attribute string, ids []string) ([]*Entity, error) {
	var rows []*Entity
	for len(ids) > 0 {
		some := ids[:min(idsAtOnce, len(ids))]
		ids = ids[len(some):]
		list := ""
		for i, id := range some {
			if i > 0 {
				list += ", "
			}
			list += query.Text(id)
		}
		q, err := s.Query(selection+" where "+attribute+" in ("+list+")", QueryOptions{Policy: NetworkOnly})
		if err != nil {
			return nil, err
		}
		more, err := q.All(ctx)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// registrations are where components are registered.
func (s *Session) registrations(ctx context.Context, ids []string) ([]*Entity, error) {
	return s.byIDs(ctx, "select component_id, location_id, resource_identifier from ComponentLocation", "component_id", ids)
}

// componentTree is components with all that is in them, by id; order has what holds others before these.
func (s *Session) componentTree(ctx context.Context, components []*Entity) (tree map[string]*Entity, order []string, err error) {
	tree = map[string]*Entity{}
	add := func(list []*Entity) (holding []string) {
		for _, c := range list {
			id := c.key()
			if tree[id] != nil {
				continue
			}
			tree[id], order = c, append(order, id)
			if holdsOthers(c) {
				holding = append(holding, id)
			}
		}
		return holding
	}
	for holding := add(components); len(holding) > 0; {
		members, err := s.byIDs(ctx, "select name, file_type, size, system_type, container_id from Component", "container_id", holding)
		if err != nil {
			return nil, nil, err
		}
		holding = add(members)
	}
	return tree, order, nil
}

func holdsOthers(c *Entity) bool {
	t := c.Type().Name
	return t == string(location.Sequence) || t == string(location.Container)
}

// describeComponent is what structures need to know of a component; what is missing is loaded.
func (s *Session) describeComponent(ctx context.Context, c *Entity) (*location.Component, error) {
	paths := []string{"name", "file_type", "container_id", "version_id"}
	kind := location.Kind(c.Type().Name)
	if kind == location.Sequence {
		paths = append(paths, "padding")
	}
	if err := s.Populate(ctx, []*Entity{c}, paths...); err != nil {
		return nil, err
	}
	d := &location.Component{ID: c.key(), Name: c.Text("name"), FileType: c.Text("file_type"), Kind: kind, Padding: int(integer(c, "padding"))}
	if id := c.Text("container_id"); id != "" {
		container, err := s.Get(ctx, "Component", id)
		if err != nil {
			return nil, err
		}
		if container != nil {
			if d.In, err = s.describeComponent(ctx, container); err != nil {
				return nil, err
			}
		}
	}
	if id := c.Text("version_id"); id != "" {
		version, err := s.Get(ctx, "AssetVersion", id)
		if err != nil {
			return nil, err
		}
		if version != nil {
			if d.Version, err = s.describeVersion(ctx, version); err != nil {
				return nil, err
			}
		}
	}
	return d, nil
}

// describeVersion is nil for a version that is not committed.
func (s *Session) describeVersion(ctx context.Context, version *Entity) (*location.Version, error) {
	if version.State() == Created {
		return nil, nil
	}
	if err := s.Populate(ctx, []*Entity{version}, "version", "link", "asset.name"); err != nil {
		return nil, err
	}
	asset := version.Reference("asset")
	if asset == nil || asset.State() == Created {
		return nil, nil
	}
	d := &location.Version{Asset: asset.Text("name"), Number: int(integer(version, "version"))}
	link := linkOf(version)
	if len(link) == 0 {
		return d, nil
	}
	for _, each := range link[1:max(len(link)-1, 1)] {
		d.Link = append(d.Link, each.name)
	}
	project, err := s.Get(ctx, "Project", link[0].id)
	if err != nil || project == nil {
		return d, err
	}
	if err := s.Populate(ctx, []*Entity{project}, "name"); err != nil {
		return nil, err
	}
	d.Project = project.Text("name")
	return d, nil
}

func integer(e *Entity, name string) int64 {
	v, _ := e.Value(name)
	n, _ := v.(int64)
	return n
}
