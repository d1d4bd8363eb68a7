//go:build !js

package session

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/event"
	"github.com/ftrack-wasm/ftrack-wasm/session/location"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// TransferOptions are those of one copy; the zero value takes the members of sequences and containers along.
type TransferOptions struct {
	// Alone leaves the members of sequences and containers where they are.
	Alone bool
	// OnProgress is told how many bytes were written, of how many. What is sent again counts again. The calls come one after the other.
	OnProgress func(loaded, total int64)
}

// linkItem is one of the entities of a link.
type linkItem struct{ id, name string }

func linkOf(e *Entity) (items []linkItem) {
	v, _ := e.Value("link")
	text, _ := v.(JSON)
	if node, err := wire.Parse(text); err == nil {
		for each := range node.Elements() {
			items = append(items, linkItem{each.Get("id").Text(), each.Get("name").Text()})
		}
	}
	return items
}

func noAccessor(l location.Location) error {
	return &location.Error{Kind: location.ErrLocation, Location: l.ID, Text: "it has no accessor: ConfigureLocation gives it one"}
}

// AddComponents copies components from a location that has them into another, by the ids of both. All data is copied first, then the
// components are registered in one request. Errors are *location.Error, which say what was transferred: what is not registered is
// removed again, or named. Data that is at the target already is never replaced.
func (s *Session) AddComponents(ctx context.Context, components []*Entity, sourceID, locationID string, options TransferOptions) error {
	from, to := s.Location(sourceID), s.Location(locationID)
	switch {
	case to.Accessor == nil:
		return noAccessor(to)
	case to.Structure == nil:
		return &location.Error{Kind: location.ErrLocation, Location: to.ID, Text: "it has no structure: ConfigureLocation gives it one"}
	}
	tree, order, places, err := s.components(ctx, components, options)
	if err != nil {
		return err
	}
	source := map[string]string{}
	for _, p := range places {
		switch id := p.Text("component_id"); p.Text("location_id") {
		case to.ID:
			return &location.Error{Kind: location.ErrComponentInLocation, Location: to.ID, Text: "the component " + id + " is in it already"}
		case from.ID:
			source[id] = p.Text("resource_identifier")
		}
	}
	written := map[string]string{}
	var registered []Own
	var total int64
	for _, id := range order {
		if size, _ := tree[id].Value("size"); !holdsOthers(tree[id]) {
			total += sizeOf(size)
		}
	}
	moved := &moved{total: total, onProgress: options.OnProgress}
	for _, id := range order {
		own, identifier, err := s.copyComponent(ctx, tree[id], source, from, to, moved)
		if identifier != "" {
			written[id] = identifier
		}
		if err != nil {
			return s.takeBack(ctx, to, written, err)
		}
		registered = append(registered, own)
	}
	if _, err := s.register(ctx, "add components", registered, to, written); err != nil {
		return err
	}
	s.tellComponents(ctx, "ftrack.location.component-added", order, to.ID)
	return nil
}

// components are those of a copy, and where they are.
func (s *Session) components(ctx context.Context, components []*Entity, options TransferOptions) (map[string]*Entity, []string, []*Entity, error) {
	tree, order := map[string]*Entity{}, []string(nil)
	var err error
	if options.Alone {
		for _, c := range components {
			tree[c.key()], order = c, append(order, c.key())
		}
	} else if tree, order, err = s.componentTree(ctx, components); err != nil {
		return nil, nil, nil, err
	}
	places, err := s.registrations(ctx, order)
	return tree, order, places, err
}

// copyComponent copies one component's data, where it has any, and gives what registers it and where it wrote.
func (s *Session) copyComponent(ctx context.Context, c *Entity, source map[string]string, from, to location.Location, moved *moved) (own Own, written string, err error) {
	id := c.key()
	described, err := s.describeComponent(ctx, c)
	if err != nil {
		return own, "", err
	}
	registered, there := source[id]
	if !there && !holdsOthers(c) {
		return own, "", &location.Error{Kind: location.ErrComponentNotInLocation, Location: from.ID, Text: "the component " + id + " is not in it"}
	}
	origin, err := from.Decode(registered, described)
	if err != nil {
		return own, "", err
	}
	identifier, err := to.Structure.Identifier(described, origin)
	if err != nil {
		return own, "", err
	}
	if !holdsOthers(c) {
		if from.Accessor == nil {
			return own, "", noAccessor(from)
		}
		info, err := from.Accessor.Stat(ctx, origin)
		if err != nil {
			return own, "", err
		}
		data, err := from.Accessor.Open(ctx, origin)
		if err != nil {
			return own, "", err
		}
		defer data.Close()
		if err := s.writeNew(ctx, to, identifier, data, info.Size, moved); err != nil {
			return own, "", err
		}
		written = identifier
	}
	own, err = s.registration(to, id, identifier, described)
	return own, written, err
}

// writeNew writes data where none is yet.
func (s *Session) writeNew(ctx context.Context, to location.Location, identifier string, data io.Reader, size int64, moved *moved) error {
	exists, err := location.Exists(ctx, to.Accessor, identifier)
	switch {
	case err != nil:
		return err
	case exists:
		return &location.Error{Kind: location.ErrLocation, Location: to.ID, Text: "there is data at " + strconvQuote(identifier) + " already"}
	}
	return location.WriteWithProgress(ctx, to.Accessor, identifier, data, size, moved.next())
}

// registration tells the server where a component is.
func (s *Session) registration(l location.Location, componentID, identifier string, described *location.Component) (Own, error) {
	identifier, err := l.Encode(identifier, described)
	return Own{Create: "ComponentLocation", Values: map[string]any{"id": s.newID(), "component_id": componentID, "location_id": l.ID, "resource_identifier": identifier}}, err
}

// register sends operations that register what was written, the last of which makes a ComponentLocation. The request is not ended once it has left. Where
// no answer comes the server is asked whether it has it, and gives nothing then; data of which nobody knows whether it is registered stays.
func (s *Session) register(ctx context.Context, op string, operations []Own, to location.Location, written map[string]string) ([]Sent, error) {
	if ctx.Err() != nil {
		return nil, s.takeBack(ctx, to, written, context.Cause(ctx))
	}
	sent, err := s.sendAs(context.WithoutCancel(ctx), op, operations...)
	var unknown *CommitOutcomeUnknownError
	if err == nil || !errors.As(err, &unknown) {
		if err != nil {
			err = s.takeBack(ctx, to, written, err)
		}
		return sent, err
	}
	id, _ := operations[len(operations)-1].Values["id"].(string)
	rows, asking := s.byIDs(ctx, "select id from ComponentLocation", "id", []string{id})
	switch {
	case asking != nil:
		fault := &location.Error{Kind: location.ErrLocation, Location: to.ID, Err: err, Left: written, Text: "the data may be registered, and stays"}
		fault.Transferred = slices.Sorted(maps.Keys(written))
		return nil, fault
	case len(rows) == 0:
		return nil, s.takeBack(ctx, to, written, err)
	}
	return nil, nil
}

// takeBack removes what was written before something failed, whatever the context says; what it cannot remove stands in the error.
func (s *Session) takeBack(ctx context.Context, l location.Location, written map[string]string, failure error) error {
	fault := &location.Error{Kind: location.ErrLocation, Location: l.ID, Err: failure, Left: map[string]string{}}
	var known *location.Error
	if errors.As(failure, &known) {
		fault.Kind = known.Kind
	}
	for id, identifier := range written {
		fault.Transferred = append(fault.Transferred, id)
		if err := l.Accessor.Remove(context.WithoutCancel(ctx), identifier); err != nil {
			fault.Left[id] = identifier
		}
	}
	slices.Sort(fault.Transferred)
	if len(fault.Left) > 0 {
		fault.Text = "it failed, and some data could not be removed again"
	}
	return fault
}

// RemoveComponents takes the data of components out of a location, where it can be reached, and then the components.
func (s *Session) RemoveComponents(ctx context.Context, components []*Entity, locationID string, options TransferOptions) error {
	from := s.Location(locationID)
	tree, order, places, err := s.components(ctx, components, options)
	if err != nil {
		return err
	}
	registered := map[string]*Entity{}
	for _, p := range places {
		if p.Text("location_id") == from.ID {
			registered[p.Text("component_id")] = p
		}
	}
	for _, c := range components {
		if registered[c.key()] == nil {
			return &location.Error{Kind: location.ErrComponentNotInLocation, Location: from.ID, Text: "the component " + c.key() + " is not in it"}
		}
	}
	var removed []string
	slices.Reverse(order) // what holds others comes last
	for _, id := range order {
		place := registered[id]
		if place == nil {
			continue
		}
		if err := s.removeComponent(ctx, tree[id], place, from); err != nil {
			return &location.Error{Kind: location.ErrLocation, Location: from.ID, Err: err, Transferred: removed}
		}
		removed = append(removed, id)
		s.tellComponents(ctx, "ftrack.location.component-removed", []string{id}, from.ID)
	}
	return nil
}

func (s *Session) removeComponent(ctx context.Context, c, place *Entity, from location.Location) error {
	if from.Accessor != nil && !holdsOthers(c) {
		described, err := s.describeComponent(ctx, c)
		if err != nil {
			return err
		}
		identifier, err := from.Decode(place.Text("resource_identifier"), described)
		if err != nil {
			return err
		}
		// Data that somebody took away already does not keep the component there.
		if file, err := location.IsFile(ctx, from.Accessor, identifier); err != nil {
			return err
		} else if file {
			if err := from.Accessor.Remove(ctx, identifier); err != nil {
				return err
			}
		}
	}
	_, err := s.sendAs(ctx, "remove components", Own{Delete: place})
	return err
}

// ResourceIdentifiers are the identifiers of components in a location, as its accessor takes them.
func (s *Session) ResourceIdentifiers(ctx context.Context, components []*Entity, locationID string) ([]string, error) {
	l := s.Location(locationID)
	_, _, places, err := s.components(ctx, components, TransferOptions{Alone: true})
	if err != nil {
		return nil, err
	}
	list := make([]string, len(components))
	for i, c := range components {
		at := slices.IndexFunc(places, func(p *Entity) bool { return p.Text("component_id") == c.key() && p.Text("location_id") == l.ID })
		if at < 0 {
			return nil, &location.Error{Kind: location.ErrComponentNotInLocation, Location: l.ID, Text: "the component " + c.key() + " is not in it"}
		}
		described, err := s.describeComponent(ctx, c)
		if err != nil {
			return nil, err
		}
		if list[i], err = l.Decode(places[at].Text("resource_identifier"), described); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// FilesystemPath is where a component stands in the file system of a location; *location.AccessorError where it has none.
func (s *Session) FilesystemPath(ctx context.Context, component *Entity, locationID string) (string, error) {
	l := s.Location(locationID)
	if l.Accessor == nil {
		return "", noAccessor(l)
	}
	list, err := s.ResourceIdentifiers(ctx, []*Entity{component}, locationID)
	if err != nil {
		return "", err
	}
	return location.FilesystemPath(l.Accessor, list[0])
}

// OpenComponent reads the data of a component, from the preferred location that has it and can be reached. The caller closes it.
func (s *Session) OpenComponent(ctx context.Context, component *Entity) (io.ReadCloser, error) {
	l, ok, err := s.PickLocation(ctx, component)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, &location.Error{Kind: location.ErrComponentNotInAnyLocation, Text: "the component " + component.key() + " is in no location that can be reached"}
	}
	list, err := s.ResourceIdentifiers(ctx, []*Entity{component}, l.ID)
	if err != nil {
		return nil, err
	}
	return l.Accessor.Open(ctx, list[0])
}

// tellComponents publishes what became of components, where the event hub is connected. What it tells of has happened, whoever hears of it.
func (s *Session) tellComponents(ctx context.Context, topic string, ids []string, locationID string) {
	hub := s.EventHub()
	if hub == nil || !hub.Connected() {
		return
	}
	for _, id := range ids {
		if e, err := event.New(topic, map[string]any{"component_id": id, "location_id": locationID}); err == nil {
			hub.Publish(ctx, e)
		}
	}
}
