package octostore

import (
	"context"
	"net/http"
	"net/url"
)

// Queue returns the line of a lock. To find your own place, choose the LeaseID of [HoldOptions] or [AcquireOptions].
func (c *Client) Queue(ctx context.Context, name string) (Queue, error) {
	if err := checkName(name); err != nil {
		return Queue{}, err
	}
	return get[Queue](ctx, c.transport, queuePath(name))
}

// LeaveQueue gives up a place in the line of a lock. It fails with [ErrNotFound] if you have none with this lease id.
func (c *Client) LeaveQueue(ctx context.Context, name, leaseID string) error {
	if err := checkName(name); err != nil {
		return err
	}
	r := request{method: http.MethodDelete, path: queuePath(name) + "/" + url.PathEscape(leaseID)}
	_, err := do(ctx, c.transport, call[left]{attempt: attemptAt(r, decoded[left]), isSafe: true, makesGo: true})
	return err
}

func queuePath(name string) string {
	return "/queues/" + url.PathEscape(name)
}
