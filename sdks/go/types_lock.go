package octostore

import "time"

// LeaseStatus says where a [Lease] comes from.
type LeaseStatus string

const (
	// LeaseAcquired means that this call got the lease.
	LeaseAcquired LeaseStatus = "acquired"
	// LeaseHeld means that the lease existed before.
	LeaseHeld LeaseStatus = "held"
)

// Grant is what is known about a lock that is held.
type Grant struct {
	Name string `json:"name"`
	// FencingToken is higher than that of every earlier grant, of any lock.
	FencingToken int64 `json:"fencing_token"`
	// ExpiresAt is when the lease expires unless it is renewed, by the server's clock.
	ExpiresAt time.Time `json:"expires_at"`
	// Holder is the holder's login.
	Holder   string `json:"holder"`
	HolderID string `json:"holder_id"`
	// Metadata is the holder's note. Empty if there is none.
	Metadata string `json:"metadata,omitempty"`
}

// Lease is a lock that you hold.
type Lease struct {
	Grant
	Status LeaseStatus `json:"status"`
	// LeaseID proves that you hold the lock.
	LeaseID string `json:"lease_id"`
}

// HeldLock is a lock that someone holds.
type HeldLock struct {
	Grant
	// LeaseID is empty unless the lock is yours.
	LeaseID string `json:"lease_id,omitempty"`
}

// LockState says whether a lock is held.
type LockState string

const (
	// LockAvailable is the state of a lock that no one holds.
	LockAvailable LockState = "available"
	// LockHeld is the state of a lock that someone holds.
	LockHeld LockState = "held"
)

// LockStatus is the status of a lock.
type LockStatus struct {
	Name   string    `json:"name"`
	Status LockState `json:"status"`
	// FencingToken is the holder's. If the lock is available, it is the highest issued so far, of any lock.
	FencingToken int64 `json:"fencing_token"`
	// Waiters is the number of requests waiting for the lock.
	Waiters int `json:"waiters"`

	// ExpiresAt is when the lease expires unless it is renewed, by the server's clock. Zero if the lock is available.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	// Holder is the holder's login. Empty if the lock is available.
	Holder string `json:"holder,omitempty"`
	// HolderID is empty if the lock is available.
	HolderID string `json:"holder_id,omitempty"`
	// Metadata is the holder's note. Empty if there is none.
	Metadata string `json:"metadata,omitempty"`
	// LeaseID is empty unless the lock is yours.
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

// released is the response to a release.
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
