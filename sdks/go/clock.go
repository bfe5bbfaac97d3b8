package octostore

import (
	"math"
	"sync"
	"time"
)

// instant is a time on the clock that leases are counted on, in nanoseconds. It is more than 0: the zero value stands for no time.
type instant int64

// add returns the last possible instant if the sum is too large.
func (i instant) add(d time.Duration) instant {
	if d > 0 && i > math.MaxInt64-instant(d) {
		return math.MaxInt64
	}
	return i + instant(d)
}

func (i instant) sub(earlier instant) time.Duration {
	return time.Duration(i - earlier)
}

// lookEvery is how often a clock looks for suspended time while something wants to learn of it.
const lookEvery = time.Second

// driftMin is how much more time must have passed on a clock than on the one of timers to count as suspended time.
const driftMin = 50 * time.Millisecond

// clock is the clock that leases are counted on. It is monotonic and counts the time for which the machine was suspended, which
// timers do not.
type clock struct {
	now func() instant
	// timers reads the clock of timers.
	timers func() time.Duration

	mutex     sync.Mutex
	listeners map[*func()]struct{}
	drift     time.Duration
	stop      chan struct{}
}

// leases is the clock of all leases and sessions.
var leases = newClock(systemNow, systemTimers)

var startedAt = time.Now()

// systemTimers reads the clock that time.Timer uses.
func systemTimers() time.Duration {
	return time.Since(startedAt)
}

func newClock(now func() instant, timers func() time.Duration) *clock {
	c := &clock{now: now, timers: timers, listeners: map[*func()]struct{}{}}
	c.drift = c.drifted()
	return c
}

func (c *clock) until(i instant) time.Duration {
	return i.sub(c.now())
}

// onSuspended calls a function soon after the machine was suspended, until the function that it returns is called.
func (c *clock) onSuspended(f func()) (stop func()) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if len(c.listeners) == 0 {
		c.drift = c.drifted()
		c.stop = make(chan struct{})
		go c.lookUntil(c.stop)
	}
	c.listeners[&f] = struct{}{}
	return func() { c.remove(&f) }
}

func (c *clock) remove(f *func()) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if _, isThere := c.listeners[f]; !isThere {
		return
	}
	delete(c.listeners, f)
	if len(c.listeners) == 0 {
		close(c.stop)
	}
}

func (c *clock) lookUntil(stop <-chan struct{}) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			c.look()
		case <-stop:
			return
		}
	}
}

// look tells the listeners if the machine was suspended since the last look.
func (c *clock) look() {
	for _, listener := range c.toldBySuspension() {
		listener()
	}
}

func (c *clock) toldBySuspension() []func() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	drift := c.drifted()
	wasSuspended := drift-c.drift > driftMin
	c.drift = drift
	if !wasSuspended {
		return nil
	}
	told := make([]func(), 0, len(c.listeners))
	for listener := range c.listeners {
		told = append(told, *listener)
	}
	return told
}

func (c *clock) drifted() time.Duration {
	return time.Duration(c.now()) - c.timers()
}
