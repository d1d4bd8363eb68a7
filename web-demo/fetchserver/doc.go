// Package fetchserver runs an http.Handler where the Fetch API is: in a worker at the edge, or in one inside a page. One instance of the
// module serves all requests.
//
// It stands on github.com/syumai/workers, which makes a Go request of a JavaScript one and a JavaScript response of what a handler
// answers, and goes beside it where that library ends an instance after one response: every answer streams through a stream of the
// host's, so that the library's own is never read and closed. host.mjs is the other half: it starts the module and gives it the few
// functions of the platform that it needs. Promises are waited for through one function that both sides keep, so that no request leaves a
// js.Func behind.
//
// The code that needs JavaScript is built for js only; natively the package is empty.
package fetchserver
