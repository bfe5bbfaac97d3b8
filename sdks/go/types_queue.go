package octostore

import "time"

// Queue is the line of a lock.
type Queue struct {
	Name string `json:"name"`
	// Waiters is the number of requests that are waiting for the lock now.
	Waiters int `json:"waiters"`
	// Total is the number of places, including those that are only kept.
	Total int `json:"total"`
	// Places are the first 100 places, in order of arrival.
	Places []QueuePlace `json:"queue"`
}

// QueuePlace is one place in the line of a lock.
type QueuePlace struct {
	// Position is where in the line of the requests that are asking, from 1. A place that is only kept has the position that it
	// would have.
	Position int `json:"position"`
	// Holder is the login of the waiting user.
	Holder   string `json:"holder"`
	HolderID string `json:"holder_id"`
	// Since is when the request joined the line, by the server's clock.
	Since time.Time `json:"since"`
	// LockHold is how the request wants to hold the lock.
	LockHold
	// Asking says whether a client is waiting for the answer now. Otherwise the place is kept for a few seconds, and passed over.
	Asking bool `json:"asking"`
	// LeaseID is empty unless the place is yours.
	LeaseID string `json:"lease_id,omitempty"`
}

func (q Queue) isWhole() bool {
	return q.Name != "" && q.Places != nil
}

// left is the response to leaving a line.
type left struct {
	Status string `json:"status"`
}

func (l left) isWhole() bool {
	return l.Status == "left"
}
