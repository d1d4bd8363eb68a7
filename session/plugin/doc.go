// Package plugin registers plugins with a session: functions that subscribe to events, add actions, configure locations.
//
// One plugin walks through it like this. Register calls it with the session and the arguments that it takes: all, or those that it
// names, with a warning about the rest. What it returns takes back what it did, and is called when the session closes. A plugin
// that fails or panics is reported, and the next one has its turn.
package plugin
