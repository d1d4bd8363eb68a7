// Package schemacache keeps the schemas of ftrack servers in a folder, for native programs, so that opening a session asks
// for them only when they have changed.
//
// A session that opens asks Folder.LoadSchemas for what was kept for its server. It compares the hash with the one that the server gives,
// and hands newer schemas to Folder.SaveSchemas, which writes a file beside the old one and puts it in its place in one step: a
// reader in another process sees the old file or the new one, whole. A file that is damaged counts as none.
package schemacache
