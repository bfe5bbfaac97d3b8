//go:build unix

package octostore_test

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"octostore.io/go/octostore"
)

func TestAProgramWithItsOwnSignalHandlersLivesOn(t *testing.T) {
	own := make(chan os.Signal, 2)
	signal.Notify(own, syscall.SIGTERM)
	defer signal.Stop(own)
	client := newClient(t, octostore.ClientOptions{ReleaseOnExit: true, HandlesSignals: true})
	lock := hold(t, client, t.Name(), octostore.HoldOptions{})
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	await(t, lock.Done())
	await(t, own)
	awaitStatus(t, t.Name(), isFree)
	if !errors.Is(lock.Err(), octostore.ErrClosed) {
		t.Errorf("the lock says %v", lock.Err())
	}
	select {
	case <-own:
		t.Error("it gets the signal again")
	case <-time.After(100 * time.Millisecond):
	}
}
