package octostore

import (
	"context"
	"errors"
	"net/http"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

// call is something asked of the server, in as many attempts as it takes and as are safe.
type call[T any] struct {
	// request says what the next attempt sends.
	request func() request
	// read makes out the answer of an attempt.
	read func(answer) (T, error)
	// isSafe says that it does no harm if the server does it twice.
	isSafe bool
	// makesGo says that it makes something go away: if that is gone after an attempt of unknown outcome, that attempt did
	// it.
	makesGo bool
	// outcome is where to tell whether an attempt may have taken effect without our knowing; nil if nobody asks.
	outcome *outcome
}

// outcome is what came of some attempts.
type outcome struct {
	isUnknown bool
}

// get reads something.
func get[T whole](ctx context.Context, t *transport, path string) (T, error) {
	return do(ctx, t, call[T]{request: always(request{method: http.MethodGet, path: path}), read: decoded[T], isSafe: true})
}

// do makes a call, and repeats it by the rules. It fails with the error of the last attempt.
func do[T any](ctx context.Context, t *transport, c call[T]) (T, error) {
	var none T
	seen := c.outcome
	if seen == nil {
		seen = &outcome{}
	}
	for failures := 1; ; failures++ {
		if ctx.Err() != nil {
			return none, ctx.Err()
		}
		value, err := try(ctx, t, c.request, c.read)
		if err == nil {
			return value, nil
		}
		if c.makesGo && seen.isUnknown && errors.Is(err, ErrNotFound) {
			return none, nil
		}
		seen.isUnknown = seen.isUnknown || leavesUnknown(err)
		if failures > rules.RepeatsMax || !mayRepeat(err, c.isSafe) {
			return none, err
		}
		if err := pause(ctx, backoff(failures, retryAfterOf(err))); err != nil {
			return none, err
		}
	}
}

// try makes one attempt, without repeats but those of sendAs.
func try[T any](ctx context.Context, t *transport, request func() request, read func(answer) (T, error)) (T, error) {
	return sendAs(ctx, t.bearer, func(token string) (T, error) {
		a, err := t.exchange(ctx, request(), token)
		if err != nil {
			var none T
			return none, err
		}
		return understood(a, read)
	})
}

func always(r request) func() request {
	return func() request { return r }
}

// isTransient reports whether the same thing may well succeed some moments later.
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

// isMendable reports whether the same thing may succeed at some time, be it after the server was repaired.
func isMendable(err error) bool {
	return isTransient(err) || errors.Is(err, ErrServer)
}

func mayRepeat(err error, isSafe bool) bool {
	if !isTransient(err) || retryAfterOf(err) > rules.RetryAfterMax {
		return false
	}
	return isSafe || isUnsent(err)
}

// leavesUnknown reports whether the server may or may not have done what was answered like this. What is no error of ours
// is that of a context, whose caller did not wait for the answer.
func leavesUnknown(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return true
	}
	switch e.Kind {
	case ErrNetwork:
		return !e.unsent
	case ErrTimeout, ErrUnavailable, ErrServer:
		return true
	default:
		return false
	}
}

func isUnsent(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.unsent
}

func retryAfterOf(err error) time.Duration {
	var e *Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.RetryAfter
}
