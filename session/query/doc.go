// Package query reads and writes the ftrack query language.
//
// Parse turns text into a Query, String turns a Query back into text, and reading that text gives the same Query
// again. A session sends what it was given in this way:
//
//	q, err := query.Parse(`Task where project.name is "Big Buck Bunny" limit 700`)
//	if !q.HasSelect() {
//		q = q.WithProjections(query.Plain("context_type", "id", "name"))
//	}
//	text := q.WithPage(500, 200).String()
//	// select context_type, id, name from Task where project.name is "Big Buck Bunny" offset 500 limit 200
//
// Limits are found by reading the text, never by searching it, so a quoted "limit 5" is text. What the tree does not
// change is printed as it was written: the spelling of operators (after, >), the quotes and escapes of texts, digits.
// Keywords come out in lower case, spaces single, the tail in the order group by, order by, offset, limit.
//
// Attribute names may be words of the language (`select from.name from TypedContextLink`): which of the two a word
// is follows from where it stands.
//
// Quote and Text write values into queries so that no value can end its quotes. The package is part of the
// WebAssembly module and keeps clear of fmt, regexp and reflection.
package query
