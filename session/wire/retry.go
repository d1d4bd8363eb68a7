package wire

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// RetryPolicy says how often and how long a read is tried again; the zero value has the defaults.
type RetryPolicy struct {
	Attempts int           // in all; 0 means 5
	Delay    time.Duration // before the second attempt, doubled for each further one; 0 means 250 ms
	MaxDelay time.Duration // 0 means 10 s
	// Deadline, when set, is when the context will end: a wait that would outlast it is not begun. The context's own
	// deadline counts too.
	Deadline time.Time
	// Random gives the jitter, a number in [0, 1); nil means the runtime's generator.
	Random func() float64
}

// Retry runs fn until it succeeds, fails for good, or the attempts or the context's time are used up: then it gives the
// last error. Only what repeats safely may be run by it; a write may not. A delay that would outlast the context is not
// waited for.
func Retry(ctx context.Context, p RetryPolicy, fn func(ctx context.Context) error) error {
	if p.Attempts == 0 {
		p.Attempts = 5
	}
	if p.Delay == 0 {
		p.Delay = 250 * time.Millisecond
	}
	if p.MaxDelay == 0 {
		p.MaxDelay = 10 * time.Second
	}
	if p.Random == nil {
		p.Random = rand.Float64
	}
	deadline := p.Deadline
	if d, ok := ctx.Deadline(); ok && (deadline.IsZero() || d.Before(deadline)) {
		deadline = d
	}
	delay := p.Delay
	for attempt := 1; ; attempt++ {
		err := fn(ctx)
		if err == nil || attempt >= p.Attempts || ctx.Err() != nil || !Retryable(err) {
			return err
		}
		wait := delay/2 + time.Duration(p.Random()*float64(delay)/2)
		var refused *ServerError
		if errors.As(err, &refused) {
			if asked, ok := retryAfter(refused.RetryAfter); ok {
				wait = max(wait, asked)
			}
		}
		delay = min(2*delay, p.MaxDelay)
		if time.Until(deadline) <= wait && !deadline.IsZero() {
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
	}
}

// Retryable reports whether a read that failed so may succeed when it is tried again: the network failed, or the
// server said 429, 502, 503 or 504.
func Retryable(err error) bool {
	var network *NetworkError
	var refused *ServerError
	switch {
	case errors.As(err, &network):
		return true
	case errors.As(err, &refused):
		return refused.Status == 429 || refused.Status >= 502 && refused.Status <= 504
	}
	return false
}

// Wait is how long the server asks to be left alone, and whether it does.
func (e *ServerError) Wait() (time.Duration, bool) { return retryAfter(e.RetryAfter) }

// retryAfter reads the header of that name: seconds, or a date.
func retryAfter(value string) (time.Duration, bool) {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 {
		return time.Duration(seconds) * time.Second, true
	}
	if at, ok := parseHTTPDate(value); ok {
		return max(0, time.Until(at)), true
	}
	return 0, false
}
