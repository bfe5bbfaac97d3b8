package octostore

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"time"
)

// granted is a lease, and when its request was sent. The lease cannot have begun earlier.
type granted struct {
	Lease
	sentAt time.Time
}

// leaseRequest is the body of the requests about a lease.
type leaseRequest struct {
	LeaseID    string `json:"lease_id"`
	TTLSeconds int64  `json:"ttl_seconds,omitempty"`
}

// renew renews a lease for a TTL.
func (t *transport) renew(ctx context.Context, name, leaseID string, ttl time.Duration) (granted, error) {
	if err := cmp.Or(checkName(name), checkTTL(ttl)); err != nil {
		return granted{}, err
	}
	return do(ctx, t, call[granted]{request: always(renewal(name, leaseID, ttl)), read: readGranted, isSafe: true})
}

// renewOnce makes one attempt at a renewal.
func (t *transport) renewOnce(ctx context.Context, name, leaseID string, ttl time.Duration) (granted, error) {
	return try(ctx, t, always(renewal(name, leaseID, ttl)), readGranted)
}

func renewal(name, leaseID string, ttl time.Duration) request {
	return request{
		method: http.MethodPost,
		path:   lockPath(name) + "/renew",
		body:   leaseRequest{LeaseID: leaseID, TTLSeconds: int64(ttl / time.Second)},
	}
}

func (t *transport) release(ctx context.Context, name, leaseID string) error {
	if err := checkName(name); err != nil {
		return err
	}
	r := request{method: http.MethodPost, path: lockPath(name) + "/release", body: leaseRequest{LeaseID: leaseID}}
	_, err := do(ctx, t, call[released]{request: always(r), read: decoded[released], isSafe: true, makesGo: true})
	return err
}

// releaseInBackground prevents a lock from staying held with no one using it.
func (t *transport) releaseInBackground(ctx context.Context, name, leaseID string) {
	ctx = context.WithoutCancel(ctx)
	go func() {
		// If it cannot be released, its lease expires on its own.
		_ = t.release(ctx, name, leaseID)
	}()
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

// lockPath encodes the whole name, so that a lock named "a/watch" is not mistaken for a watch of "a".
func lockPath(name string) string {
	return "/locks/" + url.PathEscape(name)
}
