package octostore

import (
	"net/http"
	"net/url"
	"time"
)

// keepingRoutes are the requests that keep and end a lease.
type keepingRoutes interface {
	// check fails if they cannot be made.
	check() error
	renew(leaseID string, ttl time.Duration) request
	release(leaseID string) request
}

// leaseRoutes are the same, with the request that acquires it.
type leaseRoutes interface {
	keepingRoutes
	acquire(body acquireRequest) request
}

// acquireRequest is the body of each request for a lease.
type acquireRequest struct {
	TTLSeconds  int64  `json:"ttl_seconds"`
	LeaseID     string `json:"lease_id"`
	WaitSeconds int64  `json:"wait_seconds"`
	Metadata    string `json:"metadata,omitempty"`
	SessionID   string `json:"session_id,omitempty"`
}

// leaseRequest is the body of the other requests about a lease.
type leaseRequest struct {
	LeaseID    string `json:"lease_id,omitempty"`
	TTLSeconds int64  `json:"ttl_seconds,omitempty"`
}

// routesOfLock are the requests for a lease of one lock.
type routesOfLock struct {
	name string
}

func (r routesOfLock) check() error {
	return checkName(r.name)
}

func (r routesOfLock) acquire(body acquireRequest) request {
	return r.post("acquire", body)
}

func (r routesOfLock) renew(leaseID string, ttl time.Duration) request {
	return r.post("renew", leaseRequest{LeaseID: leaseID, TTLSeconds: int64(ttl / time.Second)})
}

func (r routesOfLock) release(leaseID string) request {
	return r.post("release", leaseRequest{LeaseID: leaseID})
}

func (r routesOfLock) post(verb string, body any) request {
	return request{method: http.MethodPost, path: lockPath(r.name) + "/" + verb, body: body}
}

// lockPath encodes the whole name, so that a lock named "a/watch" is not mistaken for a watch of "a".
func lockPath(name string) string {
	return "/locks/" + url.PathEscape(name)
}
