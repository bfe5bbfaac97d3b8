package octostore

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Session is a session that is kept alive in the background until it is closed or lost. All locks held in it end with it.
// It is safe for concurrent use.
type Session struct {
	*keeper
	id string
}

// ID returns the id of the session.
func (s *Session) ID() string {
	return s.id
}

// End does what Close does, but returns an error if the server cannot be reached. It is not an error if the session was
// already lost.
func (s *Session) End(ctx context.Context) error {
	return s.close(ctx)
}

// OpenSession opens a session and keeps it alive in the background until it is closed. When ctx ends, a session that is
// already open is not affected.
func (c *Client) OpenSession(ctx context.Context, options SessionOptions) (*Session, error) {
	options, err := options.resolved()
	if err != nil {
		return nil, err
	}
	created, err := c.transport.createSession(ctx, options)
	if err != nil {
		return nil, err
	}
	id := created.SessionID
	return &Session{id: id, keeper: keep(ctx, renewable{
		what: "the session " + id,
		ttl:  options.TTL,
		renew: func(ctx context.Context) (time.Time, error) {
			kept, err := try(ctx, c.transport, always(keepalive(id)), readKept)
			return kept.sentAt, err
		},
		giveBack: func(ctx context.Context) error { return c.EndSession(ctx, id) },
	}, created.sentAt)}, nil
}

// WithSession keeps a session open while use runs, and returns what use returns. The context of use is derived from ctx,
// and is also cancelled when the session is lost. The session is ended however use ends.
func (c *Client) WithSession(
	ctx context.Context, options SessionOptions, use func(ctx context.Context, session *Session) error,
) error {
	session, err := c.OpenSession(ctx, options)
	if err != nil {
		return err
	}
	defer session.Close()
	ctx, cancel := session.bound(ctx)
	defer cancel()
	return use(ctx, session)
}

// CreateSession creates a session without keeping it alive. Prefer [Client.OpenSession].
func (c *Client) CreateSession(ctx context.Context, options SessionOptions) (CreatedSession, error) {
	options, err := options.resolved()
	if err != nil {
		return CreatedSession{}, err
	}
	created, err := c.transport.createSession(ctx, options)
	return created.CreatedSession, err
}

// Keepalive extends a session by its TTL from now. It fails with [ErrNotFound] if the session has ended.
func (c *Client) Keepalive(ctx context.Context, sessionID string) (KeptSession, error) {
	kept, err := do(ctx, c.transport, call[keptAt]{request: always(keepalive(sessionID)), read: readKept, isSafe: true})
	return kept.KeptSession, err
}

// SessionStatus returns the status of a session.
func (c *Client) SessionStatus(ctx context.Context, sessionID string) (SessionStatus, error) {
	return get[SessionStatus](ctx, c.transport, sessionPath(sessionID))
}

// EndSession ends a session and releases its locks. It fails with [ErrNotFound] if the session has already ended.
func (c *Client) EndSession(ctx context.Context, sessionID string) error {
	r := request{method: http.MethodDelete, path: sessionPath(sessionID)}
	_, err := do(ctx, c.transport, call[nothing]{request: always(r), read: readNothing, isSafe: true, makesGo: true})
	return err
}

// createdAt is a session, and when its request was sent. The session cannot have begun earlier.
type createdAt struct {
	CreatedSession
	sentAt time.Time
}

// keptAt is a session, and when its keepalive was sent. The keepalive cannot have taken effect earlier.
type keptAt struct {
	KeptSession
	sentAt time.Time
}

func (t *transport) createSession(ctx context.Context, options SessionOptions) (createdAt, error) {
	r := request{
		method: http.MethodPost,
		path:   "/sessions",
		body: struct {
			TTLSeconds int64 `json:"ttl_seconds"`
		}{int64(options.TTL / time.Second)},
	}
	return do(ctx, t, call[createdAt]{request: always(r), read: readCreated})
}

func keepalive(sessionID string) request {
	return request{method: http.MethodPost, path: sessionPath(sessionID) + "/keepalive"}
}

func readCreated(a answer) (createdAt, error) {
	session, err := decoded[CreatedSession](a)
	return createdAt{session, a.sentAt}, err
}

func readKept(a answer) (keptAt, error) {
	session, err := decoded[KeptSession](a)
	return keptAt{session, a.sentAt}, err
}

func sessionPath(sessionID string) string {
	return "/sessions/" + url.PathEscape(sessionID)
}
