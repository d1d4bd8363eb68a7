//go:build unix

package disk

import "syscall"

// errNotFolder says that a name stands below a file.
var errNotFolder error = syscall.ENOTDIR
