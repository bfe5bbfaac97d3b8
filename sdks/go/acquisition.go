package octostore

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

// acquisition is one acquire, with all the requests that it needs.
type acquisition struct {
	transport *transport
	name      string
	options   AcquireOptions
	// until is when its wait is over.
	until   time.Time
	outcome outcome
}

// acquireRequest is the body of each request.
type acquireRequest struct {
	TTLSeconds  int64  `json:"ttl_seconds"`
	LeaseID     string `json:"lease_id"`
	WaitSeconds int64  `json:"wait_seconds"`
	Metadata    string `json:"metadata,omitempty"`
	SessionID   string `json:"session_id,omitempty"`
}

func (t *transport) acquire(ctx context.Context, name string, options AcquireOptions) (granted, error) {
	options, err := options.resolved()
	if err := cmp.Or(checkName(name), err); err != nil {
		return granted{}, err
	}
	a := &acquisition{transport: t, name: name, options: options, until: time.Now().Add(options.Wait)}
	lease, err := a.run(ctx)
	if err != nil && a.outcome.isUnknown {
		t.releaseInBackground(ctx, name, options.LeaseID)
	}
	return lease, err
}

// run asks for the lock, repeatedly if necessary, because one request can wait for at most a minute.
func (a *acquisition) run(ctx context.Context) (granted, error) {
	firstAskedAt := time.Now()
	for refusals := 1; ; refusals++ {
		askedAt, wait := time.Now(), a.waitOfRequest()
		lease, err := a.ask(ctx)
		if err == nil {
			if lease.Status == LeaseHeld {
				// An earlier attempt got the lease, and its response was lost.
				lease.sentAt = firstAskedAt
			}
			return lease, nil
		}
		if !errors.Is(err, ErrHeld) || !time.Now().Before(a.until) {
			return granted{}, err
		}
		if time.Since(askedAt) < wait/2 {
			// Refused much too early. Pause, so as not to retry at full speed.
			if err := pause(ctx, backoff(refusals, 0)); err != nil {
				return granted{}, err
			}
		}
	}
}

func (a *acquisition) ask(ctx context.Context) (granted, error) {
	return do(ctx, a.transport, call[granted]{
		request: a.request,
		read:    readGranted,
		isSafe:  true,
		outcome: &a.outcome,
	})
}

func (a *acquisition) request() request {
	wait := a.waitOfRequest()
	return request{
		method: http.MethodPost,
		path:   lockPath(a.name) + "/acquire",
		body: acquireRequest{
			TTLSeconds:  int64(a.options.TTL / time.Second),
			LeaseID:     a.options.LeaseID,
			WaitSeconds: int64(wait / time.Second),
			Metadata:    a.options.Metadata,
			SessionID:   a.options.SessionID,
		},
		wait: wait,
	}
}

// waitOfRequest is how long the next request may wait, in whole seconds.
func (a *acquisition) waitOfRequest() time.Duration {
	left := min(max(0, time.Until(a.until)), rules.WaitPerRequestMax)
	return (left + time.Second - 1).Truncate(time.Second)
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
