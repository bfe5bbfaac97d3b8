package octostore

import (
	"encoding/json"
	"time"
)

// StatusCounters are the server's counters.
type StatusCounters struct {
	Service string `json:"service"`
	Version string `json:"version"`
	// Status is "ready", or another state of the server.
	Status    string        `json:"status"`
	Uptime    time.Duration `json:"-"`
	LocksHeld int           `json:"locks_held"`
	Sessions  int           `json:"sessions"`
	// Waiters is the number of requests waiting for locks.
	Waiters int `json:"waiters"`
}

func (c StatusCounters) isWhole() bool {
	return c.Service != "" && c.Version != "" && c.Status != ""
}

// plainCounters are StatusCounters without their methods.
type plainCounters StatusCounters

// statusCounters are StatusCounters in the server's format.
type statusCounters struct {
	plainCounters
	Seconds int64 `json:"uptime_seconds"`
}

// MarshalJSON writes the counters in the server's format.
func (c StatusCounters) MarshalJSON() ([]byte, error) {
	return json.Marshal(statusCounters{plainCounters(c), int64(c.Uptime / time.Second)})
}

// UnmarshalJSON reads the counters in the server's format.
func (c *StatusCounters) UnmarshalJSON(data []byte) error {
	var wire statusCounters
	err := json.Unmarshal(data, &wire)
	*c = StatusCounters(wire.plainCounters)
	c.Uptime = clamped(wire.Seconds, time.Second)
	return err
}

// rotated is the response to a rotation.
type rotated struct {
	Token string `json:"token"`
}

func (r rotated) isWhole() bool {
	return checkToken(r.Token) == nil
}
