package octostore

import (
	"context"
	"errors"
	"net/http"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

// call is a request to the server, with as many attempts as it needs and as are safe.
type call[T any] struct {
	// request builds the request of the next attempt.
	request func() request
	// read reads the response of an attempt.
	read func(answer) (T, error)
	// isSafe means that it is harmless if the server does this twice.
	isSafe bool
	// makesGo is true for calls that remove something. If it is gone after an attempt with an unknown outcome, that
	// attempt did it.
	makesGo bool
	// outcome records whether an attempt may have taken effect without our knowing. Nil if no one needs it.
	outcome *outcome
}

// outcome is the outcome of one or more attempts.
type outcome struct {
	isUnknown bool
}

// get makes a GET request.
func get[T whole](ctx context.Context, t *transport, path string) (T, error) {
	return do(ctx, t, call[T]{request: always(request{method: http.MethodGet, path: path}), read: decoded[T], isSafe: true})
}

// do makes a call and retries it where that is safe. It fails with the error of the last attempt.
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

// try makes one attempt. It is sent again only if the token was replaced, see sendAs.
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
	return isTransient(err) || errors.Is(err, ErrServer)
}

func mayRepeat(err error, isSafe bool) bool {
	if !isTransient(err) || retryAfterOf(err) > rules.RetryAfterMax {
		return false
	}
	return isSafe || isUnsent(err)
}

// leavesUnknown reports whether the server may have done it despite the error. Errors of other types come from a context
// whose caller stopped waiting.
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
