package octostore

import (
	"slices"
	"sync"
)

// grip is what a handle knows about its lease.
type grip struct {
	// requests gets the latest request to release a lock that no one has received yet.
	requests chan ReleaseRequest

	mutex sync.Mutex
	lease Lease
	// known is the last request that was shown, whether or not it still is.
	known *ReleaseRequest
	// conversions grows when a conversion begins and when it ends. What a renewal says is out of date if it has grown meanwhile.
	conversions int
}

func newGrip(lease Lease) *grip {
	g := &grip{requests: make(chan ReleaseRequest, 1), lease: lease}
	g.tell(lease.ReleaseRequested)
	return g
}

func (g *grip) current() Lease {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	lease := g.lease
	lease.Locks = slices.Clone(lease.Locks)
	return lease
}

// beginRenewal returns what endRenewal needs.
func (g *grip) beginRenewal() (conversions int) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return g.conversions
}

func (g *grip) endRenewal(conversions int, renewed Lease) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.lease.Proof, g.lease.ExpiresAt = renewed.Proof, renewed.ExpiresAt
	g.lease.ReleaseRequested = renewed.ReleaseRequested
	if conversions == g.conversions {
		g.adopt(renewed)
	}
	g.tell(renewed.ReleaseRequested)
}

func (g *grip) convert(ask func() (Lease, error)) error {
	g.countConversion()
	defer g.countConversion()
	converted, err := ask()
	if err != nil {
		return err
	}
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.adopt(converted)
	return nil
}

func (g *grip) countConversion() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.conversions++
}

// adopt takes over what a conversion can change. The server may name the first lock alone.
func (g *grip) adopt(lease Lease) {
	g.lease.FencingToken = lease.FencingToken
	for i, lock := range g.lease.Locks {
		for _, other := range lease.Locks {
			if other.Name == lock.Name {
				g.lease.Locks[i] = other
			}
		}
	}
	if len(g.lease.Locks) > 0 {
		g.lease.LockHold = g.lease.Locks[0].LockHold
	}
}

// tell passes on each request once. The server shows a request at every renewal.
func (g *grip) tell(request *ReleaseRequest) {
	if request == nil || (g.known != nil && isSameRequest(*request, *g.known)) {
		return
	}
	g.known = request
	select {
	case <-g.requests:
	default:
	}
	g.requests <- *request
}

func isSameRequest(one, other ReleaseRequest) bool {
	return one.At.Equal(other.At) && one.By == other.By && one.Message == other.Message
}
