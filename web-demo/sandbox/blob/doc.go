// Package blob keeps bytes by name: in memory, or in the files of a folder. What was written in pieces is read as one.
package blob
