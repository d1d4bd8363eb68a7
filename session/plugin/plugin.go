package plugin

import (
	"context"
	"slices"
	"strings"
)

// Plugin is one of a session's, S.
type Plugin[S any] struct {
	// Name stands in reports.
	Name string
	// Arguments are the names of those that Register takes; nil is all of them.
	Arguments []string
	// Register does what the plugin is for. Arguments are the plugin's own copy. What it returns, unless nil, takes it back.
	Register func(ctx context.Context, session S, arguments map[string]any) (unregister func(), err error)
}

// Error is the failure of a plugin.
type Error struct {
	Name string
	Err  error
}

// Error names the plugin.
func (e *Error) Error() string {
	return "plugin " + e.Name + " was not registered: " + e.Err.Error()
}

// Unwrap is what went wrong.
func (e *Error) Unwrap() error { return e.Err }

// Warning tells that a plugin got fewer arguments than there are.
type Warning struct {
	Name string
	Left []string // names of arguments, sorted
}

// Error says what was left out; values are not shown.
func (w *Warning) Error() string {
	return "plugin " + w.Name + " does not take all arguments: " + strings.Join(w.Left, ", ") + " left out"
}

// Registered are plugins that can be unregistered.
type Registered struct {
	undo   []registration
	report func(error)
}

type registration struct {
	name string
	undo func()
}

// Register registers plugins in order. report hears of each that fails, an *Error, and of arguments that are left out, a *Warning.
func Register[S any](ctx context.Context, session S, plugins []Plugin[S], arguments map[string]any, report func(error)) *Registered {
	r := &Registered{report: report}
	for _, p := range plugins {
		given, left := Reduce(arguments, p.Arguments)
		if len(left) > 0 {
			report(&Warning{p.Name, left})
		}
		var undo func()
		err := guard(func() (err error) {
			if p.Register == nil {
				return errNoRegister
			}
			undo, err = p.Register(ctx, session, given)
			return err
		})
		switch {
		case err != nil:
			report(&Error{p.Name, err})
		case undo != nil:
			r.undo = append(r.undo, registration{p.Name, undo})
		}
	}
	return r
}

// Unregister takes back what the plugins did, the last one first, once.
func (r *Registered) Unregister() {
	undo := r.undo
	r.undo = nil
	for _, each := range slices.Backward(undo) {
		if err := guard(func() error { each.undo(); return nil }); err != nil {
			r.report(&Error{each.name, err})
		}
	}
}

// Reduce gives the arguments of some names, all with nil, and the names of the others.
func Reduce(arguments map[string]any, names []string) (given map[string]any, left []string) {
	given = map[string]any{}
	for name, value := range arguments {
		if names == nil || slices.Contains(names, name) {
			given[name] = value
		} else {
			left = append(left, name)
		}
	}
	slices.Sort(left)
	return given, left
}

// text is an error that is a sentence.
type text string

// Error is the sentence.
func (t text) Error() string { return string(t) }

const errNoRegister = text("it has no function Register")

// guard makes an error of a panic.
func guard(f func() error) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case error:
			err = p
		case string:
			err = text("panic: " + p)
		default:
			err = text("panic")
		}
	}()
	return f()
}
