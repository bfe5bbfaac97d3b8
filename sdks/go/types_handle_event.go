package octostore

// HandleEventType says what has happened to a lock or session that the client holds.
type HandleEventType string

const (
	// HandleAcquired means that it was acquired or opened.
	HandleAcquired HandleEventType = "acquired"
	// HandleRenewed means that it was renewed or kept alive.
	HandleRenewed HandleEventType = "renewed"
	// HandleRenewalFailed means that an attempt to renew it failed. Others follow until it is lost.
	HandleRenewalFailed HandleEventType = "renewal_failed"
	// HandleLost means that it is lost.
	HandleLost HandleEventType = "lost"
	// HandleReleased means that it was closed.
	HandleReleased HandleEventType = "released"
)

// HandleEvent is something that has happened to a lock or session that the client holds.
type HandleEvent struct {
	Type HandleEventType
	// Lock is the name of the lock. If the lease holds several: of the first. Empty if it is about a session.
	Lock string
	// Locks are the names of all locks of the lease. Nil if it is about a session.
	Locks []string
	// Session is the id of the session. Empty if it is about a lock.
	Session string
	// FencingToken is that of the lock. 0 if it is about a session.
	FencingToken int64
	// Err is why a renewal or a release failed, or why it is lost. Otherwise nil.
	Err error
}
