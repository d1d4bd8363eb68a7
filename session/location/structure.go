package location

import (
	"strconv"
	"strings"
)

// Structure says under which identifier a component stands. Source is the identifier that it comes from, "" where that is
// unknown. Errors are *StructureError.
type Structure interface {
	Identifier(c *Component, source string) (string, error)
}

// Origin keeps the identifier that a component comes with.
type Origin struct{}

// Identifier is the source.
func (Origin) Identifier(c *Component, source string) (string, error) {
	if source == "" {
		return "", structureError(c, "it needs the identifier that the component comes from")
	}
	return source, nil
}

// EntityID makes the id of the component its identifier.
type EntityID struct{}

// Identifier is the component's id.
func (EntityID) Identifier(c *Component, _ string) (string, error) {
	if c.ID == "" {
		return "", structureError(c, "it has no id")
	}
	return c.ID, nil
}

// ID spreads components over folders by the first four characters of their ids, as ftrack-python's IdStructure does:
// a/b/c/d/rest.exr. Members of sequences stand as file.<name><type> in the folder of the sequence, those of containers under
// their id.
type ID struct {
	Prefix string // a folder before all others
}

// Identifier is made of the component's id.
func (s ID) Identifier(c *Component, source string) (string, error) {
	if in := c.In; in != nil && c.Kind == File {
		above, err := s.Identifier(in, source)
		switch {
		case err != nil:
			return "", err
		case in.Kind == Sequence:
			return folderOf(above) + "file." + c.Name + c.FileType, nil
		}
		return above + "/" + c.ID + c.FileType, nil
	}
	if len(c.ID) < 5 {
		return "", structureError(c, "its id is too short")
	}
	place := strings.Join([]string{c.ID[:1], c.ID[1:2], c.ID[2:3], c.ID[3:4], c.ID[4:]}, "/")
	if s.Prefix != "" {
		place = s.Prefix + "/" + place
	}
	switch c.Kind {
	case File:
		return place + c.FileType, nil
	case Sequence:
		return place + "/file." + c.expression() + c.FileType, nil
	case Container:
		return place, nil
	}
	return "", structureError(c, "there is no identifier for a "+string(c.Kind))
}

// folderOf is an identifier up to its last slash.
func folderOf(identifier string) string { return identifier[:strings.LastIndexByte(identifier, '/')+1] }

// expression is the index of a sequence's members as their common name has it.
func (c *Component) expression() string {
	if c.Padding > 0 {
		return "%0" + strconv.Itoa(c.Padding) + "d"
	}
	return "%d"
}
