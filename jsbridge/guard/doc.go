// Package guard is syscall/js with errors instead of panics, as far as the bridge needs it: what JavaScript throws, and a
// value that is of another kind than it was taken for. Libraries that do the same bring fmt with them, which is a seventh
// of the module.
package guard
