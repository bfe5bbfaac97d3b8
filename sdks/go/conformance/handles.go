package main

import (
	"context"
	"time"

	"octostore.io/go/octostore"
)

// losable is what a lock and a session have in common.
type losable interface {
	Done() <-chan struct{}
	IsLost() bool
	Close()
}

func (d *driver) hold(ctx context.Context, r request) (any, error) {
	options := octostore.HoldOptions{TTL: r.ttl(), Wait: r.wait(), WaitSlice: r.waitSlice(), Metadata: r.Metadata}
	if r.Session != "" {
		options.Session = d.sessions.get(r.Session)
	}
	lock, err := d.clients.get(r.Client).Hold(ctx, r.Name, options)
	if err != nil {
		return nil, err
	}
	d.locks.put(r.As, lock)
	return object{"lease_id": lock.LeaseID(), "fencing_token": lock.FencingToken()}, nil
}

func (d *driver) handle(_ context.Context, r request) (any, error) {
	lock := d.locks.get(r.Handle)
	return object{
		"lease_id":      lock.LeaseID(),
		"fencing_token": lock.FencingToken(),
		"name":          lock.Name(),
		"remaining_ms":  float64(lock.Remaining()) / float64(time.Millisecond),
		"is_lost":       lock.IsLost(),
	}, nil
}

func (d *driver) openSession(ctx context.Context, r request) (any, error) {
	session, err := d.clients.get(r.Client).OpenSession(ctx, octostore.SessionOptions{TTL: r.ttl()})
	if err != nil {
		return nil, err
	}
	d.sessions.put(r.As, session)
	return object{"session_id": session.ID()}, nil
}

func (d *driver) awaitLost(_ context.Context, r request) (any, error) {
	thing := d.losable(r)
	select {
	case <-thing.Done():
	case <-time.After(r.timeout()):
	}
	return object{"is_lost": thing.IsLost()}, nil
}

func (d *driver) losable(r request) losable {
	if r.Session != "" {
		return d.sessions.get(r.Session)
	}
	return d.locks.get(r.Handle)
}

func (d *driver) elect(ctx context.Context, r request) (any, error) {
	lead := func(ctx context.Context, lock *octostore.Lock) error {
		d.events.write(object{"event": "leading", "of": r.As, "fencing_token": lock.FencingToken()})
		if r.Fails != "" {
			return programError(r.Fails)
		}
		<-ctx.Done()
		d.events.write(object{"event": "stopped", "of": r.As})
		return nil
	}
	options := octostore.ElectOptions{TTL: r.ttl(), WaitSlice: r.waitSlice()}
	e := d.clients.get(r.Client).StartElection(ctx, r.Name, options, lead)
	d.elections.put(r.As, e)
	go func() {
		d.events.write(object{"event": "ended", "of": r.As, "error": errorFacts(e.Wait())})
	}()
	return nil, nil
}

func (d *driver) withLock(ctx context.Context, r request) (any, error) {
	end := make(chan string)
	d.blocks.put(r.As, end)
	options := octostore.HoldOptions{TTL: r.ttl(), Wait: r.wait()}
	return nil, d.clients.get(r.Client).WithLock(ctx, r.Name, options, func(context.Context, *octostore.Lock) error {
		d.events.write(object{"event": "inside", "of": r.As})
		if failure := <-end; failure != "" {
			return programError(failure)
		}
		return nil
	})
}

func (d *driver) endBlock(_ context.Context, r request) (any, error) {
	d.blocks.get(r.Block) <- r.Fails
	return nil, nil
}

func (d *driver) close(_ context.Context, r request) (any, error) {
	switch {
	case r.Election != "":
		return nil, d.elections.get(r.Election).Stop()
	case r.Watch != "":
		d.watches.get(r.Watch).close()
	default:
		d.losable(r).Close()
	}
	return nil, nil
}
