package octostore

import (
	"encoding/json"
	"time"
)

// KeptSession is a session after a keepalive.
type KeptSession struct {
	SessionID string `json:"session_id"`
	// ExpiresAt is when the session expires unless it is kept alive, by the server's clock.
	ExpiresAt time.Time `json:"expires_at"`
}

// CreatedSession is a session that was created.
type CreatedSession struct {
	KeptSession
	// KeepaliveInterval is the interval between keepalives that the server recommends.
	KeepaliveInterval time.Duration `json:"-"`
}

// SessionStatus is the status of a session.
type SessionStatus struct {
	KeptSession
	UserID string `json:"user_id"`
	// LockCount is the number of locks that the session holds.
	LockCount int  `json:"lock_count"`
	Active    bool `json:"active"`
}

func (s KeptSession) isWhole() bool {
	return s.SessionID != "" && !s.ExpiresAt.IsZero()
}

// createdSession is a CreatedSession in the server's format.
type createdSession struct {
	KeptSession
	Seconds int64 `json:"keepalive_interval_secs"`
}

// MarshalJSON writes the session in the server's format.
func (s CreatedSession) MarshalJSON() ([]byte, error) {
	return json.Marshal(createdSession{s.KeptSession, int64(s.KeepaliveInterval / time.Second)})
}

// UnmarshalJSON reads the session in the server's format.
func (s *CreatedSession) UnmarshalJSON(data []byte) error {
	var wire createdSession
	err := json.Unmarshal(data, &wire)
	*s = CreatedSession{wire.KeptSession, clamped(wire.Seconds, time.Second)}
	return err
}
