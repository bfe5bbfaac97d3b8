package octostore

import (
	"context"
	"errors"
	"math"
	"net/http"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

// call is a request to the server, with as many attempts as it needs and as are safe.
type call[T any] struct {
	attempt[T]
	// isSafe means that it is harmless if the server does this twice.
	isSafe bool
	// makesGo is true for calls that remove something. If it is gone after an attempt with an unknown outcome, that
	// attempt did it.
	makesGo bool
	// outcome records whether an attempt may have taken effect without our knowing. Nil if no one needs it.
	outcome *outcome
	limits  limits
	// patientUntil is until when it goes on after failures, however many there are. An acquire that waits has this.
	patientUntil instant
}

// attempt is one attempt at something.
type attempt[T any] struct {
	// request builds the request.
	request func() request
	// read reads the response.
	read func(answer) (T, error)
	// isPublic means that it needs no token.
	isPublic bool
}

// limits of all attempts of a call together.
type limits struct {
	// deadline is when all attempts and pauses must have ended. 0 means never.
	deadline instant
	// attemptsMax is how many times it is sent. 0 means any number of times.
	attemptsMax int
}

// brief are the limits of one short attempt, for something that ends on its own anyway.
func brief(c *clock) limits {
	return limits{deadline: c.now().add(rules.CloseMaxWhenLost), attemptsMax: 1}
}

func (l limits) left(at instant) time.Duration {
	if l.deadline == 0 {
		return math.MaxInt64
	}
	return max(0, l.deadline.sub(at))
}

func (l limits) areReachedBy(attempts int) bool {
	return l.attemptsMax != 0 && attempts >= l.attemptsMax
}

// outcome is the outcome of one or more attempts.
type outcome struct {
	isUnknown bool
}

// get makes a GET request.
func get[T whole](ctx context.Context, t *transport, path string) (T, error) {
	return do(ctx, t, call[T]{attempt: attemptAt(request{method: http.MethodGet, path: path}, decoded[T]), isSafe: true})
}

// do makes a call and retries it where that is safe. It fails with the error of the last attempt.
func do[T any](ctx context.Context, t *transport, c call[T]) (T, error) {
	var none T
	seen := c.outcome
	if seen == nil {
		seen = &outcome{}
	}
	route := newRoute(t.servers, t.clock, 1+rules.RepeatsMax, c.patientUntil)
	for attempts := 1; ; attempts++ {
		if ctx.Err() != nil {
			return none, ctx.Err()
		}
		sentAt := t.clock.now()
		value, err := try(ctx, t, c.attempt, route.url, c.limits.left(sentAt))
		if err == nil {
			return value, nil
		}
		if c.makesGo && seen.isUnknown && errors.Is(err, ErrNotFound) && !isBroken(err) {
			return none, nil
		}
		seen.isUnknown = seen.isUnknown || leavesUnknown(err)
		if !mayRepeat(err, c.isSafe) || c.limits.areReachedBy(attempts) {
			return none, err
		}
		at := t.clock.now()
		wait, goesOn := route.next(err, at.sub(sentAt))
		if !goesOn || wait >= c.limits.left(at) {
			return none, err
		}
		if err := pause(ctx, wait); err != nil {
			return none, err
		}
	}
}

// try makes one attempt at one server, within a time. It is sent again only if the token was replaced, see sendAs.
func try[T any](ctx context.Context, t *transport, a attempt[T], server string, within time.Duration) (T, error) {
	value, err := sendAs(ctx, t.bearer, a.isPublic, func(token string) (T, error) {
		answered, err := t.exchange(ctx, a.request(), server, token, within)
		if err != nil {
			var none T
			return none, err
		}
		return understood(answered, a.read)
	})
	if err == nil {
		t.servers.keep(server)
	} else if isFaultOfServer(err) {
		t.servers.leave(server)
	}
	return value, err
}

// attemptAt is an attempt that always sends the same request.
func attemptAt[T any](r request, read func(answer) (T, error)) attempt[T] {
	return attempt[T]{request: func() request { return r }, read: read}
}

// isTransient reports whether the same request may well succeed a moment later.
func isTransient(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Kind {
	case ErrNetwork, ErrTimeout, ErrUnavailable:
		return true
	case ErrLimit:
		return e.Status == http.StatusTooManyRequests
	case ErrServer:
		return isSuccess(e.Status)
	default:
		return false
	}
}

// isMendable reports whether the same request may ever succeed, even if only after the server is repaired.
func isMendable(err error) bool {
	// After a break, another request gets another lease.
	return isTransient(err) || errors.Is(err, ErrServer) || isBroken(err)
}

// isBroken reports whether someone else has ended a lease, which no attempt of our own can have done.
func isBroken(err error) bool {
	var broken *LeaseBrokenError
	return errors.As(err, &broken)
}

// isFaultOfServer reports whether another server may well answer the same request properly.
func isFaultOfServer(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Kind {
	case ErrNetwork, ErrTimeout, ErrUnavailable, ErrServer:
		return true
	default:
		return false
	}
}

func mayRepeat(err error, isSafe bool) bool {
	return isTransient(err) && (isSafe || wasWithoutEffect(err))
}

// leavesUnknown reports whether the server may have done it despite the error. Errors of other types come from a context
// whose caller stopped waiting.
func leavesUnknown(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return true
	}
	switch e.Kind {
	case ErrNetwork, ErrUnavailable:
		return !wasWithoutEffect(err)
	case ErrTimeout, ErrServer:
		return true
	default:
		return false
	}
}

// wasWithoutEffect reports whether it is certain that the server has not begun with the request.
func wasWithoutEffect(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	if e.Kind == ErrUnavailable {
		return e.Code == "no_leader" || e.Code == "shutting_down"
	}
	return e.unsent
}

func retryAfterOf(err error) time.Duration {
	var e *Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.RetryAfter
}
