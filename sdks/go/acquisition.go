package octostore

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"
)

// acquisition is one acquire, with all the requests that it needs.
type acquisition struct {
	transport *transport
	routes    leaseRoutes
	options   AcquireOptions
	// until is when its wait is over.
	until   instant
	outcome outcome
}

// givingUp is how to give up an acquire whose outcome is unknown.
type givingUp int

const (
	// inBackground releases the lease while the acquire returns.
	inBackground givingUp = iota
	// briefly makes one short attempt to release the lease before the acquire returns.
	briefly
)

func (t *transport) acquire(
	ctx context.Context, routes leaseRoutes, options AcquireOptions, how givingUp,
) (granted, error) {
	options, err := options.resolved(t.waitSlice)
	if err := cmp.Or(routes.check(), err); err != nil {
		return granted{}, err
	}
	a := &acquisition{transport: t, routes: routes, options: options, until: t.clock.now().add(options.Wait)}
	lease, err := a.run(ctx)
	if err != nil && a.outcome.isUnknown && !isMismatch(err) {
		t.giveUp(ctx, routes, options.LeaseID, how)
	}
	return lease, err
}

// run asks for the lock, repeatedly if necessary, because one request waits for only so long.
func (a *acquisition) run(ctx context.Context) (granted, error) {
	clock := a.transport.clock
	firstAskedAt := clock.now()
	for refusals := 1; ; refusals++ {
		askedAt, wait := clock.now(), a.waitOfRequest()
		lease, err := a.ask(ctx)
		if err == nil {
			if lease.Status == LeaseHeld {
				// An earlier attempt got the lease, and its response was lost.
				lease.sentAt = firstAskedAt
			}
			return lease, nil
		}
		if !errors.Is(err, ErrHeld) || clock.until(a.until) <= 0 {
			return granted{}, err
		}
		if clock.now().sub(askedAt) < wait/2 {
			// Refused much too early. Pause, so as not to retry at full speed.
			if err := pause(ctx, backoff(refusals, 0)); err != nil {
				return granted{}, err
			}
		}
	}
}

func (a *acquisition) ask(ctx context.Context) (granted, error) {
	c := call[granted]{
		attempt: attempt[granted]{request: a.request, read: readGranted},
		isSafe:  true,
		outcome: &a.outcome,
	}
	if a.options.Wait > 0 {
		c.patientUntil = a.until
	}
	return do(ctx, a.transport, c)
}

func (a *acquisition) request() request {
	wait := a.waitOfRequest()
	r := a.routes.acquire(acquireRequest{
		TTLSeconds:  int64(a.options.TTL / time.Second),
		LeaseID:     a.options.LeaseID,
		WaitSeconds: int64(wait / time.Second),
		Metadata:    a.options.Metadata,
		SessionID:   a.options.SessionID,

		LockDelaySeconds: int64(a.options.LockDelay / time.Second),
		MinHoldSeconds:   int64(a.options.MinHold / time.Second),
		Proof:            a.options.Proof,
	})
	r.wait = wait
	return r
}

// waitOfRequest is how long the next request may wait, in whole seconds.
func (a *acquisition) waitOfRequest() time.Duration {
	left := min(max(0, a.transport.clock.until(a.until)), a.options.WaitSlice)
	return (left + time.Second - 1).Truncate(time.Second)
}

// isMismatch reports whether the lease with this id is another one, which must not be released.
func isMismatch(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == "lease_mismatch"
}

// newUUID returns a random (version 4) UUID.
func newUUID() string {
	var id [16]byte
	// rand.Read never fails.
	_, _ = rand.Read(id[:])
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
