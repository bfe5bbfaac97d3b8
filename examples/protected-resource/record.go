package main

import (
	"errors"
	"sync"
)

var errStale = errors.New("the lock has had another holder since")

// record is the protected data, with the highest fencing token that has written it. Both must be kept together: if this were a row of a
// database, the token would be a column of it.
type record struct {
	mu      sync.Mutex
	text    string
	highest int64
}

func (r *record) read() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text
}

// write replaces the text, unless a later holder of the lock has written already. The comparison and the change are one step.
func (r *record) write(text string, fencingToken int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if fencingToken < r.highest {
		return errStale
	}
	r.text, r.highest = text, fencingToken
	return nil
}
