package wire

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

func never() float64 { return 0.999999 }

func TestRetryBacksOffAndGivesTheLastError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var at []time.Duration
		err := Retry(t.Context(), RetryPolicy{Random: never}, func(context.Context) error {
			at = append(at, time.Since(start).Round(10*time.Millisecond))
			return &NetworkError{Op: "query", URL: "u", Err: errors.New("down")}
		})
		assert.ErrorContains(t, err, "down")
		assert.Equal(t, []time.Duration{0, 250 * time.Millisecond, 750 * time.Millisecond, 1750 * time.Millisecond, 3750 * time.Millisecond}, at)
	})
}

func TestOnlyWhatMayHelpIsTriedAgain(t *testing.T) {
	for err, again := range map[error]bool{
		&NetworkError{Err: errors.New("x")}: true, &ServerError{Status: 429}: true, &ServerError{Status: 502}: true,
		&ServerError{Status: 503}: true, &ServerError{Status: 504}: true, &ServerError{Status: 500}: false, &ServerError{Status: 401}: false,
		&ServerError{Status: 200, Exception: "ValidationError"}: false, errors.New("other"): false, &ServerError{Status: 505}: false,
	} {
		assert.Equal(t, again, Retryable(err), "%v", err)
	}
}

func TestRetryAfterIsWaitedForWithinTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, want := range []time.Duration{7 * time.Second, 9 * time.Second, 250 * time.Millisecond} {
			header := map[time.Duration]string{7 * time.Second: "7", 250 * time.Millisecond: "soon",
				9 * time.Second: time.Now().Add(9 * time.Second).UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")}[want]
			start, calls := time.Now(), 0
			err := Retry(t.Context(), RetryPolicy{Random: never}, func(context.Context) error {
				if calls++; calls == 1 {
					return &ServerError{Status: 429, RetryAfter: header}
				}
				return nil
			})
			assert.NoError(t, err)
			assert.InDelta(t, want, time.Since(start), float64(time.Second), header)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		err := Retry(ctx, RetryPolicy{}, func(context.Context) error { return &ServerError{Status: 503, RetryAfter: "60"} })
		assert.Error(t, err)
		assert.Zero(t, time.Since(start), "a wait that outlasts the time is not begun")
	})
}

func TestRetryEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, cancel)
		start := time.Now()
		err := Retry(ctx, RetryPolicy{Delay: time.Minute, MaxDelay: time.Minute}, func(context.Context) error { return &NetworkError{Err: errors.New("down")} })
		assert.Error(t, err)
		assert.Equal(t, 100*time.Millisecond, time.Since(start))
	})
}
