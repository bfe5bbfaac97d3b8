package octostore_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"octostore.io/go/octostore"
)

// inTime is how long a test waits for what must happen.
const inTime = 20 * time.Second

// lossTTL is that of the locks that tests lose by a renewal that is refused, which comes after a third of it. It leaves a
// busy machine the time for that.
const lossTTL = 3 * time.Second

// The tests need a server and the tokens of two of its users.
func TestMain(m *testing.M) {
	for _, name := range []string{"OCTOSTORE_BASE_URL", "OCTOSTORE_TOKEN", "OCTOSTORE_OTHER_TOKEN"} {
		if os.Getenv(name) == "" {
			fmt.Fprintf(os.Stderr, "These tests need a server. Say where it is and who may use it: %s is not set.\n", name)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// own returns a client of the user of the tests.
func own(t *testing.T) *octostore.Client {
	t.Helper()
	return newClient(t, octostore.ClientOptions{})
}

// other returns a client of another user.
func other(t *testing.T) *octostore.Client {
	t.Helper()
	return newClient(t, octostore.ClientOptions{Token: os.Getenv("OCTOSTORE_OTHER_TOKEN")})
}

func newClient(t *testing.T, options octostore.ClientOptions) *octostore.Client {
	t.Helper()
	client, err := octostore.NewClient(options)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// bounded returns a context that ends when a test takes too long.
func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), inTime)
	t.Cleanup(cancel)
	return ctx
}

// hold holds a lock until the test ends.
func hold(t *testing.T, client *octostore.Client, name string, options octostore.HoldOptions) *octostore.Lock {
	t.Helper()
	lock, err := client.Hold(bounded(t), name, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lock.Close)
	return lock
}

// steal releases a lock behind the back of its handle.
func steal(t *testing.T, lock *octostore.Lock) {
	t.Helper()
	if err := own(t).Release(bounded(t), lock.Name(), lock.LeaseID()); err != nil {
		t.Fatal(err)
	}
}

// await waits for a channel to be closed or to have something.
func await[T any](t *testing.T, channel <-chan T) T {
	t.Helper()
	select {
	case thing := <-channel:
		return thing
	case <-time.After(inTime):
		t.Fatal("it has not happened in time")
		panic("unreachable")
	}
}

// awaitStatus waits until a lock is as it should be.
func awaitStatus(t *testing.T, name string, isSo func(octostore.LockStatus) bool) {
	t.Helper()
	ctx, client := bounded(t), own(t)
	for {
		status, err := client.LockStatus(ctx, name)
		if err != nil {
			t.Fatal(err)
		}
		if isSo(status) {
			return
		}
	}
}

func isFree(status octostore.LockStatus) bool {
	return status.Status == octostore.LockAvailable && status.Waiters == 0
}

func hasWaiter(status octostore.LockStatus) bool {
	return status.Waiters > 0
}

// wantFree fails the test unless nobody holds a lock.
func wantFree(t *testing.T, name string) {
	t.Helper()
	status, err := own(t).LockStatus(bounded(t), name)
	if err != nil {
		t.Fatal(err)
	}
	if status.Status != octostore.LockAvailable {
		t.Errorf("%s is %s", name, status.Status)
	}
}
