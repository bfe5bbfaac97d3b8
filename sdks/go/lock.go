package octostore

import (
	"cmp"
	"context"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

// Lock is a lock that you hold. It is renewed in the background until it is closed or lost. It is safe for concurrent
// use.
type Lock struct {
	*keeper
	lease Lease
}

// Name returns the name of the lock.
func (l *Lock) Name() string {
	return l.lease.Name
}

// LeaseID returns the id of the lease, which proves that you hold the lock.
func (l *Lock) LeaseID() string {
	return l.lease.LeaseID
}

// FencingToken returns a number that is higher than that of every earlier grant. Send it with every write to what the
// lock protects, which must refuse any token lower than the highest it has seen.
func (l *Lock) FencingToken() int64 {
	return l.lease.FencingToken
}

// Release does what Close does, but returns an error if the server cannot be reached. It is not an error if the lock was
// already lost.
func (l *Lock) Release(ctx context.Context) error {
	return l.close(ctx)
}

// Hold acquires a lock and renews it in the background until it is closed. It fails with a [HeldError] if the lock is
// still held after options.Wait. When ctx ends, the wait ends; a lock that you already hold is not affected.
func (c *Client) Hold(ctx context.Context, name string, options HoldOptions) (*Lock, error) {
	ttl := cmp.Or(options.TTL, rules.TTLDefault)
	asked := AcquireOptions{TTL: ttl, Wait: options.Wait, Metadata: options.Metadata}
	var within *keeper
	if options.Session != nil {
		within, asked.SessionID = options.Session.keeper, options.Session.id
	}
	got, err := c.transport.acquire(ctx, name, asked)
	if err != nil {
		return nil, err
	}
	if got, err = c.transport.freshened(ctx, got, ttl); err != nil {
		return nil, err
	}
	return &Lock{c.transport.keepLock(ctx, got, ttl, within), got.Lease}, nil
}

// WithLock holds a lock while use runs, and returns what use returns. The context of use is derived from ctx, and is also
// cancelled when the lock is lost. The lock is released however use ends.
func (c *Client) WithLock(
	ctx context.Context, name string, options HoldOptions, use func(ctx context.Context, lock *Lock) error,
) error {
	lock, err := c.Hold(ctx, name, options)
	if err != nil {
		return err
	}
	defer lock.Close()
	ctx, cancel := lock.bound(ctx)
	defer cancel()
	return use(ctx, lock)
}

func (t *transport) keepLock(ctx context.Context, got granted, ttl time.Duration, within *keeper) *keeper {
	return keep(ctx, renewable{
		what: "the lock " + got.Name,
		ttl:  ttl,
		renew: func(ctx context.Context) (time.Time, error) {
			renewed, err := t.renewOnce(ctx, got.Name, got.LeaseID, ttl)
			return renewed.sentAt, err
		},
		giveBack: func(ctx context.Context) error {
			return t.release(ctx, got.Name, got.LeaseID)
		},
		within: within,
	}, got.sentAt)
}

// freshened returns a lease with a recent time to count from. The lease began some time after its request was sent. If
// that was long ago, freshened renews it and counts from the renewal.
func (t *transport) freshened(ctx context.Context, got granted, ttl time.Duration) (granted, error) {
	if time.Since(got.sentAt) < ttl/rules.RenewalsPerTTL {
		return got, nil
	}
	renewed, err := t.renew(ctx, got.Name, got.LeaseID, ttl)
	if err != nil {
		t.releaseInBackground(ctx, got.Name, got.LeaseID)
	}
	return renewed, err
}
