package octostore

import "time"

// EventType says what happened to a lock.
type EventType string

const (
	// EventAcquired says that somebody has got the lock.
	EventAcquired EventType = "acquired"
	// EventReleased says that the holder has given the lock back.
	EventReleased EventType = "released"
	// EventRenewed says that the holder keeps the lock for longer.
	EventRenewed EventType = "renewed"
	// EventExpired says that the lease has run out.
	EventExpired EventType = "expired"
	// EventAny stands for all of them in [NewWebhook].
	EventAny EventType = "*"
)

// LockEvent is something that happened to a lock. It is also the body of a webhook message, as JSON.
type LockEvent struct {
	Event EventType `json:"event"`
	// Lock is the name of the lock.
	Lock      string    `json:"lock"`
	Timestamp time.Time `json:"timestamp"`
	// Sequence increases strictly over all locks, so it also tells repeats.
	Sequence int64 `json:"sequence"`

	// HolderID is empty once the lock is released or expired.
	HolderID string `json:"holder_id,omitempty"`
	// FencingToken is 0 once the lock is released or expired.
	FencingToken int64 `json:"fencing_token,omitempty"`
	// ExpiresAt is there with acquired and renewed only.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	// Metadata is there with acquired and renewed only, if there is a note.
	Metadata string `json:"metadata,omitempty"`
	// Holder is the login of the holder; in watches, with acquired and renewed only.
	Holder string `json:"holder,omitempty"`
}

func (e LockEvent) isWhole() bool {
	if e.Lock == "" || e.Timestamp.IsZero() || e.Sequence == 0 {
		return false
	}
	switch e.Event {
	case EventAcquired, EventRenewed:
		return !e.ExpiresAt.IsZero()
	case EventReleased, EventExpired:
		return true
	default:
		return false
	}
}
