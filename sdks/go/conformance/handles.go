package main

import (
	"cmp"
	"context"
	"time"

	"octostore.io/go/octostore"
)

// losable is what a lock and a session have in common.
type losable interface {
	Done() <-chan struct{}
	IsLost() bool
	Err() error
	Close()
}

func (d *driver) hold(ctx context.Context, r request) (any, error) {
	lock, err := d.clients.get(r.Client).Hold(ctx, r.Name, d.holdOptions(r))
	return d.put(r, lock, err)
}

func (d *driver) holdAll(ctx context.Context, r request) (any, error) {
	lock, err := d.clients.get(r.Client).HoldAll(ctx, r.Locks, d.holdOptions(r))
	return d.put(r, lock, err)
}

func (d *driver) holdOptions(r request) octostore.HoldOptions {
	options := octostore.HoldOptions{
		TTL:       r.ttl(),
		Wait:      r.wait(),
		WaitSlice: r.waitSlice(),
		Metadata:  r.Metadata,
		Mode:      r.Mode,
		Limit:     r.Limit,
		Permits:   r.Permits,
		LockDelay: seconds(r.LockDelay),
		MinHold:   seconds(r.MinHold),
		Proof:     r.Proof,
	}
	if r.Session != "" {
		options.Session = d.sessions.get(r.Session)
	}
	return options
}

// put names a lock, and reports the requests to release it.
func (d *driver) put(r request, lock *octostore.Lock, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	d.locks.put(r.As, lock)
	go func() {
		for {
			select {
			case asked := <-lock.ReleaseRequests():
				d.events.write(object{
					"event": "release_requested", "of": r.As, "by": asked.By, "message": orNull(asked.Message),
				})
			case <-lock.Done():
				return
			}
		}
	}()
	return facts(lock), nil
}

func facts(lock *octostore.Lock) object {
	return object{"lease_id": lock.LeaseID(), "fencing_token": lock.FencingToken(), "locks": lock.Locks()}
}

func (d *driver) convert(ctx context.Context, r request) (any, error) {
	lock := d.locks.get(r.Handle)
	if err := lock.ConvertLock(ctx, cmp.Or(r.Name, lock.Name()), r.Mode); err != nil {
		return nil, err
	}
	return facts(lock), nil
}

func (d *driver) handle(_ context.Context, r request) (any, error) {
	lock := d.locks.get(r.Handle)
	answer := facts(lock)
	answer["name"] = lock.Name()
	answer["remaining_ms"] = float64(lock.Remaining()) / float64(time.Millisecond)
	answer["is_lost"] = lock.IsLost()
	answer["proof"] = orNull(lock.Proof())
	answer["release_requested"] = lock.ReleaseRequested()
	return answer, nil
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
	answer := object{"is_lost": thing.IsLost()}
	if thing.IsLost() {
		answer["error"] = errorFacts(thing.Err())
	}
	return answer, nil
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
