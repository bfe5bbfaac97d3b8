package octostore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"

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

// Name returns the name of the lock. If you hold several: of the first.
func (l *Lock) Name() string {
	return l.grip.current().Name
}

// LeaseID returns the id of the lease, which proves that you hold the lock.
func (l *Lock) LeaseID() string {
	return l.grip.current().LeaseID
}

// FencingToken returns a number that is higher than that of every earlier grant. Send it with every write to what the
// lock protects, which must refuse any token lower than the highest it has seen. It changes only if you convert a lock to
// [Exclusive].
func (l *Lock) FencingToken() int64 {
	return l.grip.current().FencingToken
}

// Locks returns all locks that you hold, in the order in which you asked for them.
func (l *Lock) Locks() []LeaseLock {
	return l.grip.current().Locks
}

// Slots returns the numbers of your permits of the lock, if it is counted. If you hold several locks: of the first.
func (l *Lock) Slots() []int {
	return l.grip.current().Slots
}

// Proof returns the proof of the lease, or "" unless you asked for one. Each renewal replaces it, so call this each time that you
// need it. After a conversion, it says how you held the lock before, until the next renewal.
func (l *Lock) Proof() string {
	return l.grip.current().Proof
}

// ReleaseRequested returns the latest request of someone else to release a lock that you hold, or nil. You decide.
func (l *Lock) ReleaseRequested() *ReleaseRequest {
	return l.grip.current().ReleaseRequested
}

// ReleaseRequests returns a channel that gets each request of someone else to release a lock that you hold, once. The handle learns
// of it when it next renews, within a third of the TTL. If you have not received one before the next comes, you get the latest. It
// is never closed: also wait for Done.
func (l *Lock) ReleaseRequests() <-chan ReleaseRequest {
	return l.grip.requests
}

// Convert holds the lock, or the first one of several, in another mode, without letting go of it. See [Lock.ConvertLock].
func (l *Lock) Convert(ctx context.Context, mode LockMode) error {
	return l.ConvertLock(ctx, l.Name(), mode)
}

// ConvertLock holds one of the locks in another mode, without letting go of it. If you already do, nothing changes.
//
//   - [Shared] always succeeds, and lets waiting readers in.
//   - [Exclusive] succeeds only if no one else holds the lock, ahead of everyone in line. You get a new fencing token, which
//     replaces the old one for all locks of the handle. If others hold the lock, it fails with a [HeldError] without waiting.
//
// It fails with [ErrValidation] if the lock is counted or the handle does not hold it, and with [ErrNotFound] if it is lost. If the
// outcome is unknown, after an [ErrNetwork] for example, the next renewal updates Locks and FencingToken.
func (l *Lock) ConvertLock(ctx context.Context, name string, mode LockMode) error {
	defer runtime.KeepAlive(l)
	lease := l.grip.current()
	if !slices.ContainsFunc(lease.Locks, func(lock LeaseLock) bool { return lock.Name == name }) {
		return validationError("the handle does not hold this lock")
	}
	err := l.grip.convert(func() (Lease, error) {
		return l.transport.convert(ctx, name, lease.LeaseID, mode)
	})
	if errors.Is(err, ErrNotFound) {
		l.gone(err)
	}
	return err
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
	return c.transport.hold(ctx, routesOfLock{name, demand{options.Mode, options.Limit, options.Permits}}, options, inBackground)
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
		LockDelay: options.LockDelay,
		MinHold:   options.MinHold,
		Proof:     options.Proof,
		LeaseID:   options.LeaseID,
	}
	if options.Session != nil {
		asked.SessionID = options.Session.id
	}
	got, err := t.acquire(ctx, routes, asked, how)
	if err != nil {
		return nil, err
	}
	renewals := renewalOptions{leaseID: got.LeaseID, ttl: ttl, proof: options.Proof, timeout: t.renewalTimeout(ttl)}
	if got, err = t.freshened(ctx, routes, got, renewals, how); err != nil {
		return nil, err
	}
	return t.keepLock(ctx, routes, got, renewals, options.Session), nil
}

func (t *transport) keepLock(
	ctx context.Context, routes keepingRoutes, got granted, renewals renewalOptions, session *Session,
) *Lock {
	held := newGrip(got.Lease)
	thing := renewable{
		what: nameOf(got.Locks),
		ttl:  renewals.ttl,
		renew: func(ctx context.Context, server string) (instant, error) {
			conversions := held.beginRenewal()
			renewed, err := try(ctx, t, renewal(routes, renewals), server, math.MaxInt64)
			if err == nil {
				held.endRenewal(conversions, renewed.Lease)
			}
			return renewed.sentAt, err
		},
		giveBack: func(ctx context.Context, within limits) error {
			return t.release(ctx, routes, got.LeaseID, within)
		},
		event: func() HandleEvent {
			lease := held.current()
			return HandleEvent{Lock: lease.Name, Locks: namesOf(lease.Locks), FencingToken: lease.FencingToken}
		},
	}
	if session != nil {
		thing.within = session.keeper
	}
	lock := &Lock{t.keep(ctx, thing, got.sentAt), held, session}
	runtime.AddCleanup(lock, (*keeper).abandon, lock.keeper)
	return lock
}

// nameOf is for messages.
func nameOf(locks []LeaseLock) string {
	names := namesOf(locks)
	if len(names) == 1 {
		return "the lock " + names[0]
	}
	return "the lease of " + strings.Join(names, ", ")
}

func namesOf(locks []LeaseLock) []string {
	names := make([]string, 0, len(locks))
	for _, lock := range locks {
		names = append(names, lock.Name)
	}
	return names
}

// freshened returns a lease with a recent time to count from. The lease began some time after its request was sent. If
// that was long ago, freshened renews it and counts from the renewal.
func (t *transport) freshened(
	ctx context.Context, routes keepingRoutes, got granted, renewals renewalOptions, how givingUp,
) (granted, error) {
	if t.clock.now().sub(got.sentAt) < renewals.ttl/rules.RenewalsPerTTL {
		return got, nil
	}
	renewed, err := t.renew(ctx, routes, renewals)
	if err != nil {
		t.giveUp(ctx, routes, got.LeaseID, how)
	}
	return renewed, err
}
