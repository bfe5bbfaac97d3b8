package octostore

import (
	"encoding/json"
	"time"
)

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

// LockMode says how a lease holds a lock.
type LockMode string

const (
	// Exclusive means that one lease holds the lock alone.
	Exclusive LockMode = "exclusive"
	// Shared means that any number of leases may hold the lock together.
	Shared LockMode = "shared"
	// Counted means that leases share the permits of the lock.
	Counted LockMode = "counted"
)

// LockHold is how a lease holds a lock.
type LockHold struct {
	Mode LockMode `json:"mode"`
	// Limit is how many permits the lock has. 0 unless it is counted.
	Limit int `json:"limit,omitempty"`
	// Permits is how many permits the lease has. 0 unless the lock is counted.
	Permits int `json:"permits,omitempty"`
	// Slots are the numbers of its permits, from 0 to Limit minus 1. No other lease has them. Empty unless the lock is counted.
	Slots []int `json:"slots,omitempty"`
}

// LeaseLock is one lock of a lease.
type LeaseLock struct {
	Name string `json:"name"`
	LockHold
}

// WantedLock is one of several locks that you want together.
type WantedLock struct {
	Name string `json:"name"`
	// Mode is Shared to hold the lock together with everyone else who says so. Leave it out if you set Limit. Exclusive by default.
	Mode LockMode `json:"mode,omitempty"`
	// Limit makes the lock counted: its leases may have this many permits together, 1 to 10,000. Everyone must give the same limit.
	Limit int `json:"limit,omitempty"`
	// Permits is how many permits of a counted lock you want, 1 to Limit. 1 by default.
	Permits int `json:"permits,omitempty"`
}

// ReleaseRequest says that someone asks the holders of a lock to release it. Each of them decides.
type ReleaseRequest struct {
	// By is the login of the user who asks.
	By string `json:"by"`
	// Message is empty if there is none.
	Message string `json:"message,omitempty"`
	// At is when they asked, by the server's clock.
	At time.Time `json:"at"`
}

// Lease is a lock that you hold, or several under one lease.
type Lease struct {
	// Grant is about the lock. If the lease holds several: about the first.
	Grant
	LockHold
	Status LeaseStatus `json:"status"`
	// LeaseID proves that you hold the lock.
	LeaseID string `json:"lease_id"`
	// Locks are all locks of the lease, in the order in which you asked for them.
	Locks []LeaseLock `json:"locks"`
	// SessionID is the session that the lease is tied to. Empty if there is none, or if the server has not said.
	SessionID string `json:"session_id,omitempty"`
	// Proof shows others that you hold the locks, until it expires: a JSON Web Token, without the id of the lease. Empty unless
	// you asked for one.
	Proof string `json:"proof,omitempty"`
	// ReleaseRequested is the latest request to release one of the locks. Nil if there is none, and except after a renewal.
	ReleaseRequested *ReleaseRequest `json:"release_requested,omitempty"`
}

// plainLease is a Lease without its methods.
type plainLease Lease

// UnmarshalJSON reads a lease in the server's format. It names the locks only if it is asked for them.
func (l *Lease) UnmarshalJSON(data []byte) error {
	var wire plainLease
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	*l = Lease(wire)
	if l.Mode == "" {
		l.Mode = Exclusive
	}
	if len(l.Locks) == 0 && l.Name != "" {
		l.Locks = []LeaseLock{{l.Name, l.LockHold}}
	}
	if len(l.Locks) > 0 && l.Name == "" {
		l.Name, l.LockHold = l.Locks[0].Name, l.Locks[0].LockHold
	}
	return nil
}

// HeldLock is a lock that someone holds.
type HeldLock struct {
	Grant
	LockHold
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
	// LockDelayed is the state of a lock that no one holds, and that no one gets for a while, because its last lease had a lock
	// delay or a minimum hold.
	LockDelayed LockState = "delayed"
)

// LockStatus is the status of a lock.
type LockStatus struct {
	Name   string    `json:"name"`
	Status LockState `json:"status"`
	// FencingToken is the holder's. If no one holds the lock, it is the highest issued so far, of any lock.
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

	// AvailableAt is until when no one gets the lock, by the server's clock. Zero unless it is delayed.
	AvailableAt time.Time `json:"available_at,omitzero"`
	// LockHold is how the first of its leases holds the lock.
	LockHold
	// HolderCount is the number of leases that hold the lock.
	HolderCount int `json:"holder_count,omitempty"`
	// PermitsInUse is how many permits its leases have together. 0 unless the lock is counted.
	PermitsInUse int `json:"permits_in_use,omitempty"`
	// Holders are the first 100 leases that hold the lock, in the order they were granted. Servers of version 1.0 show none.
	Holders []LockHolder `json:"holders,omitempty"`
}

// LockHolder is one of the leases that hold a lock.
type LockHolder struct {
	FencingToken int64     `json:"fencing_token"`
	ExpiresAt    time.Time `json:"expires_at"`
	Holder       string    `json:"holder"`
	HolderID     string    `json:"holder_id"`
	Metadata     string    `json:"metadata,omitempty"`
	// LeaseID is empty unless the lease is yours.
	LeaseID string `json:"lease_id,omitempty"`
	// Slots are the permits that it has. Empty unless the lock is counted.
	Slots []int `json:"slots,omitempty"`
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
	case LockDelayed:
		return s.Name != "" && !s.AvailableAt.IsZero()
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
