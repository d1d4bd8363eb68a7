// Package event has the events of an ftrack server, and the language in which subscriptions and targets choose among them.
//
// One event walks through it like this. The event server sends a document, which ParseEvent scans once; Data and Source stay
// references to its bytes. An Expression, parsed when somebody subscribed, reads the fields that it names and says whether the
// subscriber wants the event:
//
//	wanted, err := event.Parse(`topic=ftrack.update and (source.user.username="ann" or data.priority>3)`)
//	if wanted.Match(e) { ... }
//
// A server evaluates subscriptions too, and knows less of the language than this package. Announcement is the text for it: one
// that the server understands and that lets everything through that the expression wants, and maybe more.
//
// The package is part of the WebAssembly module and keeps clear of fmt, regexp and reflection.
package event
