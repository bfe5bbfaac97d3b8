package octostore

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

// renewable is something on the server that expires unless it is renewed: a lease or a session.
type renewable struct {
	// what is for messages, such as "the lock a/b".
	what string
	ttl  time.Duration
	// renew makes one attempt at a server and returns when it was sent.
	renew func(ctx context.Context, server string) (sentAt instant, err error)
	// giveBack releases or ends it on the server.
	giveBack func(ctx context.Context, within limits) error
	// event returns an event about it, without a type.
	event func() HandleEvent
	// within is the session that it belongs to and ends with, or nil.
	within *keeper
}

// keeper renews a lease or session in the background, and signals its loss when it may have expired. It does not refer to the
// handle that it belongs to, so that a handle that is forgotten can be collected.
type keeper struct {
	renewable
	transport *transport
	// base has the values of the context that it was opened with, but never ends.
	base context.Context
	// ctx is done when it is lost or closed.
	ctx context.Context
	end context.CancelCauseFunc
	// idle is closed when nothing happens in the background any more.
	idle           chan struct{}
	stopCatchingUp func()
	// wake ends the pause before the next renewal.
	wake chan struct{}
	// isGone means that it has certainly ended on the server.
	isGone atomic.Bool

	mutex sync.Mutex
	// hurried are closed after the next attempt to renew, which is to be made now.
	hurried []chan struct{}
	// loss signals the loss when it is due.
	loss *time.Timer
	// provedAt is when the request that granted it or last renewed it was sent.
	provedAt instant

	closing  sync.Once
	closeErr error
}

// keep starts to renew a lease or session. grantedAt is when the request that granted it was sent.
func (t *transport) keep(ctx context.Context, thing renewable, grantedAt instant) *keeper {
	k := &keeper{
		renewable: thing,
		transport: t,
		base:      context.WithoutCancel(ctx),
		idle:      make(chan struct{}),
		wake:      make(chan struct{}, 1),
		provedAt:  grantedAt,
	}
	k.ctx, k.end = context.WithCancelCause(k.base)
	// A suspension from here on is noticed, and one before is in the time until the loss.
	k.stopCatchingUp = t.clock.onSuspended(k.catchUp)
	k.armLoss()
	t.open.add(k)
	k.observe(HandleAcquired, nil)
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
	left := max(0, k.transport.clock.until(k.provedUntil()))
	if k.within != nil {
		left = min(left, k.within.Remaining())
	}
	return left
}

// close ends it on the server, once, and in no more time than what is left of it.
func (k *keeper) close(ctx context.Context) error {
	k.closing.Do(func() {
		left, isLost := k.Remaining(), k.IsLost()
		deadline := k.transport.clock.now().add(left)
		k.end(ErrClosed)
		<-k.idle
		switch {
		case k.hasEndedOnServer():
		case isLost:
			go func() { _ = k.giveBack(context.WithoutCancel(ctx), brief(k.transport.clock)) }()
		default:
			k.closeErr = k.endOnServer(ctx, limits{deadline: deadline})
		}
		k.transport.open.remove(k)
		if !isLost {
			k.observe(HandleReleased, k.closeErr)
		}
	})
	return k.closeErr
}

// hasEndedOnServer reports whether the server has reported that it, or its session, has ended.
func (k *keeper) hasEndedOnServer() bool {
	return k.isGone.Load() || (k.within != nil && k.within.hasEndedOnServer())
}

func (k *keeper) endOnServer(ctx context.Context, within limits) error {
	err := k.giveBack(ctx, within)
	if err == nil || errors.Is(err, ErrNotFound) {
		k.isGone.Store(true)
		return nil
	}
	return err
}

// abandon is called when the handle was forgotten.
func (k *keeper) abandon() {
	if k.Err() != nil {
		return
	}
	k.end(k.lost("its handle was forgotten", nil))
	k.transport.logger.Warn("octostore: " + k.what + " was never closed, and its handle was forgotten. It is no longer renewed.")
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
	defer k.noteLoss()
	defer k.stopLooking()
	if k.within != nil {
		stop := context.AfterFunc(k.within.ctx, k.look)
		defer stop()
	}
	for k.awaitDue() {
		k.renewByAllMeans()
	}
}

func (k *keeper) observe(what HandleEventType, err error) {
	if k.transport.observe == nil || k.event == nil {
		return
	}
	event := k.event()
	event.Type, event.Err = what, err
	defer func() {
		if why := recover(); why != nil {
			k.transport.logger.Error("octostore: the observer has panicked", "why", why)
		}
	}()
	k.transport.observe(event)
}

func (k *keeper) stopLooking() {
	k.stopCatchingUp()
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.loss.Stop()
}

// noteLoss leaves a handle that is being closed among the open ones, so that a program that ends waits for that.
func (k *keeper) noteLoss() {
	if cause := context.Cause(k.ctx); !errors.Is(cause, ErrClosed) {
		k.transport.open.remove(k)
		k.observe(HandleLost, cause)
	}
}

// awaitDue returns true when the next renewal is due, or false when the lock or session is lost or closed.
func (k *keeper) awaitDue() bool {
	for {
		if k.ctx.Err() != nil {
			return false
		}
		left := k.transport.clock.until(k.dueAt())
		if left <= 0 || k.isHurried() {
			return true
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-k.wake:
		case <-k.ctx.Done():
		}
		timer.Stop()
	}
}

// renewNow makes one attempt to renew it, and returns after that, or when it is lost or closed.
func (k *keeper) renewNow() {
	done := make(chan struct{})
	k.mutex.Lock()
	k.hurried = append(k.hurried, done)
	k.mutex.Unlock()
	k.wakeUp()
	select {
	case <-done:
	case <-k.idle:
	}
}

func (k *keeper) isHurried() bool {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return len(k.hurried) > 0
}

// renewOnce makes one attempt.
func (k *keeper) renewOnce(server string) error {
	k.mutex.Lock()
	hurried := k.hurried
	k.hurried = nil
	k.mutex.Unlock()
	sentAt, err := k.renew(k.ctx, server)
	switch {
	case err == nil:
		k.proved(sentAt)
		k.observe(HandleRenewed, nil)
	case errors.Is(err, ErrNotFound):
		k.gone(err)
	case k.ctx.Err() == nil:
		k.observe(HandleRenewalFailed, err)
	}
	for _, done := range hurried {
		close(done)
	}
	return err
}

// catchUp is called when the machine was suspended, because timers do not count that time.
func (k *keeper) catchUp() {
	k.armLoss()
	k.wakeUp()
}

func (k *keeper) wakeUp() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// renewByAllMeans makes attempts until one succeeds, or the lock or session is lost or closed.
func (k *keeper) renewByAllMeans() {
	route := newRoute(k.transport.servers, k.transport.clock, endless, 0)
	// After a suspension, the loss may be due too, and comes first.
	for k.Err() == nil {
		err := k.renewOnce(route.url)
		if err == nil || errors.Is(err, ErrNotFound) {
			return
		}
		wait, _ := route.next(err, 0)
		_ = pause(k.ctx, min(k.period(), wait))
	}
}

// look signals the loss if it is due.
func (k *keeper) look() {
	if k.within != nil && k.within.Err() != nil {
		k.end(k.lost("its session has ended", nil))
	}
	if k.untilLoss() <= 0 {
		k.end(k.lost("it could not be renewed in time", nil))
	}
}

func (k *keeper) proved(sentAt instant) {
	k.mutex.Lock()
	k.provedAt = max(k.provedAt, sentAt)
	k.mutex.Unlock()
	k.armLoss()
}

// armLoss lets the loss be signalled when it is due.
func (k *keeper) armLoss() {
	left := k.untilLoss()
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if k.loss == nil {
		k.loss = time.AfterFunc(left, k.look)
	} else {
		k.loss.Reset(left)
	}
}

func (k *keeper) gone(err error) {
	k.isGone.Store(true)
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
	e.cause = cause
	var broken *LeaseBrokenError
	if errors.As(cause, &broken) {
		return broken.because(k.what, &e)
	}
	e.Message = k.what + " is lost: " + why
	return &e
}

func (k *keeper) provedUntil() instant {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return k.provedAt.add(k.ttl)
}

func (k *keeper) untilLoss() time.Duration {
	return k.transport.clock.until(k.provedUntil()) - margin(k.ttl)
}

func (k *keeper) dueAt() instant {
	return k.provedUntil().add(k.period() - k.ttl)
}

// period is the time between two renewals.
func (k *keeper) period() time.Duration {
	return k.ttl / rules.RenewalsPerTTL
}

// state is for the text form of a handle.
func (k *keeper) state() string {
	switch err := k.Err(); {
	case err == nil:
		return k.Remaining().Round(time.Millisecond).String() + " left"
	case errors.Is(err, ErrNotFound):
		return "lost"
	default:
		return "closed"
	}
}
