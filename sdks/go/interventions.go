package octostore

import (
	"context"
	"net/http"
)

// BreakOptions say which leases to break, and why.
type BreakOptions struct {
	// Reason is what the former holders are told, 1 to 256 bytes.
	Reason string
	// FencingToken is that of the lease to end. 0 ends all that hold the lock now.
	FencingToken int64
}

// Break is what a break has ended.
type Break struct {
	// LeaseCount is the number of leases.
	LeaseCount int `json:"lease_count"`
	// FencingTokens are those of the first 100 of them, in the order they were granted.
	FencingTokens []int64 `json:"fencing_tokens"`
	// EndedDelay means that no one held the lock, and it is now available instead of delayed.
	EndedDelay bool `json:"ended_delay"`
}

func (b Break) isWhole() bool {
	return b.FencingTokens != nil
}

// requested is the response to a request for a release.
type requested struct {
	Status string `json:"status"`
}

func (r requested) isWhole() bool {
	return r.Status == "release_requested"
}

// RequestRelease asks the holders of a lock to release it. They learn of it at their next renewals, and decide. The message, which
// may be empty, has at most 256 bytes. A second request replaces the first.
func (c *Client) RequestRelease(ctx context.Context, name, message string) error {
	if err := checkName(name); err != nil {
		return err
	}
	r := request{
		method: http.MethodPost,
		path:   lockPath(name) + "/request-release",
		body: struct {
			Message string `json:"message,omitempty"`
		}{message},
	}
	_, err := do(ctx, c.transport, call[requested]{attempt: attemptAt(r, decoded[requested]), isSafe: true})
	return err
}

// BreakLock ends leases of others. Their holders learn of it as a [LeaseBrokenError]. It fails with [ErrPermission] if you may not
// do so. It is not retried once it has been sent, because someone else could hold the lock by then.
func (c *Client) BreakLock(ctx context.Context, name string, options BreakOptions) (Break, error) {
	if err := checkName(name); err != nil {
		return Break{}, err
	}
	r := request{
		method: http.MethodPost,
		path:   lockPath(name) + "/break",
		body: struct {
			Reason       string `json:"reason"`
			FencingToken int64  `json:"fencing_token,omitempty"`
		}{options.Reason, options.FencingToken},
	}
	return do(ctx, c.transport, call[Break]{attempt: attemptAt(r, decoded[Break])})
}
