package octostoretest_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"octostore.io/go/octostore"
	"octostore.io/go/octostore/octostoretest"
)

func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), inTime)
	t.Cleanup(cancel)
	return ctx
}

func hold(t *testing.T, client *octostore.Client, name string, options octostore.HoldOptions) *octostore.Lock {
	t.Helper()
	lock, err := client.Hold(bounded(t), name, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lock.Close)
	return lock
}

// holdLater waits in line for a lock.
func holdLater(t *testing.T, client *octostore.Client, name string) <-chan *octostore.Lock {
	t.Helper()
	ctx, locks := bounded(t), make(chan *octostore.Lock, 1)
	go func() {
		lock, err := client.Hold(ctx, name, octostore.HoldOptions{Wait: 20 * time.Second})
		if err != nil {
			t.Error(err)
		}
		locks <- lock
	}()
	return locks
}

func awaitWaiter(t *testing.T, server *octostoretest.Server, name string) {
	t.Helper()
	if err := server.AwaitWaiters(bounded(t), name, 1); err != nil {
		t.Fatal(err)
	}
}

func TestALockIsRefusedAndAWaiterGetsItWithAHigherToken(t *testing.T) {
	t.Parallel()
	server := octostoretest.New()
	ada, bob := server.Client("ada"), server.Client("bob")
	lock := hold(t, ada, "a/b", octostore.HoldOptions{TTL: 30 * time.Second})
	_, err := bob.Hold(bounded(t), "a/b", octostore.HoldOptions{})
	var held *octostore.HeldError
	if !errors.As(err, &held) || held.Holder != "ada" || !held.ExpiresAt.Equal(server.Now().Add(30*time.Second)) {
		t.Fatalf("%+v", err)
	}
	waiting := holdLater(t, bob, "a/b")
	awaitWaiter(t, server, "a/b")
	lock.Close()
	next := <-waiting
	defer next.Close()
	if next.FencingToken() <= lock.FencingToken() {
		t.Errorf("%d, then %d", lock.FencingToken(), next.FencingToken())
	}
}

func TestLocksAreRenewedWhenTheClockMovesLessThanTheirTTL(t *testing.T) {
	t.Parallel()
	server := octostoretest.New()
	var mutex sync.Mutex
	var types []octostore.HandleEventType
	client := server.ClientWith(octostore.ClientOptions{
		Token: server.Token("ada"),
		Observe: func(e octostore.HandleEvent) {
			mutex.Lock()
			defer mutex.Unlock()
			types = append(types, e.Type)
		},
	})
	lock := hold(t, client, "a", octostore.HoldOptions{TTL: 30 * time.Second})
	for range 3 {
		server.Advance(20 * time.Second)
	}
	mutex.Lock()
	defer mutex.Unlock()
	if lock.IsLost() || len(types) != 4 || types[3] != octostore.HandleRenewed {
		t.Errorf("%v, lost: %v", types, lock.IsLost())
	}
}

func TestTheyAreLostWhenItMovesFurtherAndTheNextOneHasTheLock(t *testing.T) {
	t.Parallel()
	server := octostoretest.New()
	lock := hold(t, server.Client("ada"), "a", octostore.HoldOptions{TTL: 10 * time.Second})
	waiting := holdLater(t, server.Client("bob"), "a")
	awaitWaiter(t, server, "a")
	server.Advance(11 * time.Second)
	if !lock.IsLost() || !errors.Is(lock.Err(), octostore.ErrNotFound) {
		t.Errorf("it says %v", lock.Err())
	}
	(<-waiting).Close()
}

func TestSessionsEndWithTheirLocks(t *testing.T) {
	t.Parallel()
	server := octostoretest.New()
	client := server.Client("ada")
	session, err := client.OpenSession(bounded(t), octostore.SessionOptions{TTL: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	lock := hold(t, client, "a", octostore.HoldOptions{TTL: 100 * time.Second, Session: session})
	server.Advance(11 * time.Second)
	if !session.IsLost() || !lock.IsLost() {
		t.Errorf("lost: %v, %v", session.IsLost(), lock.IsLost())
	}
}

func TestABrokenLockSaysWhy(t *testing.T) {
	t.Parallel()
	server := octostoretest.New()
	lock := hold(t, server.Client("ada"), "a", octostore.HoldOptions{})
	if _, err := server.AdminClient().BreakLock(bounded(t), "a", octostore.BreakOptions{Reason: "it hangs"}); err != nil {
		t.Fatal(err)
	}
	server.Advance(0)
	var broken *octostore.LeaseBrokenError
	if err := lock.Err(); !errors.As(err, &broken) || broken.Reason != "it hangs" {
		t.Errorf("it says %v", err)
	}
}

func TestAnAcquireThatIsCancelledLeavesTheLine(t *testing.T) {
	t.Parallel()
	server := octostoretest.New()
	hold(t, server.Client("ada"), "a", octostore.HoldOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() {
		_, err := server.Client("bob").Hold(ctx, "a", octostore.HoldOptions{Wait: 20 * time.Second})
		failed <- err
	}()
	awaitWaiter(t, server, "a")
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("it says %v", err)
	}
	queue, err := server.Client("ada").Queue(bounded(t), "a")
	if err != nil || queue.Waiters != 0 {
		t.Errorf("%+v, %v", queue, err)
	}
}

func TestItRefusesTokensThatItHasNotGiven(t *testing.T) {
	t.Parallel()
	client := octostoretest.New().ClientWith(octostore.ClientOptions{Token: "another"})
	if _, err := client.Acquire(bounded(t), "a", octostore.AcquireOptions{}); !errors.Is(err, octostore.ErrAuthentication) {
		t.Errorf("it says %v", err)
	}
	if err := client.Health(bounded(t)); err != nil {
		t.Error(err)
	}
}

func TestWhatItLeavesOutSaysSo(t *testing.T) {
	t.Parallel()
	client := octostoretest.New().Client("ada")
	calls := map[string]func() error{
		"webhooks": func() error { _, err := client.ListWebhooks(bounded(t)); return err },
		"rotation": func() error { _, err := client.RotateToken(bounded(t)); return err },
		"proofs": func() error {
			_, err := client.Acquire(bounded(t), "a", octostore.AcquireOptions{Proof: true})
			return err
		},
	}
	for what, call := range calls {
		var of *octostore.Error
		if err := call(); !errors.As(err, &of) || of.Status != 501 || of.Code != "not_in_double" {
			t.Errorf("%s: %v", what, err)
		}
	}
}
