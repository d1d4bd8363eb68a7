package location

// Kind is what a component is made of.
type Kind string

// The kinds of components, by their entity types.
const (
	File      Kind = "FileComponent"
	Sequence  Kind = "SequenceComponent"
	Container Kind = "ContainerComponent"
)

// Component is what structures need to know of a component.
type Component struct {
	ID, Name string
	FileType string // with its dot: ".exr"
	Kind     Kind
	Padding  int        // of a sequence; 0 is none
	In       *Component // the sequence or container that it is a member of
	Version  *Version   // nil when it is of none, or of one that is not committed
}

// Version is what structures need to know of the version that a component is of.
type Version struct {
	Project string   // the project's name
	Link    []string // the names between the project and the version
	Asset   string   // the asset's name; "" when it is not committed
	Number  int
}
