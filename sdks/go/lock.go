package octostore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

// Lock is a lock that you hold. It is renewed in the background until it is closed or lost. It is safe for concurrent
// use. Close it, even if it is lost: a Lock that is garbage-collected without having been closed is no longer renewed, and the
// client's logger gets a warning.
type Lock struct {
	*keeper
	grip *grip
	// session must not be collected before the lock.
	session *Session
}

// String is for logs and debugging. It does not contain the id of the lease.
func (l *Lock) String() string {
	return fmt.Sprintf("octostore.Lock(%s, fencing token %d, %s)", l.Name(), l.FencingToken(), l.state())
}

// GoString is the same for the verb %#v.
func (l *Lock) GoString() string {
	return l.String()
}

// Name returns the name of the lock.
func (l *Lock) Name() string {
	return l.grip.lease.Name
}

// LeaseID returns the id of the lease, which proves that you hold the lock.
func (l *Lock) LeaseID() string {
	return l.grip.lease.LeaseID
}

// FencingToken returns a number that is higher than that of every earlier grant. Send it with every write to what the
// lock protects, which must refuse any token lower than the highest it has seen.
func (l *Lock) FencingToken() int64 {
	return l.grip.lease.FencingToken
}

// Close releases the lock, and waits until that is done or has failed. It takes no longer than what is left of the lease. It
// does not return an error: a lock that cannot be released expires on its own. Closing twice does nothing.
func (l *Lock) Close() {
	// It is not forgotten while it is being closed.
	defer runtime.KeepAlive(l)
	_ = l.close(l.base)
}

// Release does what Close does, but returns an error if the server cannot be reached. It is not an error if the lock was
// already lost.
func (l *Lock) Release(ctx context.Context) error {
	defer runtime.KeepAlive(l)
	return l.close(ctx)
}

// Hold acquires a lock and renews it in the background until it is closed. It fails with a [HeldError] if the lock is
// still held after options.Wait. When ctx ends, the wait ends; a lock that you already hold is not affected.
func (c *Client) Hold(ctx context.Context, name string, options HoldOptions) (*Lock, error) {
	return c.transport.hold(ctx, routesOfLock{name}, options, inBackground)
}

// WithLock holds a lock while use runs, and returns what use returns. The context of use is derived from ctx, and is also
// cancelled when the lock is lost. The lock is released however use ends.
//
// If the lock was lost while use ran, WithLock returns a [LockLostError], even if use returned nil. If use returned an error,
// errors.Is and errors.As find that one too.
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
	err = use(ctx, lock)
	if lock.IsLost() {
		return errors.Join(err, lockLostError(name, lock.Err()))
	}
	return err
}

func (t *transport) hold(ctx context.Context, routes leaseRoutes, options HoldOptions, how givingUp) (*Lock, error) {
	ttl := cmp.Or(options.TTL, rules.TTLDefault)
	asked := AcquireOptions{
		TTL:       ttl,
		Wait:      options.Wait,
		WaitSlice: options.WaitSlice,
		Metadata:  options.Metadata,
	}
	if options.Session != nil {
		asked.SessionID = options.Session.id
	}
	got, err := t.acquire(ctx, routes, asked, how)
	if err != nil {
		return nil, err
	}
	if got, err = t.freshened(ctx, routes, got, ttl, how); err != nil {
		return nil, err
	}
	return t.keepLock(ctx, routes, got, ttl, options.Session), nil
}

func (t *transport) keepLock(
	ctx context.Context, routes keepingRoutes, got granted, ttl time.Duration, session *Session,
) *Lock {
	thing := renewable{
		what: "the lock " + got.Name,
		ttl:  ttl,
		renew: func(ctx context.Context, server string) (instant, error) {
			once := renewal(routes, got.LeaseID, ttl, t.renewalTimeout(ttl))
			renewed, err := try(ctx, t, once, server, math.MaxInt64)
			return renewed.sentAt, err
		},
		giveBack: func(ctx context.Context, within limits) error {
			return t.release(ctx, routes, got.LeaseID, within)
		},
	}
	if session != nil {
		thing.within = session.keeper
	}
	lock := &Lock{t.keep(ctx, thing, got.sentAt), &grip{&got.Lease}, session}
	runtime.AddCleanup(lock, (*keeper).abandon, lock.keeper)
	return lock
}

// freshened returns a lease with a recent time to count from. The lease began some time after its request was sent. If
// that was long ago, freshened renews it and counts from the renewal.
func (t *transport) freshened(
	ctx context.Context, routes keepingRoutes, got granted, ttl time.Duration, how givingUp,
) (granted, error) {
	if t.clock.now().sub(got.sentAt) < ttl/rules.RenewalsPerTTL {
		return got, nil
	}
	renewed, err := t.renew(ctx, routes, got.LeaseID, ttl, t.renewalTimeout(ttl))
	if err != nil {
		t.giveUp(ctx, routes, got.LeaseID, how)
	}
	return renewed, err
}
