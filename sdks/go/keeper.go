package octostore

import (
	"context"
	"errors"
	"sync"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

// renewable is something on the server that expires unless it is renewed: a lease or a session.
type renewable struct {
	// what is for messages, such as "the lock a/b".
	what string
	ttl  time.Duration
	// renew makes one attempt and returns when it was sent.
	renew func(context.Context) (sentAt time.Time, err error)
	// giveBack releases or ends it on the server.
	giveBack func(context.Context) error
	// within is the session that it belongs to and ends with, or nil.
	within *keeper
}

// keeper renews a lease or session in the background, and signals its loss when it may have expired.
type keeper struct {
	renewable
	// base has the values of the context that it was opened with, but never ends.
	base context.Context
	// ctx is done when it is lost or closed.
	ctx  context.Context
	end  context.CancelCauseFunc
	loss *time.Timer
	// idle is closed when nothing happens in the background any more.
	idle chan struct{}

	mutex sync.Mutex
	// provedAt is when the request that granted it or last renewed it was sent.
	provedAt time.Time
	// isGone means that the server has reported that it has ended.
	isGone bool

	closing  sync.Once
	closeErr error
}

// keep starts to renew a lease or session. grantedAt is when the request that granted it was sent.
func keep(ctx context.Context, thing renewable, grantedAt time.Time) *keeper {
	k := &keeper{
		renewable: thing,
		base:      context.WithoutCancel(ctx),
		idle:      make(chan struct{}),
		provedAt:  grantedAt,
	}
	k.ctx, k.end = context.WithCancelCause(k.base)
	k.loss = time.AfterFunc(time.Until(k.lossAt()), k.look)
	go k.run()
	return k
}

// Context is cancelled when the lock or session is lost, before anyone else can get what it protects, and when it is
// closed. Its [context.Cause] is then the same as Err. It has the values of the context with which it was opened, but
// does not end with it.
func (k *keeper) Context() context.Context {
	return k.ctx
}

// Done is closed when Context is cancelled.
func (k *keeper) Done() <-chan struct{} {
	return k.ctx.Done()
}

// Err returns nil while the lock or session is certain to be held. Once it is lost, it returns an [ErrNotFound] that says
// why; once it is closed, it returns [ErrClosed]. It checks the clock, so it is correct even right after the program was
// paused.
func (k *keeper) Err() error {
	k.look()
	return context.Cause(k.ctx)
}

// IsLost reports whether the lock or session was lost, rather than closed. Like Err, it checks the clock.
func (k *keeper) IsLost() bool {
	return errors.Is(k.Err(), ErrNotFound)
}

// Remaining is how much longer the lock or session is certain to be held without a renewal. 0 once it is lost or closed.
func (k *keeper) Remaining() time.Duration {
	if k.Err() != nil {
		return 0
	}
	left := max(0, time.Until(k.provedUntil()))
	if k.within != nil {
		left = min(left, k.within.Remaining())
	}
	return left
}

// Close releases the lock or ends the session, and waits until that is done or has failed. It does not return an error: a
// lock or session that cannot be closed expires on its own. Closing twice does nothing.
func (k *keeper) Close() {
	_ = k.close(k.base)
}

func (k *keeper) close(ctx context.Context) error {
	k.closing.Do(func() {
		k.look()
		k.end(ErrClosed)
		<-k.idle
		if k.isGone {
			return
		}
		if err := k.giveBack(ctx); !errors.Is(err, ErrNotFound) {
			k.closeErr = err
		}
	})
	return k.closeErr
}

// bound returns a context that is also done when the lock or session is lost or closed, with the same cause.
func (k *keeper) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(k.ctx, func() { cancel(context.Cause(k.ctx)) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

// run renews until the lock or session is lost or closed.
func (k *keeper) run() {
	defer close(k.idle)
	defer k.loss.Stop()
	if k.within != nil {
		stop := context.AfterFunc(k.within.ctx, k.look)
		defer stop()
	}
	for pause(k.ctx, time.Until(k.dueAt())) == nil {
		k.renewByAllMeans()
	}
}

// renewByAllMeans makes attempts until one succeeds, or the lock or session is lost or closed.
func (k *keeper) renewByAllMeans() {
	for failures := 1; k.ctx.Err() == nil; failures++ {
		sentAt, err := k.renewOnce()
		if err == nil {
			k.proved(sentAt)
			return
		}
		if errors.Is(err, ErrNotFound) {
			k.gone(err)
			return
		}
		_ = pause(k.ctx, min(k.period(), backoff(failures, retryAfterOf(err))))
	}
}

// renewOnce takes at most one period, so that an attempt that hangs does not cost the lock.
func (k *keeper) renewOnce() (time.Time, error) {
	ctx, cancel := context.WithTimeout(k.ctx, k.period())
	defer cancel()
	return k.renew(ctx)
}

// look signals the loss if it is due.
func (k *keeper) look() {
	if k.within != nil && k.within.Err() != nil {
		k.end(k.lost("its session has ended", nil))
	}
	if !time.Now().Before(k.lossAt()) {
		k.end(k.lost("it could not be renewed in time", nil))
	}
}

func (k *keeper) proved(sentAt time.Time) {
	k.mutex.Lock()
	k.provedAt = sentAt
	k.mutex.Unlock()
	k.loss.Reset(time.Until(k.lossAt()))
}

func (k *keeper) gone(err error) {
	k.isGone = true
	k.end(k.lost("it has ended on the server", err))
}

// lost is the error that reports the loss.
func (k *keeper) lost(why string, cause error) error {
	e := Error{}
	var answered *Error
	if errors.As(cause, &answered) {
		e = *answered
	}
	e.Kind = ErrNotFound
	e.Message = k.what + " is lost: " + why
	e.cause = cause
	return &e
}

func (k *keeper) provedUntil() time.Time {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return k.provedAt.Add(k.ttl)
}

func (k *keeper) lossAt() time.Time {
	return k.provedUntil().Add(-margin(k.ttl))
}

func (k *keeper) dueAt() time.Time {
	return k.provedUntil().Add(k.period() - k.ttl)
}

// period is the time between two renewals.
func (k *keeper) period() time.Duration {
	return k.ttl / rules.RenewalsPerTTL
}
