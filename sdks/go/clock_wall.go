package octostore

import (
	"sync"
	"time"
)

// suspendedMin is how much more the wall clock must have advanced than the monotonic one to count as suspended time.
const suspendedMin = time.Second

// wallAided is for systems that do not tell of suspended time. At each look, it compares the wall clock with the monotonic one. If
// someone sets the wall clock forward, that counts as passed time too: a lease then ends too early for its holder, which is safe.
type wallAided struct {
	monotonic func() time.Duration
	wall      func() time.Duration

	mutex         sync.Mutex
	lastMonotonic time.Duration
	lastWall      time.Duration
	suspended     time.Duration
}

func newWallAided(monotonic, wall func() time.Duration) *wallAided {
	return &wallAided{monotonic: monotonic, wall: wall, lastMonotonic: monotonic(), lastWall: wall()}
}

func (w *wallAided) now() instant {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	monotonic, wall := w.monotonic(), w.wall()
	gained := (wall - w.lastWall) - (monotonic - w.lastMonotonic)
	w.lastMonotonic, w.lastWall = monotonic, wall
	if gained > suspendedMin {
		w.suspended += gained
	}
	// Not 0, even in the first moment.
	return instant(1 + monotonic + w.suspended)
}

// wallNow reads the wall clock.
func wallNow() time.Duration {
	return time.Duration(time.Now().UnixNano())
}
