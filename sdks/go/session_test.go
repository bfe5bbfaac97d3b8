package octostore_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"octostore.io/go/octostore"
)

func openSession(t *testing.T) *octostore.Session {
	t.Helper()
	session, err := own(t).OpenSession(bounded(t), octostore.SessionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(session.Close)
	return session
}

func TestALockIsLostWithItsSession(t *testing.T) {
	t.Parallel()
	session := openSession(t)
	lock := hold(t, own(t), t.Name(), octostore.HoldOptions{Session: session})
	session.Close()
	if !lock.IsLost() || session.IsLost() || !errors.Is(session.Err(), octostore.ErrClosed) {
		t.Errorf("the lock says %v, and the session %v", lock.Err(), session.Err())
	}
	await(t, lock.Done())
	wantFree(t, t.Name())
}

func TestALockIsHeldForNoLongerThanItsSession(t *testing.T) {
	t.Parallel()
	session := openSession(t)
	lock := hold(t, own(t), t.Name(), octostore.HoldOptions{TTL: time.Hour, Session: session})
	if lock.Remaining() > session.Remaining()+inTime || session.Remaining() == 0 {
		t.Errorf("the lock is there for %v, and the session for %v", lock.Remaining(), session.Remaining())
	}
}

func TestTheEndOfASessionThatHasEndedIsNoError(t *testing.T) {
	t.Parallel()
	session := openSession(t)
	if err := own(t).EndSession(bounded(t), session.ID()); err != nil {
		t.Fatal(err)
	}
	if err := session.End(bounded(t)); err != nil {
		t.Error(err)
	}
}

func TestWithSessionReturnsWhatItsFunctionReturnsAndEndsTheSession(t *testing.T) {
	t.Parallel()
	wanted := errors.New("wanted")
	var id string
	err := own(t).WithSession(bounded(t), octostore.SessionOptions{},
		func(ctx context.Context, session *octostore.Session) error {
			id = session.ID()
			status, err := own(t).SessionStatus(ctx, id)
			if err != nil || !status.Active || status.LockCount != 0 {
				t.Errorf("%+v: %v", status, err)
			}
			return wanted
		})
	if err != wanted {
		t.Errorf("it returns %v", err)
	}
	if _, err := own(t).SessionStatus(bounded(t), id); !errors.Is(err, octostore.ErrNotFound) {
		t.Errorf("the session is there: %v", err)
	}
}
