// Package production fills a store with a studio's data: people, workflow, and projects with their trees, versions, notes
// and times. The same Plan gives the same entities, ids included.
package production
