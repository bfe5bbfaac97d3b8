package octostore

import "time"

// EventType is the kind of a [LockEvent].
type EventType string

const (
	// EventAcquired means that someone got the lock.
	EventAcquired EventType = "acquired"
	// EventReleased means that the holder gave the lock back.
	EventReleased EventType = "released"
	// EventRenewed means that the holder renewed its lease.
	EventRenewed EventType = "renewed"
	// EventExpired means that the lease expired.
	EventExpired EventType = "expired"
	// EventAny stands for all of them in [NewWebhook].
	EventAny EventType = "*"
)

// LockEvent is something that happened to a lock. It is also the body of a webhook delivery, as JSON.
type LockEvent struct {
	Event EventType `json:"event"`
	// Lock is the name of the lock.
	Lock      string    `json:"lock"`
	Timestamp time.Time `json:"timestamp"`
	// Sequence is strictly increasing across all locks, so you can also use it to detect repeats.
	Sequence int64 `json:"sequence"`

	// HolderID is empty if the lock was released or has expired.
	HolderID string `json:"holder_id,omitempty"`
	// FencingToken is 0 if the lock was released or has expired.
	FencingToken int64 `json:"fencing_token,omitempty"`
	// ExpiresAt is set with acquired and renewed only.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	// Metadata is set with acquired and renewed only, if there is a note.
	Metadata string `json:"metadata,omitempty"`
	// Holder is the holder's login. In watches, it is set with acquired and renewed only.
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
