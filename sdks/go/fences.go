package octostore

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
)

// Fence is what a fence has seen. A fence remembers the highest fencing token that a resource has seen, for resources that cannot
// do so themselves. Its name follows the rules of lock names.
type Fence struct {
	Name string `json:"name"`
	// Highest is the highest fencing token. 0 if it has seen none.
	Highest int64 `json:"highest"`
}

func (f Fence) isWhole() bool {
	return f.Name != ""
}

// AdvanceFence tells a fence of your fencing token. Call it before you change what your lock protects. From then on, the fence
// refuses every lower token. It fails with a [StaleTokenError] if it has seen a higher one: then stop. The first call creates the
// fence.
func (c *Client) AdvanceFence(ctx context.Context, name string, fencingToken int64) (Fence, error) {
	return c.compare(ctx, name, "advance", fencingToken)
}

// CheckFence answers as [Client.AdvanceFence] would, and changes nothing. It is for those who share a lock and only read.
func (c *Client) CheckFence(ctx context.Context, name string, fencingToken int64) (Fence, error) {
	return c.compare(ctx, name, "check", fencingToken)
}

// Fence returns what a fence has seen. It fails with [ErrNotFound] if there is no such fence.
func (c *Client) Fence(ctx context.Context, name string) (Fence, error) {
	if err := checkName(name); err != nil {
		return Fence{}, err
	}
	return get[Fence](ctx, c.transport, fencePath(name))
}

func (c *Client) compare(ctx context.Context, name, verb string, fencingToken int64) (Fence, error) {
	if err := cmp.Or(checkName(name), checkFencingToken(fencingToken)); err != nil {
		return Fence{}, err
	}
	r := request{
		method: http.MethodPost,
		path:   fencePath(name) + "/" + verb,
		body: struct {
			FencingToken int64 `json:"fencing_token"`
		}{fencingToken},
	}
	return do(ctx, c.transport, call[Fence]{attempt: attemptAt(r, decoded[Fence]), isSafe: true})
}

func fencePath(name string) string {
	return "/fences/" + url.PathEscape(name)
}
