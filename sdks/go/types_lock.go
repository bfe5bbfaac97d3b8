package octostore

import "time"

// LeaseStatus says where a [Lease] comes from.
type LeaseStatus string

const (
	// LeaseAcquired is a lease that this call has got.
	LeaseAcquired LeaseStatus = "acquired"
	// LeaseHeld is a lease that existed before.
	LeaseHeld LeaseStatus = "held"
)

// Grant is what is known of a lock that is held.
type Grant struct {
	Name string `json:"name"`
	// FencingToken is higher than that of all grants before, of any lock.
	FencingToken int64 `json:"fencing_token"`
	// ExpiresAt is when the lease ends unless it is renewed, by the server's clock.
	ExpiresAt time.Time `json:"expires_at"`
	// Holder is the login of the holder.
	Holder   string `json:"holder"`
	HolderID string `json:"holder_id"`
	// Metadata is the holder's note; empty if there is none.
	Metadata string `json:"metadata,omitempty"`
}

// Lease is a lock that you hold.
type Lease struct {
	Grant
	Status LeaseStatus `json:"status"`
	// LeaseID proves that you hold the lock.
	LeaseID string `json:"lease_id"`
}

// HeldLock is a lock that somebody holds.
type HeldLock struct {
	Grant
	// LeaseID is there on your own locks only.
	LeaseID string `json:"lease_id,omitempty"`
}

// LockState says whether a lock is held.
type LockState string

const (
	// LockAvailable is the state of a lock that nobody holds.
	LockAvailable LockState = "available"
	// LockHeld is the state of a lock that somebody holds.
	LockHeld LockState = "held"
)

// LockStatus is how a lock is.
type LockStatus struct {
	Name   string    `json:"name"`
	Status LockState `json:"status"`
	// FencingToken is that of the holder; of a lock that is available, the highest so far of any lock.
	FencingToken int64 `json:"fencing_token"`
	// Waiters is how many requests wait for the lock.
	Waiters int `json:"waiters"`

	// ExpiresAt is when the lease ends unless it is renewed, by the server's clock; zero if the lock is available.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	// Holder is the login of the holder; empty if the lock is available.
	Holder string `json:"holder,omitempty"`
	// HolderID is empty if the lock is available.
	HolderID string `json:"holder_id,omitempty"`
	// Metadata is the holder's note; empty if there is none.
	Metadata string `json:"metadata,omitempty"`
	// LeaseID is there on your own locks only.
	LeaseID string `json:"lease_id,omitempty"`
}

func (g Grant) isWhole() bool {
	return g.Name != "" && g.FencingToken > 0 && !g.ExpiresAt.IsZero() && g.Holder != "" && g.HolderID != ""
}

func (l Lease) isWhole() bool {
	return l.Grant.isWhole() && l.LeaseID != "" && (l.Status == LeaseAcquired || l.Status == LeaseHeld)
}

func (s LockStatus) isWhole() bool {
	switch s.Status {
	case LockAvailable:
		return s.Name != ""
	case LockHeld:
		return Grant{Name: s.Name, FencingToken: s.FencingToken, ExpiresAt: s.ExpiresAt, Holder: s.Holder, HolderID: s.HolderID}.
			isWhole()
	default:
		return false
	}
}

// lockPage is one page of a list.
type lockPage struct {
	Locks      []HeldLock `json:"locks"`
	NextCursor string     `json:"next_cursor"`
}

func (p lockPage) isWhole() bool {
	return p.Locks != nil && all(p.Locks)
}

// released is what the server says of a lock that it has released.
type released struct {
	Status string `json:"status"`
}

func (r released) isWhole() bool {
	return r.Status == "released"
}

func all[T whole](things []T) bool {
	for _, thing := range things {
		if !thing.isWhole() {
			return false
		}
	}
	return true
}
