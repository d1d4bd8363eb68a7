// Package eval evaluates queries over any source of entities.
//
// A query is compiled once against the types of a Source and then run over its entities:
//
//	plan, err := eval.Prepare(source, `select name from Task where status.name is "Done" limit 10`, eval.Options{})
//	result, err := plan.Run(ctx)
//
// Compiling resolves every path, cast and value, so that mistakes are found before a row is read, and turns
// the criteria into a tree of nodes. Each node answers two questions: does the criterion hold for this entity (test),
// and which entities can it hold for at all (candidates). Candidates come from the source's indexes, walked
// from the end of a path to its beginning: the statuses named Done, then the tasks that refer to one of them.
// A criterion without index gives no candidates; then every entity of the type is tested.
// Candidates may be too many, never too few: each one is tested.
//
// # Semantics
//
// What is not known of ftrack's server and can be switched is in Options. The rest follows SQL, which the server is
// built on; none of it was verified against a server:
//
//   - A comparison with an empty value holds neither plainly nor negated (`name is_not "x"`, `name not_in ("x")`
//     and `not name is "x"` all leave out rows without name); `is none` and `is_not none` ask for emptiness.
//   - A missing relation, and one that is not of the type it is cast to, reads as empty: `status.name is none`
//     holds where there is no status, `status.name is_not "Done"` does not.
//   - Through a collection a comparison holds when it holds for some member, so `timelogs.comment is none` needs a
//     timelog. Like has and any it holds or it does not: `not timelogs.comment is "x"` holds without timelogs.
//   - None in a list matches nothing, and makes not_in hold for nothing, as does an empty value from a query in not_in.
//   - A reference compared with a value compares the other entity's key.
//   - Date-times without zone are UTC, as both public clients have it; a date is its midnight in UTC.
//   - Aggregates skip empty values; of nothing, count is 0 and the others are empty. Texts that are equal for `is` are one
//     group. Aggregate queries select what they group by, and functions; count(a.b) has the key count_a_b.
package eval
