package location

// The locations that every ftrack server has.
const (
	// OriginID is where a component's file was found; its identifiers are paths as they were given.
	OriginID = "ce9b348f-8809-11e3-821c-20c9d081909b"
	// UnmanagedID is for files that are registered where they stand.
	UnmanagedID = "cb268ecc-8809-11e3-a7e2-20c9d081909b"
	// ReviewID is ftrack.review: media that the server encoded.
	ReviewID = "cd41be70-8809-11e3-b98a-20c9d081909b"
	// ConnectID is what older installations of Connect registered files in.
	ConnectID = "07b82a97-8cf9-11e3-9383-20c9d081909b"
	// ServerID is the server's own storage.
	ServerID = "3a372bde-05bc-11e4-8908-20c9d081909b"
)

// Priorities of locations: the lowest is preferred.
const (
	CentralisedPriority = 1
	UnmanagedPriority   = 90
	DefaultPriority     = 95
	OriginPriority      = 100
	ReviewPriority      = 110
	ServerPriority      = 150
)

// Names of the fixed locations.
const (
	OriginName    = "ftrack.origin"
	UnmanagedName = "ftrack.unmanaged"
	ReviewName    = "ftrack.review"
	ConnectName   = "ftrack.connect"
	ServerName    = "ftrack.server"
)

// NameOf is the name of a fixed location by its id, "" for others.
func NameOf(id string) string {
	switch id {
	case OriginID:
		return OriginName
	case UnmanagedID:
		return UnmanagedName
	case ReviewID:
		return ReviewName
	case ConnectID:
		return ConnectName
	case ServerID:
		return ServerName
	}
	return ""
}

// PriorityOf is the priority that a location has by itself.
func PriorityOf(id string) int {
	switch id {
	case OriginID:
		return OriginPriority
	case UnmanagedID:
		return UnmanagedPriority
	case ReviewID:
		return ReviewPriority
	case ServerID:
		return ServerPriority
	}
	return DefaultPriority
}
