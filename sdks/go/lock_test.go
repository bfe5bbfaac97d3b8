package octostore_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"octostore.io/go/octostore"
)

func TestALockIsReleasedWhenItIsClosed(t *testing.T) {
	t.Parallel()
	lock := hold(t, own(t), t.Name(), octostore.HoldOptions{TTL: 30 * time.Second, Metadata: "me"})
	if lock.Name() != t.Name() || lock.LeaseID() == "" || lock.FencingToken() == 0 || lock.Remaining() > 30*time.Second {
		t.Errorf("an odd lock: %q %q %d %v", lock.Name(), lock.LeaseID(), lock.FencingToken(), lock.Remaining())
	}
	if err := lock.Err(); err != nil || lock.IsLost() {
		t.Errorf("it is lost: %v", err)
	}
	lock.Close()
	lock.Close()
	await(t, lock.Done())
	if err := lock.Err(); !errors.Is(err, octostore.ErrClosed) || lock.IsLost() || lock.Remaining() != 0 {
		t.Errorf("after its end it is there for %v, and its error is %v", lock.Remaining(), err)
	}
	wantFree(t, t.Name())
}

func TestTheLossOfALockCancelsItsContextAndSaysWhy(t *testing.T) {
	t.Parallel()
	lock := hold(t, own(t), t.Name(), octostore.HoldOptions{TTL: lossTTL})
	steal(t, lock)
	await(t, lock.Context().Done())
	cause := context.Cause(lock.Context())
	if !errors.Is(cause, octostore.ErrNotFound) || cause != lock.Err() || !lock.IsLost() || lock.Remaining() != 0 {
		t.Errorf("the cause is %v, and the error %v", cause, lock.Err())
	}
	var e *octostore.Error
	if !errors.As(cause, &e) || e.Status != 404 || e.Code != "lock_not_found" {
		t.Errorf("it does not say what the server said: %#v", e)
	}
	if err := lock.Release(bounded(t)); err != nil {
		t.Errorf("the release of a lost lock fails: %v", err)
	}
}

func TestALockOutlivesTheContextOfItsAcquire(t *testing.T) {
	t.Parallel()
	type key struct{}
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "value"))
	lock, err := own(t).Hold(ctx, t.Name(), octostore.HoldOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	cancel()
	if err := lock.Context().Err(); err != nil {
		t.Error(err)
	}
	if lock.Context().Value(key{}) != "value" {
		t.Error("it has not the values of its context")
	}
}

func TestAReleaseThatCannotBeMadeSaysSo(t *testing.T) {
	t.Parallel()
	lock := hold(t, own(t), t.Name(), octostore.HoldOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := lock.Release(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("it ends with %v", err)
	}
	if err := lock.Err(); !errors.Is(err, octostore.ErrClosed) {
		t.Errorf("it goes on: %v", err)
	}
	steal(t, lock)
}

func TestAWaitEndsWithItsContextAndLeavesTheQueue(t *testing.T) {
	t.Parallel()
	theirs := hold(t, other(t), t.Name(), octostore.HoldOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := own(t).Hold(ctx, t.Name(), octostore.HoldOptions{Wait: time.Hour})
		ended <- err
	}()
	awaitStatus(t, t.Name(), hasWaiter)
	cancel()
	if err := await(t, ended); !errors.Is(err, context.Canceled) {
		t.Errorf("it ends with %v", err)
	}
	theirs.Close()
	awaitStatus(t, t.Name(), isFree)
}

func TestAContextThatIsDoneSendsNothing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	sent := &counter{}
	client := newClient(t, octostore.ClientOptions{Transport: sent})
	if _, err := client.Hold(ctx, t.Name(), octostore.HoldOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("it ends with %v", err)
	}
	if n := sent.number.Load(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestADeadlineOfTheCallerIsNoTimeout(t *testing.T) {
	t.Parallel()
	hold(t, other(t), t.Name(), octostore.HoldOptions{})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := own(t).Hold(ctx, t.Name(), octostore.HoldOptions{Wait: time.Minute})
	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, octostore.ErrTimeout) {
		t.Errorf("it ends with %v", err)
	}
}

func TestWithLockReturnsWhatItsFunctionReturnsAndReleases(t *testing.T) {
	t.Parallel()
	wanted := errors.New("wanted")
	err := own(t).WithLock(bounded(t), t.Name(), octostore.HoldOptions{}, func(_ context.Context, lock *octostore.Lock) error {
		if lock.Err() != nil {
			t.Error(lock.Err())
		}
		return wanted
	})
	if err != wanted {
		t.Errorf("it returns %v", err)
	}
	wantFree(t, t.Name())
}

func TestWithLockReleasesWhenItsFunctionPanics(t *testing.T) {
	t.Parallel()
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic is gone")
			}
		}()
		_ = own(t).WithLock(bounded(t), t.Name(), octostore.HoldOptions{}, func(context.Context, *octostore.Lock) error {
			panic("on purpose")
		})
	}()
	wantFree(t, t.Name())
}

func TestWithLockTellsItsFunctionOfTheLoss(t *testing.T) {
	t.Parallel()
	err := own(t).WithLock(bounded(t), t.Name(), octostore.HoldOptions{TTL: lossTTL},
		func(ctx context.Context, lock *octostore.Lock) error {
			steal(t, lock)
			await(t, ctx.Done())
			return context.Cause(ctx)
		})
	if !errors.Is(err, octostore.ErrNotFound) || !errors.Is(err, octostore.ErrLockLost) {
		t.Errorf("it returns %v", err)
	}
}

func TestALossIsNoSuccessOfWithLock(t *testing.T) {
	t.Parallel()
	wanted := errors.New("wanted")
	for name, result := range map[string]error{"nil": nil, "error": wanted} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := own(t).WithLock(bounded(t), t.Name(), octostore.HoldOptions{TTL: lossTTL},
				func(ctx context.Context, lock *octostore.Lock) error {
					steal(t, lock)
					await(t, ctx.Done())
					return result
				})
			var lost *octostore.LockLostError
			var e *octostore.Error
			if !errors.As(err, &lost) || lost.Lock != t.Name() || !errors.As(lost, &e) || e.Code != "lock_not_found" {
				t.Errorf("it returns %v", err)
			}
			if !errors.Is(err, octostore.ErrLockLost) || errors.Is(err, wanted) != (result != nil) {
				t.Errorf("it returns %v", err)
			}
		})
	}
}

func TestWithLockEndsWithTheContextOfTheCaller(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	err := own(t).WithLock(ctx, t.Name(), octostore.HoldOptions{}, func(ctx context.Context, lock *octostore.Lock) error {
		cancel()
		await(t, ctx.Done())
		if lock.IsLost() {
			t.Error("the lock is lost")
		}
		return ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("it returns %v", err)
	}
	wantFree(t, t.Name())
}

func TestALockThatIsHeldSaysByWhom(t *testing.T) {
	t.Parallel()
	hold(t, other(t), t.Name(), octostore.HoldOptions{TTL: 30 * time.Second, Metadata: "theirs"})
	_, err := own(t).Hold(bounded(t), t.Name(), octostore.HoldOptions{})
	var held *octostore.HeldError
	if !errors.As(err, &held) || held.Holder == "" || held.Metadata != "theirs" || held.ExpiresAt.IsZero() {
		t.Fatalf("it says %v", err)
	}
	var e *octostore.Error
	if !errors.Is(err, octostore.ErrHeld) || !errors.As(err, &e) || e.Status != 409 || e.RetryAfter <= 0 {
		t.Errorf("it says %v", err)
	}
}

func TestManyContendersOfOneClientExcludeEachOther(t *testing.T) {
	t.Parallel()
	const contenders = 20
	client, ctx := own(t), bounded(t)
	var running sync.WaitGroup
	var inside, last, turns atomic.Int64
	for range contenders {
		running.Add(1)
		go func() {
			defer running.Done()
			err := client.WithLock(ctx, t.Name(), octostore.HoldOptions{Wait: inTime},
				func(_ context.Context, lock *octostore.Lock) error {
					defer inside.Add(-1)
					if n := inside.Add(1); n != 1 {
						t.Errorf("%d are inside", n)
					}
					if before := last.Swap(lock.FencingToken()); before >= lock.FencingToken() {
						t.Errorf("token %d comes after %d", lock.FencingToken(), before)
					}
					turns.Add(1)
					return nil
				})
			if err != nil {
				t.Error(err)
			}
		}()
	}
	running.Wait()
	if n := turns.Load(); n != contenders {
		t.Errorf("%d had the lock", n)
	}
}

func TestAnotherUserCannotReleaseALock(t *testing.T) {
	t.Parallel()
	lock := hold(t, own(t), t.Name(), octostore.HoldOptions{})
	err := other(t).Release(bounded(t), lock.Name(), lock.LeaseID())
	if !errors.Is(err, octostore.ErrNotFound) {
		t.Errorf("it says %v", err)
	}
}
