package octostore

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

// granted is a lease, and when its request was sent. The lease cannot have begun earlier.
type granted struct {
	Lease
	sentAt instant
}

// renew renews a lease.
func (t *transport) renew(ctx context.Context, routes keepingRoutes, o renewalOptions) (granted, error) {
	if err := cmp.Or(routes.check(), checkTTL(o.ttl)); err != nil {
		return granted{}, err
	}
	return do(ctx, t, call[granted]{attempt: renewal(routes, o), isSafe: true})
}

// renewal is one attempt at a renewal.
func renewal(routes keepingRoutes, o renewalOptions) attempt[granted] {
	r := routes.renew(o)
	r.timeout = o.timeout
	return attemptAt(r, readGranted)
}

// convert holds one lock of a lease in another mode. If the lease already does, nothing changes, so it is safe to repeat.
func (t *transport) convert(ctx context.Context, name, leaseID string, mode LockMode) (Lease, error) {
	r := conversion(name, leaseID, mode)
	return do(ctx, t, call[Lease]{attempt: attemptAt(r, decoded[Lease]), isSafe: true})
}

// renewalTimeout is that of one attempt at a renewal. It is short, so that a server that hangs does not cost the lease.
func (t *transport) renewalTimeout(ttl time.Duration) time.Duration {
	return min(t.timeout, ttl/rules.RenewalTimeoutsPerTTL)
}

func (t *transport) release(ctx context.Context, routes keepingRoutes, leaseID string, within limits) error {
	if err := routes.check(); err != nil {
		return err
	}
	_, err := do(ctx, t, call[released]{
		attempt: attemptAt(routes.release(leaseID), decoded[released]),
		isSafe:  true,
		makesGo: true,
		limits:  within,
	})
	return err
}

// giveUp prevents a lock from staying held with no one using it. If it cannot be released, its lease expires on its own.
func (t *transport) giveUp(ctx context.Context, routes keepingRoutes, leaseID string, how givingUp) {
	ctx = context.WithoutCancel(ctx)
	release := func() error {
		if how == briefly {
			return t.release(ctx, routes, leaseID, brief(t.clock))
		}
		return t.release(ctx, routes, leaseID, limits{})
	}
	if how == briefly {
		if err := release(); isNotFound(err) {
			go releaseAgain(ctx, release)
		}
		return
	}
	go func() {
		if err := release(); isNotFound(err) {
			releaseAgain(ctx, release)
		}
	}()
}

// releaseAgain is for a release that may have overtaken the acquire, whose connection is different.
func releaseAgain(ctx context.Context, release func() error) {
	for _, delay := range []time.Duration{rules.ReleaseAgainDelayFirst, rules.ReleaseAgainDelaySecond} {
		if pause(ctx, delay) != nil || !isNotFound(release()) {
			return
		}
	}
}

func isNotFound(err error) bool {
	return errors.Is(err, ErrNotFound)
}

// list reads all pages.
func (t *transport) list(ctx context.Context, options ListOptions) ([]HeldLock, error) {
	query := url.Values{}
	if options.Prefix != "" {
		query.Set("prefix", options.Prefix)
	}
	if options.Mine {
		query.Set("owner", "me")
	}
	locks := []HeldLock{}
	for {
		page, err := get[lockPage](ctx, t, "/locks?"+query.Encode())
		if err != nil {
			return nil, err
		}
		locks = append(locks, page.Locks...)
		if page.NextCursor == "" {
			return locks, nil
		}
		query.Set("cursor", page.NextCursor)
	}
}

func readGranted(a answer) (granted, error) {
	lease, err := decoded[Lease](a)
	return granted{lease, a.sentAt}, err
}
