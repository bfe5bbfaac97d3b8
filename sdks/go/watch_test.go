package octostore_test

import (
	"context"
	"errors"
	"iter"
	"testing"

	"octostore.io/go/octostore"
)

// watchOf begins to watch the lock of the test, and ends with the test.
func watchOf(t *testing.T, ctx context.Context) (next func() (octostore.Update, error, bool)) {
	t.Helper()
	updates, err := own(t).Watch(ctx, t.Name())
	if err != nil {
		t.Fatal(err)
	}
	next, stop := iter.Pull2(updates)
	t.Cleanup(stop)
	return next
}

func TestAWatchTellsTheStateAndThenWhatHappens(t *testing.T) {
	t.Parallel()
	next := watchOf(t, bounded(t))
	state, err, _ := next()
	if status, isStatus := state.(octostore.LockStatus); err != nil || !isStatus || !isFree(status) {
		t.Fatalf("it begins with %+v, %v", state, err)
	}
	lock := hold(t, own(t), t.Name(), octostore.HoldOptions{Metadata: "me"})
	update, err, _ := next()
	event, isEvent := update.(octostore.LockEvent)
	if err != nil || !isEvent || event.Event != octostore.EventAcquired || event.Metadata != "me" ||
		event.FencingToken != lock.FencingToken() {
		t.Errorf("it goes on with %+v, %v", update, err)
	}
}

func TestAWatchEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(bounded(t))
	next := watchOf(t, ctx)
	if _, err, isThere := next(); err != nil || !isThere {
		t.Fatal(err)
	}
	cancel()
	if update, err, isThere := next(); isThere {
		t.Errorf("it goes on with %+v, %v", update, err)
	}
}

func TestAWatchThatIsLeftLetsItsConnectionGo(t *testing.T) {
	t.Parallel()
	sent := &counter{}
	client := newClient(t, octostore.ClientOptions{Transport: sent})
	updates, err := client.WatchPrefix(bounded(t), t.Name())
	if err != nil {
		t.Fatal(err)
	}
	for round := range 2 {
		for update, err := range updates {
			if state, isState := update.(octostore.PrefixState); err != nil || !isState || !state.Complete {
				t.Fatalf("it begins with %+v, %v", update, err)
			}
			break
		}
		if n := sent.number.Load(); n != int64(round+1) {
			t.Errorf("after %d iterations there were %d connections", round+1, n)
		}
	}
}

func TestAWatchEndsWithWhatTheServerRefuses(t *testing.T) {
	t.Parallel()
	client := newClient(t, octostore.ClientOptions{Token: "nobody's-token"})
	updates, err := client.Watch(bounded(t), t.Name())
	if err != nil {
		t.Fatal(err)
	}
	rounds := 0
	for _, err := range updates {
		rounds++
		if !errors.Is(err, octostore.ErrAuthentication) {
			t.Errorf("it says %v", err)
		}
	}
	if rounds != 1 {
		t.Errorf("it says so %d times", rounds)
	}
}

func TestAWatchOfWhatIsNoNameIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	if _, err := own(t).Watch(t.Context(), "no name"); !errors.Is(err, octostore.ErrValidation) {
		t.Errorf("it says %v", err)
	}
	long := string(make([]byte, 257))
	if _, err := own(t).WatchPrefix(t.Context(), long); !errors.Is(err, octostore.ErrValidation) {
		t.Errorf("it says %v", err)
	}
}
