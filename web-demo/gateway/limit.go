package gateway

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limiter counts the requests of users: what a platform gives, or Rate.
type Limiter interface {
	// Allow counts one request of a user, and tells how long to wait where there were too many.
	Allow(ctx context.Context, user string) (ok bool, wait time.Duration)
}

func (g *Gateway) limit(w http.ResponseWriter, r *http.Request, user User) error {
	if g.options.Limiter == nil {
		return nil
	}
	ok, wait := g.options.Limiter.Allow(r.Context(), user.Name)
	if ok {
		return nil
	}
	w.Header().Set("Retry-After", strconv.Itoa(max(1, int((wait+time.Second-1)/time.Second))))
	return &Refusal{http.StatusTooManyRequests, "RateLimitError", "The user sends more requests than the gateway passes.", "rate_limited"}
}

// Rate is a Limiter of one process.
type Rate struct {
	perSecond rate.Limit
	burst     int
	now       func() time.Time
	mu        sync.Mutex
	users     map[string]*rate.Limiter
	swept     time.Time
}

// NewRate allows each user so many requests a second, and so many at once. now nil is time.Now.
func NewRate(perSecond float64, burst int, now func() time.Time) *Rate {
	if now == nil {
		now = time.Now
	}
	return &Rate{perSecond: rate.Limit(perSecond), burst: burst, now: now, users: map[string]*rate.Limiter{}}
}

// Allow counts a request.
func (l *Rate) Allow(_ context.Context, user string) (bool, time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if now.Sub(l.swept) > time.Minute {
		l.swept = now
		for name, each := range l.users {
			if each.TokensAt(now) >= float64(l.burst) { // as if it had never been here
				delete(l.users, name)
			}
		}
	}
	limiter := l.users[user]
	if limiter == nil {
		limiter = rate.NewLimiter(l.perSecond, l.burst)
		l.users[user] = limiter
	}
	if limiter.AllowN(now, 1) {
		return true, 0
	}
	missing := 1 - limiter.TokensAt(now)
	return false, time.Duration(missing / float64(l.perSecond) * float64(time.Second))
}
