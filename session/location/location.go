package location

// Location is a place for the files of components, with all that a program needs to reach them. The server knows only its
// id and name; the rest is the program's.
type Location struct {
	ID, Name    string
	Accessor    Accessor    // nil: this program cannot reach the storage
	Structure   Structure   // nil: nothing can be added
	Transformer Transformer // nil: the server registers identifiers as they are
	Priority    int         // the lowest is preferred
}

// Transformer changes identifiers between how the structure makes them and how the server registers them.
type Transformer interface {
	Encode(identifier string, component *Component) (string, error)
	Decode(identifier string, component *Component) (string, error)
}

// Encode is an identifier as the server registers it.
func (l *Location) Encode(identifier string, component *Component) (string, error) {
	if l.Transformer == nil {
		return identifier, nil
	}
	return l.Transformer.Encode(identifier, component)
}

// Decode is an identifier as the accessor takes it, from how the server has it.
func (l *Location) Decode(identifier string, component *Component) (string, error) {
	if l.Transformer == nil {
		return identifier, nil
	}
	return l.Transformer.Decode(identifier, component)
}
