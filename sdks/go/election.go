package octostore

import (
	"context"
	"errors"

	"octostore.io/go/octostore/internal/rules"
)

// Elect campaigns for a lock and runs lead while holding it, again and again until ctx is done. Then it returns nil,
// after lead has returned and the lock is released.
//
// The context of lead is cancelled when the lock is lost or the election is over. Elect waits for lead, so lead must
// return then. After a loss, Elect campaigns again. Elect ends with the error that lead returns, unless it comes from
// lead's cancelled context, and with errors that retrying cannot fix, such as [ErrAuthentication].
func (c *Client) Elect(
	ctx context.Context, name string, options ElectOptions, lead func(ctx context.Context, lock *Lock) error,
) error {
	for {
		lock, err := c.campaign(ctx, name, options)
		if err != nil {
			return unlessDone(ctx, err)
		}
		if err := leadWith(ctx, lock, lead); err != nil {
			return err
		}
		if options.Once || ctx.Err() != nil {
			return nil
		}
	}
}

// campaign returns the lock once it is acquired.
func (c *Client) campaign(ctx context.Context, name string, options ElectOptions) (*Lock, error) {
	hold := HoldOptions{
		TTL:      options.TTL,
		Wait:     rules.WaitPerRequestMax,
		Metadata: options.Metadata,
		Session:  options.Session,
	}
	for failures := 0; ; {
		lock, err := c.Hold(ctx, name, hold)
		switch {
		case err == nil:
			return lock, nil
		case errors.Is(err, ErrHeld):
			failures = 0
		case isMendable(err):
			failures++
			if err := pause(ctx, backoff(failures, retryAfterOf(err))); err != nil {
				return nil, err
			}
		default:
			return nil, err
		}
	}
}

func leadWith(ctx context.Context, lock *Lock, lead func(context.Context, *Lock) error) error {
	defer lock.Close()
	ctx, cancel := lock.bound(ctx)
	defer cancel()
	err := lead(ctx, lock)
	if errors.Is(err, context.Cause(ctx)) {
		return nil
	}
	return unlessDone(ctx, err)
}

// unlessDone returns the error, or nil if it only says that the context is done.
func unlessDone(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}
