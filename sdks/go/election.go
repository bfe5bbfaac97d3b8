package octostore

import (
	"context"
	"errors"
	"sync"

	"octostore.io/go/octostore/internal/rules"
)

// Elect campaigns for a lock and runs lead while holding it, again and again until ctx is done. Then it returns nil,
// after lead has returned and the lock is released, or its place in line is given up.
//
// The context of lead is cancelled when the lock is lost or the election is over. Elect waits for lead, so lead must
// return then. After a loss, Elect campaigns again. Elect ends with the error that lead returns, unless it comes from
// lead's cancelled context, and with errors that retrying cannot fix, such as [ErrAuthentication].
//
// To run an election in the background, use [Client.StartElection].
func (c *Client) Elect(
	ctx context.Context, name string, options ElectOptions, lead func(ctx context.Context, lock *Lock) error,
) error {
	for {
		lock, err := c.campaign(ctx, name, options)
		if err != nil {
			return unlessDone(ctx, err)
		}
		if err := leadWith(ctx, lock, lead); err != nil {
			return err
		}
		if options.Once || ctx.Err() != nil {
			return nil
		}
	}
}

// Election is an election in the background.
type Election struct {
	name  string
	stop  context.CancelFunc
	ended chan struct{}
	err   error

	mutex sync.Mutex
	// isAskedFor means that someone learns of the error.
	isAskedFor bool
}

// StartElection does what [Client.Elect] does, in the background. The election ends when ctx is done, or when it is stopped. If
// it ends with an error, and no one has asked for it by then with Done or Wait, the client's logger gets the error.
func (c *Client) StartElection(
	ctx context.Context, name string, options ElectOptions, lead func(ctx context.Context, lock *Lock) error,
) *Election {
	ctx, stop := context.WithCancel(ctx)
	e := &Election{name: name, stop: stop, ended: make(chan struct{})}
	go func() {
		defer stop()
		e.end(c, c.Elect(ctx, name, options, lead))
	}()
	return e
}

// String is for logs and debugging.
func (e *Election) String() string {
	select {
	case <-e.ended:
		return "octostore.Election(" + e.name + ", ended)"
	default:
		return "octostore.Election(" + e.name + ")"
	}
}

// GoString is the same for the verb %#v.
func (e *Election) GoString() string {
	return e.String()
}

// Done is closed when the election has ended. Err then returns its error.
func (e *Election) Done() <-chan struct{} {
	e.askedFor()
	return e.ended
}

// Err returns the error that ended the election, or nil if there was none or it has not ended.
func (e *Election) Err() error {
	select {
	case <-e.ended:
		return e.err
	default:
		return nil
	}
}

// Wait waits until the election has ended, and returns its error, or nil if it was stopped.
func (e *Election) Wait() error {
	<-e.Done()
	return e.err
}

// Stop ends the election. It returns when lead has returned and the lock is released, with the error that ended the election
// before it was stopped, if there was one. It must not be called by lead. Stopping twice does nothing more.
func (e *Election) Stop() error {
	e.stop()
	return e.Wait()
}

func (e *Election) askedFor() {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.isAskedFor = true
}

func (e *Election) end(c *Client, err error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.err = err
	close(e.ended)
	if err != nil && !e.isAskedFor {
		c.transport.logger.Error("octostore: the election for "+e.name+" has ended", "error", err)
	}
}

// campaign returns the lock once it is acquired.
func (c *Client) campaign(ctx context.Context, name string, options ElectOptions) (*Lock, error) {
	hold := HoldOptions{
		TTL:       options.TTL,
		Wait:      rules.WaitPerRequestMax,
		WaitSlice: options.WaitSlice,
		Metadata:  options.Metadata,
		LockDelay: options.LockDelay,
		Session:   options.Session,
	}
	for failures := 0; ; {
		lock, err := c.transport.hold(ctx, routesOfLock{name: name}, hold, briefly)
		switch {
		case err == nil:
			return lock, nil
		case errors.Is(err, ErrHeld):
			failures = 0
		case isMendable(err):
			failures++
			if err := pause(ctx, backoff(failures, retryAfterOf(err))); err != nil {
				return nil, err
			}
		default:
			return nil, err
		}
	}
}

func leadWith(ctx context.Context, lock *Lock, lead func(context.Context, *Lock) error) error {
	defer lock.Close()
	ctx, cancel := lock.bound(ctx)
	defer cancel()
	err := lead(ctx, lock)
	if errors.Is(err, context.Cause(ctx)) {
		return nil
	}
	return unlessDone(ctx, err)
}

// unlessDone returns the error, or nil if it only says that the context is done.
func unlessDone(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}
