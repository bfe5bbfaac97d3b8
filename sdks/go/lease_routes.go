package octostore

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// renewalOptions are what a lease is to be like from now on.
type renewalOptions struct {
	leaseID string
	ttl     time.Duration
	proof   bool
	// timeout is that of one attempt. 0 is the client's.
	timeout time.Duration
}

// keepingRoutes are the requests that keep and end a lease.
type keepingRoutes interface {
	// check fails if they cannot be made.
	check() error
	renew(renewalOptions) request
	release(leaseID string) request
}

// leaseRoutes are the same, with the request that acquires it.
type leaseRoutes interface {
	keepingRoutes
	acquire(body acquireRequest) request
}

// demand is how you want to hold a lock.
type demand struct {
	Mode    LockMode `json:"mode,omitempty"`
	Limit   int      `json:"limit,omitempty"`
	Permits int      `json:"permits,omitempty"`
}

// acquireRequest is the body of each request for a lease.
type acquireRequest struct {
	TTLSeconds       int64  `json:"ttl_seconds"`
	LeaseID          string `json:"lease_id"`
	WaitSeconds      int64  `json:"wait_seconds"`
	Metadata         string `json:"metadata,omitempty"`
	SessionID        string `json:"session_id,omitempty"`
	LockDelaySeconds int64  `json:"lock_delay_seconds,omitempty"`
	MinHoldSeconds   int64  `json:"min_hold_seconds,omitempty"`
	Proof            bool   `json:"proof,omitempty"`
	// demand is for one lock.
	demand
	// Locks is for several.
	Locks []WantedLock `json:"locks,omitempty"`
}

// leaseRequest is the body of the other requests about a lease.
type leaseRequest struct {
	LeaseID    string   `json:"lease_id,omitempty"`
	TTLSeconds int64    `json:"ttl_seconds,omitempty"`
	Proof      bool     `json:"proof,omitempty"`
	Mode       LockMode `json:"mode,omitempty"`
}

// routesOfLock are the requests for a lease of one lock.
type routesOfLock struct {
	name   string
	demand demand
}

func (r routesOfLock) check() error {
	return checkName(r.name)
}

func (r routesOfLock) acquire(body acquireRequest) request {
	body.demand = r.demand
	return r.post("acquire", body)
}

func (r routesOfLock) renew(o renewalOptions) request {
	return r.post("renew", leaseRequest{LeaseID: o.leaseID, TTLSeconds: int64(o.ttl / time.Second), Proof: o.proof})
}

func (r routesOfLock) release(leaseID string) request {
	return r.post("release", leaseRequest{LeaseID: leaseID})
}

func (r routesOfLock) post(verb string, body any) request {
	return request{method: http.MethodPost, path: lockPath(r.name) + "/" + verb, body: body}
}

// routesOfLocks are the requests for a lease of several locks, and for any lease by its id.
type routesOfLocks struct {
	locks []WantedLock
}

func newRoutesOfLocks(locks []WantedLock, ofOptions demand) (routesOfLocks, error) {
	if len(locks) == 0 {
		return routesOfLocks{}, validationError("there must be at least one lock")
	}
	if ofOptions != (demand{}) {
		return routesOfLocks{}, validationError("of several locks, each has its own mode, limit and permits")
	}
	return routesOfLocks{slices.Clone(locks)}, nil
}

func (r routesOfLocks) check() error {
	errs := make([]error, 0, len(r.locks))
	for _, lock := range r.locks {
		errs = append(errs, checkName(lock.Name))
	}
	return cmp.Or(errs...)
}

func (r routesOfLocks) acquire(body acquireRequest) request {
	body.Locks = r.locks
	return request{method: http.MethodPost, path: "/leases", body: body}
}

func (r routesOfLocks) renew(o renewalOptions) request {
	body := leaseRequest{TTLSeconds: int64(o.ttl / time.Second), Proof: o.proof}
	return request{method: http.MethodPost, path: leasePath(o.leaseID) + "/renew", body: body}
}

func (r routesOfLocks) release(leaseID string) request {
	return request{method: http.MethodDelete, path: leasePath(leaseID)}
}

// conversion is the request to hold one lock of a lease in another mode.
func conversion(name, leaseID string, mode LockMode) request {
	return routesOfLock{name: name}.post("convert", leaseRequest{LeaseID: leaseID, Mode: mode})
}

// lockPath encodes the whole name, so that a lock named "a/watch" is not mistaken for a watch of "a".
func lockPath(name string) string {
	return "/locks/" + url.PathEscape(name)
}

func leasePath(leaseID string) string {
	return "/leases/" + url.PathEscape(leaseID)
}
