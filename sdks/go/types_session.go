package octostore

import (
	"encoding/json"
	"time"
)

// KeptSession is a session that a keepalive has prolonged.
type KeptSession struct {
	SessionID string `json:"session_id"`
	// ExpiresAt is when the session ends unless it is kept alive, by the server's clock.
	ExpiresAt time.Time `json:"expires_at"`
}

// CreatedSession is a session that was created.
type CreatedSession struct {
	KeptSession
	// KeepaliveInterval is how often the server recommends a keepalive.
	KeepaliveInterval time.Duration `json:"-"`
}

// SessionStatus is how a session is.
type SessionStatus struct {
	KeptSession
	UserID string `json:"user_id"`
	// LockCount is how many locks the session holds.
	LockCount int  `json:"lock_count"`
	Active    bool `json:"active"`
}

func (s KeptSession) isWhole() bool {
	return s.SessionID != "" && !s.ExpiresAt.IsZero()
}

// createdSession is a CreatedSession as the server writes it.
type createdSession struct {
	KeptSession
	Seconds int64 `json:"keepalive_interval_secs"`
}

// MarshalJSON writes the session as the server does.
func (s CreatedSession) MarshalJSON() ([]byte, error) {
	return json.Marshal(createdSession{s.KeptSession, int64(s.KeepaliveInterval / time.Second)})
}

// UnmarshalJSON reads the session as the server writes it.
func (s *CreatedSession) UnmarshalJSON(data []byte) error {
	var wire createdSession
	err := json.Unmarshal(data, &wire)
	*s = CreatedSession{wire.KeptSession, clamped(wire.Seconds, time.Second)}
	return err
}
