// Package disk is the accessor over a folder, for native programs.
package disk
