//go:build !unix

package disk

import "io/fs"

// errNotFolder says that a name stands below a file: other systems say that it is not there.
var errNotFolder = fs.ErrNotExist
