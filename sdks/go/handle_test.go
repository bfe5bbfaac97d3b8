package octostore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"octostore.io/go/octostore"
)

// record is a log that can be read.
type record struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.text.Write(p)
}

func (r *record) String() string {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.text.String()
}

func (r *record) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(r, nil))
}

// awaitCollected collects garbage until something has ended.
func awaitCollected(t *testing.T, done <-chan struct{}) {
	t.Helper()
	ctx := bounded(t)
	for {
		runtime.GC()
		select {
		case <-done:
			return
		case <-ctx.Done():
			t.Fatal("it is still renewed")
		case <-time.After(time.Millisecond):
		}
	}
}

func TestALockThatIsForgottenIsNoLongerRenewedAndWarns(t *testing.T) {
	t.Parallel()
	log := &record{}
	client := newClient(t, octostore.ClientOptions{Logger: log.logger()})
	lock, err := client.Hold(bounded(t), t.Name(), octostore.HoldOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, leaseID := lock.Context(), lock.LeaseID()
	lock = nil
	awaitCollected(t, ctx.Done())
	if !errors.Is(context.Cause(ctx), octostore.ErrNotFound) {
		t.Errorf("it ends with %v", context.Cause(ctx))
	}
	for !strings.Contains(log.String(), t.Name()+" was never closed") {
		runtime.Gosched()
	}
	if strings.Contains(log.String(), leaseID) {
		t.Error("the warning has the lease id")
	}
	if err := client.Release(bounded(t), t.Name(), leaseID); err != nil {
		t.Errorf("it was released: %v", err)
	}
}

func TestASessionThatIsForgottenIsNoLongerKeptAlive(t *testing.T) {
	t.Parallel()
	log := &record{}
	client := newClient(t, octostore.ClientOptions{Logger: log.logger()})
	session, err := client.OpenSession(bounded(t), octostore.SessionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	done := session.Done()
	session = nil
	awaitCollected(t, done)
}

func TestALockKeepsItsSession(t *testing.T) {
	t.Parallel()
	client := newClient(t, octostore.ClientOptions{Logger: (&record{}).logger()})
	session, err := client.OpenSession(bounded(t), octostore.SessionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	lock := hold(t, client, t.Name(), octostore.HoldOptions{Session: session})
	ended := session.Done()
	session = nil
	for range 5 {
		runtime.GC()
	}
	select {
	case <-ended:
		t.Error("the session was collected before its lock")
	default:
	}
	runtime.KeepAlive(lock)
}

func TestALockThatIsClosedDoesNotWarn(t *testing.T) {
	t.Parallel()
	log := &record{}
	client := newClient(t, octostore.ClientOptions{Logger: log.logger()})
	lock, err := client.Hold(bounded(t), t.Name(), octostore.HoldOptions{})
	if err != nil {
		t.Fatal(err)
	}
	collected := make(chan struct{})
	runtime.AddCleanup(lock, func(c chan struct{}) { close(c) }, collected)
	lock.Close()
	lock = nil
	awaitCollected(t, collected)
	if text := log.String(); text != "" {
		t.Errorf("it says %s", text)
	}
}

func TestNoTextFormHasALeaseID(t *testing.T) {
	t.Parallel()
	session := openSession(t)
	lock := hold(t, own(t), t.Name(), octostore.HoldOptions{Session: session})
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		for _, text := range []string{fmt.Sprintf(verb, lock), fmt.Sprintf(verb, session)} {
			if strings.Contains(text, lock.LeaseID()) {
				t.Errorf("%s gives %s", verb, text)
			}
		}
	}
	if text := lock.String(); !strings.Contains(text, t.Name()) || !strings.Contains(text, fmt.Sprint(lock.FencingToken())) ||
		!strings.Contains(text, " left") {
		t.Error(text)
	}
	lock.Close()
	if text := lock.String(); !strings.Contains(text, "closed") {
		t.Error(text)
	}
	if text := session.String(); !strings.Contains(text, session.ID()) {
		t.Error(text)
	}
}

func TestCloseAllClosesEverythingThatIsOpen(t *testing.T) {
	t.Parallel()
	client := own(t)
	session, err := client.OpenSession(bounded(t), octostore.SessionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	lock := hold(t, client, t.Name(), octostore.HoldOptions{})
	client.CloseAll()
	if !errors.Is(lock.Err(), octostore.ErrClosed) || !errors.Is(session.Err(), octostore.ErrClosed) {
		t.Errorf("the lock says %v, and the session %v", lock.Err(), session.Err())
	}
	wantFree(t, t.Name())
}

func TestWithoutATokenNothingIsSent(t *testing.T) {
	t.Parallel()
	sent := &counter{}
	client := newClient(t, octostore.ClientOptions{NoToken: true, Transport: sent})
	_, err := client.Hold(bounded(t), t.Name(), octostore.HoldOptions{})
	if !errors.Is(err, octostore.ErrAuthentication) || !strings.Contains(err.Error(), "OCTOSTORE_TOKEN") {
		t.Errorf("it says %v", err)
	}
	if n := sent.number.Load(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
	if err := client.Health(bounded(t)); err != nil {
		t.Error(err)
	}
}
