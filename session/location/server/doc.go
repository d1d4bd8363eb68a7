// Package server is the accessor of the ftrack server's own storage, for native programs: identifiers are the ids of components.
//
//	s.ConfigureLocation(location.ServerID, session.LocationSettings{Accessor: server.New(s, nil)})
package server
