package octostore

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"
)

// suspendable is a clock on which a test can let time pass that timers do not count.
type suspendable struct {
	*clock
	skipped atomic.Int64
}

func newSuspendable() *suspendable {
	s := &suspendable{}
	s.clock = newClock(func() instant { return systemNow().add(time.Duration(s.skipped.Load())) }, systemTimers)
	return s
}

func (s *suspendable) suspend(d time.Duration) {
	s.skipped.Add(int64(d))
	s.look()
}

// kept keeps something with a TTL of an hour, and tells of each renewal.
func kept(t *testing.T, clock *suspendable) (k *keeper, renewals <-chan struct{}) {
	t.Helper()
	transport := newTransport(ClientOptions{BaseURLs: []string{"http://localhost:1"}, Logger: slog.Default()})
	transport.clock = clock.clock
	renewed := make(chan struct{}, 10)
	k = transport.keep(t.Context(), renewable{
		what: "the lock x",
		ttl:  time.Hour,
		renew: func(context.Context, string) (instant, error) {
			renewed <- struct{}{}
			return clock.now(), nil
		},
		giveBack: func(context.Context, limits) error { return nil },
	}, clock.now())
	t.Cleanup(func() { _ = k.close(context.Background()) })
	return k, renewed
}

func within[T any](t *testing.T, channel <-chan T) {
	t.Helper()
	select {
	case <-channel:
	case <-time.After(20 * time.Second):
		t.Fatal("it has not happened in time")
	}
}

func TestALockIsLostWhileTheMachineIsSuspended(t *testing.T) {
	clock := newSuspendable()
	k, _ := kept(t, clock)
	clock.suspend(2 * time.Hour)
	within(t, k.Done())
	if err := k.Err(); !errors.Is(err, ErrNotFound) || k.Remaining() != 0 {
		t.Errorf("it says %v", err)
	}
}

func TestALockIsAskedForItsLossRightAfterASuspension(t *testing.T) {
	clock := newSuspendable()
	k, _ := kept(t, clock)
	clock.skipped.Add(int64(2 * time.Hour))
	if !k.IsLost() {
		t.Error("it is not lost")
	}
}

func TestALossThatIsDueComesBeforeARenewal(t *testing.T) {
	clock := newSuspendable()
	k, renewals := kept(t, clock)
	clock.skipped.Add(int64(2 * time.Hour))
	k.wake <- struct{}{}
	within(t, k.Done())
	<-k.idle
	if len(renewals) > 0 {
		t.Error("it was renewed all the same")
	}
}

func TestARenewalThatIsDueAfterASuspensionIsMadeImmediately(t *testing.T) {
	clock := newSuspendable()
	k, renewals := kept(t, clock)
	clock.suspend(30 * time.Minute)
	within(t, renewals)
	if err := k.Err(); err != nil {
		t.Error(err)
	}
}

func TestTheWallClockTellsOfSuspendedTimeWhereNothingElseDoes(t *testing.T) {
	var monotonic, wall time.Duration
	aided := newWallAided(func() time.Duration { return monotonic }, func() time.Duration { return wall })
	pass := func(ofMonotonic, ofWall time.Duration) time.Duration {
		before := aided.now()
		monotonic += ofMonotonic
		wall += ofWall
		return aided.now().sub(before)
	}
	for _, c := range []struct{ monotonic, wall, want time.Duration }{
		{time.Second, time.Second, time.Second},
		{time.Second, time.Hour, time.Hour},
		{time.Second, 1900 * time.Millisecond, time.Second},
		{time.Second, -time.Hour, time.Second},
	} {
		if got := pass(c.monotonic, c.wall); got != c.want {
			t.Errorf("after %v, and %v by the wall clock, %v have passed", c.monotonic, c.wall, got)
		}
	}
}

func TestAnInstantDoesNotOverflow(t *testing.T) {
	if at := systemNow(); at <= 0 || at.add(1<<63-1) < at {
		t.Errorf("%d", at)
	}
}
