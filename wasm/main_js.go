// Command wasm is the module that the npm package loads: it takes the host, wires the bridge up, announces its version
// and waits for calls.
package main

import "github.com/ftrack-wasm/ftrack-wasm/jsbridge"

// version is set by the build to the npm package's, so that a module and a script that do not belong together are
// told apart.
var version = "unset"

func main() {
	if err := jsbridge.Run(version); err != nil {
		panic(err)
	}
}
