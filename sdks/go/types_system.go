package octostore

import (
	"encoding/json"
	"time"
)

// StatusCounters say how much the server has to do.
type StatusCounters struct {
	Service string `json:"service"`
	Version string `json:"version"`
	// Status is "ready", or says what else the server is at.
	Status    string        `json:"status"`
	Uptime    time.Duration `json:"-"`
	LocksHeld int           `json:"locks_held"`
	Sessions  int           `json:"sessions"`
	// Waiters is how many requests wait for locks.
	Waiters int `json:"waiters"`
}

func (c StatusCounters) isWhole() bool {
	return c.Service != "" && c.Version != "" && c.Status != ""
}

// plainCounters are StatusCounters without their methods.
type plainCounters StatusCounters

// statusCounters are StatusCounters as the server writes them.
type statusCounters struct {
	plainCounters
	Seconds int64 `json:"uptime_seconds"`
}

// MarshalJSON writes the counters as the server does.
func (c StatusCounters) MarshalJSON() ([]byte, error) {
	return json.Marshal(statusCounters{plainCounters(c), int64(c.Uptime / time.Second)})
}

// UnmarshalJSON reads the counters as the server writes them.
func (c *StatusCounters) UnmarshalJSON(data []byte) error {
	var wire statusCounters
	err := json.Unmarshal(data, &wire)
	*c = StatusCounters(wire.plainCounters)
	c.Uptime = clamped(wire.Seconds, time.Second)
	return err
}

// rotated is the answer to a rotation.
type rotated struct {
	Token string `json:"token"`
}

func (r rotated) isWhole() bool {
	return checkToken(r.Token) == nil
}
