package octostore

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"runtime"
	"time"
)

// Session is a session that is kept alive in the background until it is closed or lost. All locks held in it end with it.
// It is safe for concurrent use. Close it: a Session that is garbage-collected without having been closed is no longer kept
// alive, and the client's logger gets a warning. A [Lock] that is held in it keeps it from being collected.
type Session struct {
	*keeper
	id string
}

// String is for logs and debugging.
func (s *Session) String() string {
	return fmt.Sprintf("octostore.Session(%s, %s)", s.id, s.state())
}

// GoString is the same for the verb %#v.
func (s *Session) GoString() string {
	return s.String()
}

// ID returns the id of the session.
func (s *Session) ID() string {
	return s.id
}

// Close ends the session, and waits until that is done or has failed. It takes no longer than what is left of the session. It
// does not return an error: a session that cannot be ended expires on its own. Closing twice does nothing.
func (s *Session) Close() {
	// It is not forgotten while it is being closed.
	defer runtime.KeepAlive(s)
	_ = s.close(s.base)
}

// End does what Close does, but returns an error if the server cannot be reached. It is not an error if the session was
// already lost.
func (s *Session) End(ctx context.Context) error {
	defer runtime.KeepAlive(s)
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
	return c.transport.keepSession(ctx, created, options.TTL), nil
}

func (t *transport) keepSession(ctx context.Context, created createdAt, ttl time.Duration) *Session {
	id := created.SessionID
	session := &Session{id: id, keeper: t.keep(ctx, renewable{
		what: "the session " + id,
		ttl:  ttl,
		renew: func(ctx context.Context, server string) (instant, error) {
			kept, err := try(ctx, t, keepalive(id, t.renewalTimeout(ttl)), server, math.MaxInt64)
			return kept.sentAt, err
		},
		giveBack: func(ctx context.Context, within limits) error { return t.endSession(ctx, id, within) },
		event:    func() HandleEvent { return HandleEvent{Session: id} },
	}, created.sentAt)}
	runtime.AddCleanup(session, (*keeper).abandon, session.keeper)
	return session
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
	kept, err := do(ctx, c.transport, call[keptAt]{attempt: keepalive(sessionID, 0), isSafe: true})
	return kept.KeptSession, err
}

// SessionStatus returns the status of a session.
func (c *Client) SessionStatus(ctx context.Context, sessionID string) (SessionStatus, error) {
	return get[SessionStatus](ctx, c.transport, sessionPath(sessionID))
}

// EndSession ends a session and releases its locks. It fails with [ErrNotFound] if the session has already ended.
func (c *Client) EndSession(ctx context.Context, sessionID string) error {
	return c.transport.endSession(ctx, sessionID, limits{})
}

// createdAt is a session, and when its request was sent. The session cannot have begun earlier.
type createdAt struct {
	CreatedSession
	sentAt instant
}

// keptAt is a session, and when its keepalive was sent. The keepalive cannot have taken effect earlier.
type keptAt struct {
	KeptSession
	sentAt instant
}

func (t *transport) createSession(ctx context.Context, options SessionOptions) (createdAt, error) {
	r := request{
		method: http.MethodPost,
		path:   "/sessions",
		body: struct {
			TTLSeconds int64 `json:"ttl_seconds"`
		}{int64(options.TTL / time.Second)},
	}
	return do(ctx, t, call[createdAt]{attempt: attemptAt(r, readCreated)})
}

func (t *transport) endSession(ctx context.Context, sessionID string, within limits) error {
	_, err := do(ctx, t, call[nothing]{
		attempt: attemptAt(request{method: http.MethodDelete, path: sessionPath(sessionID)}, readNothing),
		isSafe:  true,
		makesGo: true,
		limits:  within,
	})
	return err
}

// keepalive is one attempt at a keepalive. A timeout of 0 is the client's.
func keepalive(sessionID string, timeout time.Duration) attempt[keptAt] {
	r := request{method: http.MethodPost, path: sessionPath(sessionID) + "/keepalive", timeout: timeout}
	return attemptAt(r, readKept)
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
