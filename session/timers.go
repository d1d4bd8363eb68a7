package session

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// NotUniqueError says that there is one already, and can be only one.
type NotUniqueError struct {
	Text string
	Err  error
}

// Error is the whole sentence.
func (e *NotUniqueError) Error() string { return e.Text }

// Unwrap is what the server said.
func (e *NotUniqueError) Unwrap() error { return e.Err }

// Code is the error's name on the JavaScript side.
func (e *NotUniqueError) Code() string { return "NOT_UNIQUE" }

// TimerOptions are what a timer is started with.
type TimerOptions struct {
	Context       *Entity // what is worked on
	Name, Comment string
	Force         bool // whether a timer that runs is stopped first, and its time logged
}

// StartTimer starts a user's timer at once. While another runs it is a *NotUniqueError, unless it is forced.
func (s *Session) StartTimer(ctx context.Context, user *Entity, options TimerOptions) (*Entity, error) {
	if options.Force {
		if _, err := s.StopTimer(ctx, user); err != nil && !errors.Is(err, ErrNoResultFound) {
			return nil, err
		}
	}
	values := map[string]any{"user_id": user.key(), "name": options.Name, "comment": options.Comment}
	if options.Context != nil {
		values["context_id"] = options.Context.key()
	}
	sent, err := s.sendAs(ctx, "start timer", Own{Create: "Timer", Values: values})
	var refused *wire.ServerError
	if errors.As(err, &refused) && strings.Contains(refused.Content, "DuplicateEntryError") {
		return nil, &NotUniqueError{"start timer: a timer of the user runs already: stop it, or force this one", err}
	}
	if err != nil {
		return nil, err
	}
	return sent[0].Entity, nil
}

// StopTimer stops a user's timer and logs its time, both in one request; it gives the Timelog. ErrNoResultFound when none runs.
func (s *Session) StopTimer(ctx context.Context, user *Entity) (*Entity, error) {
	q, err := s.Query("select start, context_id, comment, name from Timer where user_id is "+query.Text(user.key()), QueryOptions{Policy: NetworkOnly})
	if err != nil {
		return nil, err
	}
	timer, err := q.One(ctx)
	if errors.Is(err, ErrNoResultFound) {
		return nil, &noTimerError{}
	}
	if err != nil {
		return nil, err
	}
	values := map[string]any{"user_id": user.key(), "comment": timer.Text("comment"), "name": timer.Text("name")}
	if id := timer.Text("context_id"); id != "" {
		values["context_id"] = id
	}
	values["duration"] = int64(0)
	if start := timer.Time("start"); !start.IsZero() {
		values["start"] = start
		values["duration"] = int64(max(s.serverNow().Sub(start)/time.Second, 0))
	}
	sent, err := s.sendAs(ctx, "stop timer", Own{Create: "Timelog", Values: values}, Own{Delete: timer})
	if err != nil {
		return nil, err
	}
	return sent[0].Entity, nil
}

// serverNow is the server's clock. Without support of time zones it stores local times, which are read as if they were UTC.
func (s *Session) serverNow() time.Time {
	now := s.options.Now()
	if node, err := wire.Parse(s.info.raw); err == nil && node.Get("is_timezone_support_enabled").Kind() == wire.False {
		local := now.Local()
		return time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), time.UTC)
	}
	return now
}

// noTimerError is an ErrNoResultFound that says of what.
type noTimerError struct{}

// Error is the whole sentence.
func (*noTimerError) Error() string { return "stop timer: no timer of the user runs" }

// Unwrap makes it an ErrNoResultFound.
func (*noTimerError) Unwrap() error { return ErrNoResultFound }
