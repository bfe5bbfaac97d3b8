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
	// EventBroken means that someone broke the lease. A webhook gets it only if it names it; otherwise, it gets EventExpired.
	EventBroken EventType = "broken"
	// EventReleaseRequested means that someone asks the holders to release the lock. A webhook gets it only if it names it.
	EventReleaseRequested EventType = "release_requested"
	// EventWarning means that the lock may need attention, such as if its holder renews late. A webhook gets it only if it names it.
	EventWarning EventType = "warning"
	// EventAny stands for acquired, released, renewed and expired in [NewWebhook].
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
	// Mode is how the lease holds or held the lock. Empty from servers of version 1.0.
	Mode LockMode `json:"mode,omitempty"`
	// Limit is how many permits the lock has. 0 unless it is counted.
	Limit int `json:"limit,omitempty"`
	// Slots are the permits that the lease has or had. Empty unless the lock is counted.
	Slots []int `json:"slots,omitempty"`
	// LeaseLocks are the names of all locks of the lease, as far as you may see them. Empty unless it holds several.
	LeaseLocks []string `json:"lease_locks,omitempty"`
	// Cause is "broken" with expired, if someone has broken the lease.
	Cause string `json:"cause,omitempty"`
	// Reason is why the lease was broken. With broken only.
	Reason string `json:"reason,omitempty"`
	// BrokenBy is the login of the user who broke the lease, or "administrator". With broken only.
	BrokenBy string `json:"broken_by,omitempty"`
	// RequestedBy is the login of the user who asks for the release. With release_requested only.
	RequestedBy string `json:"requested_by,omitempty"`
	// Message is what that user says. With release_requested only.
	Message string `json:"message,omitempty"`
	// Warning is what may need attention, such as "renews_late". With warning only.
	Warning string `json:"warning,omitempty"`
	// Summary is the warning as a sentence. With warning only.
	Summary string `json:"summary,omitempty"`

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
	case EventReleased, EventExpired, EventBroken, EventReleaseRequested:
		return true
	case EventWarning:
		return e.Warning != ""
	default:
		return false
	}
}
