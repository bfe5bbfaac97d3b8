package octostore

import (
	"context"
	"time"
)

// Lease returns one of your leases, whatever it locks. It fails with [ErrNotFound] if you have no such lease, and with
// [ErrValidation] and the code "ambiguous_lease_id" if you chose one id for several.
func (c *Client) Lease(ctx context.Context, leaseID string) (Lease, error) {
	return get[Lease](ctx, c.transport, leasePath(leaseID))
}

// RenewLease renews a lease with all its locks for a TTL from now, in whole seconds from 1 to 3600.
func (c *Client) RenewLease(ctx context.Context, leaseID string, ttl time.Duration) (Lease, error) {
	got, err := c.transport.renew(ctx, routesOfLocks{}, renewalOptions{leaseID: leaseID, ttl: ttl})
	return got.Lease, err
}

// ReleaseLease releases all locks of a lease.
func (c *Client) ReleaseLease(ctx context.Context, leaseID string) error {
	return c.transport.release(ctx, routesOfLocks{}, leaseID, limits{})
}

// AcquireAll acquires several locks under one lease, all of them or none, without renewing it. The Mode, Limit and Permits are those
// of the locks, not of options. Prefer [Client.HoldAll].
func (c *Client) AcquireAll(ctx context.Context, locks []WantedLock, options AcquireOptions) (Lease, error) {
	routes, err := newRoutesOfLocks(locks, demand{options.Mode, options.Limit, options.Permits})
	if err != nil {
		return Lease{}, err
	}
	got, err := c.transport.acquire(ctx, routes, options, inBackground)
	return got.Lease, err
}

// HoldAll acquires several locks under one lease, all of them or none, and renews it in the background until it is closed. The Mode,
// Limit and Permits are those of the locks, not of options.
func (c *Client) HoldAll(ctx context.Context, locks []WantedLock, options HoldOptions) (*Lock, error) {
	routes, err := newRoutesOfLocks(locks, demand{options.Mode, options.Limit, options.Permits})
	if err != nil {
		return nil, err
	}
	return c.transport.hold(ctx, routes, options, inBackground)
}
