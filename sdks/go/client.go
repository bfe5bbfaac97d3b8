package octostore

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"octostore.io/go/octostore/internal/doubles"
)

// Version is the version of this library.
const Version = "1.0.0"

// Client is a user's access to an OctoStore server. It is cheap to create and safe for concurrent use.
type Client struct {
	transport *transport
}

// NewClient returns a client. It fails with [ErrValidation] if the base URL or the token is not valid.
func NewClient(options ClientOptions) (*Client, error) {
	options, err := options.resolved()
	if err != nil {
		return nil, err
	}
	client := &Client{newTransport(options)}
	if double, ok := options.Transport.(doubles.Renewer); ok {
		double.NoteClient(client.transport.open.renewAll)
	}
	return client, nil
}

// String is for logs and debugging. It contains the base URL, not the token.
func (c *Client) String() string {
	return "octostore.Client(" + strings.Join(c.transport.servers.urls, ", ") + ")"
}

// GoString is the same for the verb %#v.
func (c *Client) GoString() string {
	return c.String()
}

// CloseAll closes all open locks and sessions of the client, within a second in all. Call it before a program ends that does
// not close each of them.
func (c *Client) CloseAll() {
	closeAll(c.transport.open.all())
}

// Acquire acquires a lock without renewing it. It fails with a [HeldError] if the lock is still held after options.Wait.
// Prefer [Client.Hold].
func (c *Client) Acquire(ctx context.Context, name string, options AcquireOptions) (Lease, error) {
	got, err := c.transport.acquire(ctx, routesOfLock{name, demand{options.Mode, options.Limit, options.Permits}}, options, inBackground)
	return got.Lease, err
}

// Renew renews a lease for a TTL from now, in whole seconds from 1 to 3600. It fails with [ErrNotFound] if you no longer
// have it.
func (c *Client) Renew(ctx context.Context, name, leaseID string, ttl time.Duration) (Lease, error) {
	got, err := c.transport.renew(ctx, routesOfLock{name: name}, renewalOptions{leaseID: leaseID, ttl: ttl})
	return got.Lease, err
}

// Release releases a lease. It fails with [ErrNotFound] if you no longer have it.
func (c *Client) Release(ctx context.Context, name, leaseID string) error {
	return c.transport.release(ctx, routesOfLock{name: name}, leaseID, limits{})
}

// LockStatus returns the status of a lock.
func (c *Client) LockStatus(ctx context.Context, name string) (LockStatus, error) {
	if err := checkName(name); err != nil {
		return LockStatus{}, err
	}
	return get[LockStatus](ctx, c.transport, lockPath(name))
}

// ListLocks returns all locks that are held, sorted by name.
func (c *Client) ListLocks(ctx context.Context, options ListOptions) ([]HeldLock, error) {
	return c.transport.list(ctx, options)
}

// Health returns nil if the server is healthy.
func (c *Client) Health(ctx context.Context) error {
	r := request{method: http.MethodGet, path: "/health"}
	_, err := getPublic(ctx, c.transport, r, readHealth)
	return err
}

// StatusCounters returns the server's counters, such as how many locks are held.
func (c *Client) StatusCounters(ctx context.Context) (StatusCounters, error) {
	r := request{method: http.MethodGet, path: "/status"}
	return getPublic(ctx, c.transport, r, decoded[StatusCounters])
}

// RotateToken replaces the token and returns the new one. The old one stops working immediately. The client, and
// everything that it has opened or has under way, uses the new one. It fails with [ErrAuthentication] if the current
// token is not valid. It is not retried once it has been sent: after [ErrNetwork] and [ErrTimeout], the token may have
// been replaced.
func (c *Client) RotateToken(ctx context.Context) (string, error) {
	return c.transport.bearer.rotate(ctx, func(token string) (string, error) {
		r := request{method: http.MethodPost, path: "/auth/token/rotate"}
		got, err := do(ctx, c.transport.as(token), call[rotated]{attempt: attemptAt(r, decoded[rotated])})
		return got.Token, err
	})
}

// getPublic makes a request that needs no token.
func getPublic[T any](ctx context.Context, t *transport, r request, read func(answer) (T, error)) (T, error) {
	public := attemptAt(r, read)
	public.isPublic = true
	return do(ctx, t, call[T]{attempt: public, isSafe: true})
}

func readHealth(a answer) (nothing, error) {
	if strings.TrimSpace(string(a.body)) != "OK" {
		return nothing{}, errors.New("not the answer of a healthy server")
	}
	return nothing{}, nil
}
