package location

import "errors"

// codedError is a sort of error; errors.Is finds its ancestors too.
type codedError struct {
	code   string
	parent *codedError
	text   string
}

// Error is what is wrong, in general.
func (k *codedError) Error() string { return k.text }

// Is reports whether a target is this kind or an ancestor.
func (k *codedError) Is(target error) bool {
	for each := k; each != nil; each = each.parent {
		if each == target {
			return true
		}
	}
	return false
}

// The sorts of errors, for errors.Is: each of them is also those that it is derived from, as in ftrack-python's tree.
var (
	// ErrLocation is every fault of a location.
	ErrLocation = &codedError{"LOCATION", nil, "the location failed"}
	// ErrComponentNotInAnyLocation says that a component is nowhere.
	ErrComponentNotInAnyLocation = &codedError{"COMPONENT_NOT_IN_ANY_LOCATION", ErrLocation, "the component is in no location"}
	// ErrComponentNotInLocation says that a component is elsewhere.
	ErrComponentNotInLocation = &codedError{"COMPONENT_NOT_IN_LOCATION", ErrLocation, "the component is not in the location"}
	// ErrComponentInLocation says that a component is there already.
	ErrComponentInLocation = &codedError{"COMPONENT_IN_LOCATION", ErrLocation, "the component is in the location already"}

	// ErrAccessor is every fault of an accessor.
	ErrAccessor = &codedError{"ACCESSOR", nil, "the accessor failed"}
	// ErrOperationFailed is a fault of the storage.
	ErrOperationFailed = &codedError{"ACCESSOR_OPERATION_FAILED", ErrAccessor, "the storage failed"}
	// ErrUnsupportedOperation is what this accessor cannot do.
	ErrUnsupportedOperation = &codedError{"ACCESSOR_UNSUPPORTED_OPERATION", ErrOperationFailed, "the accessor cannot do this"}
	// ErrPermissionDenied is a refusal of the storage.
	ErrPermissionDenied = &codedError{"ACCESSOR_PERMISSION_DENIED", ErrOperationFailed, "permission denied"}
	// ErrIdentifier is an identifier that cannot stand below the accessor's root.
	ErrIdentifier = &codedError{"ACCESSOR_RESOURCE_IDENTIFIER", ErrAccessor, "the identifier cannot be used"}
	// ErrFilesystemPath is a resource without a path.
	ErrFilesystemPath = &codedError{"ACCESSOR_FILESYSTEM_PATH", ErrIdentifier, "there is no file system path"}
	// ErrResource is every fault of one resource.
	ErrResource = &codedError{"ACCESSOR_RESOURCE", ErrAccessor, "the resource failed"}
	// ErrResourceNotFound says that nothing is there.
	ErrResourceNotFound = &codedError{"ACCESSOR_RESOURCE_NOT_FOUND", ErrResource, "there is nothing"}
	// ErrParentNotFound says that the container of a resource is not there.
	ErrParentNotFound = &codedError{"ACCESSOR_PARENT_RESOURCE_NOT_FOUND", ErrResource, "the container is not there"}
	// ErrResourceInvalid says that what is there is of another kind.
	ErrResourceInvalid = &codedError{"ACCESSOR_RESOURCE_INVALID", ErrResource, "the resource is of another kind"}
	// ErrContainerNotEmpty says that a container with something in it cannot be removed.
	ErrContainerNotEmpty = &codedError{"ACCESSOR_CONTAINER_NOT_EMPTY", ErrResource, "the container is not empty"}
)

// Error is a fault of a location: its Kind is ErrLocation or a sort of it.
type Error struct {
	Kind     error
	Location string // its id
	Text     string
	Err      error
	// Transferred are the ids of the components whose data was copied, or taken away, before the whole failed. What was copied is removed
	// again but for what is in Left, with its identifiers.
	Transferred []string
	Left        map[string]string
}

// Error names the location.
func (e *Error) Error() string {
	text := "location"
	if e.Location != "" {
		text += " " + e.Location
	}
	text += ": "
	if e.Text != "" {
		text += e.Text
	} else {
		text += e.Kind.Error()
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the sort and the cause.
func (e *Error) Unwrap() []error { return unwrapped(e.Kind, e.Err) }

// Code is the error's name on the JavaScript side.
func (e *Error) Code() string {
	switch {
	case errors.Is(e.Kind, ErrComponentNotInAnyLocation):
		return "COMPONENT_NOT_IN_ANY_LOCATION"
	case errors.Is(e.Kind, ErrComponentNotInLocation):
		return "COMPONENT_NOT_IN_LOCATION"
	case errors.Is(e.Kind, ErrComponentInLocation):
		return "COMPONENT_IN_LOCATION"
	}
	return "LOCATION"
}

// AccessorError is a fault of an accessor: its Kind is ErrAccessor or a sort of it.
type AccessorError struct {
	Kind       error
	Op         string // read, write, remove, list, ...
	Identifier string
	Err        error
}

// Error says the operation first, then the identifier.
func (e *AccessorError) Error() string {
	text := e.Op + " " + quoted(e.Identifier) + ": " + e.Kind.Error()
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the sort and the cause.
func (e *AccessorError) Unwrap() []error { return unwrapped(e.Kind, e.Err) }

// Code is the error's name on the JavaScript side.
func (e *AccessorError) Code() string {
	if k, ok := e.Kind.(*codedError); ok {
		return k.code
	}
	return "ACCESSOR"
}

// StructureError says why a component has no identifier.
type StructureError struct{ Component, Text string }

// Error names the component.
func (e *StructureError) Error() string {
	return "structure: component " + quoted(e.Component) + ": " + e.Text
}

// Code is the error's name on the JavaScript side.
func (e *StructureError) Code() string { return "STRUCTURE" }

func structureError(c *Component, text string) error {
	name := c.Name
	if name == "" {
		name = c.ID
	}
	return &StructureError{name, text}
}

func unwrapped(sort, cause error) []error {
	if cause == nil {
		return []error{sort}
	}
	return []error{sort, cause}
}
