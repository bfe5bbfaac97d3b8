package octostore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"octostore.io/go/octostore"
)

// scripted answers each request with a status and a JSON body, by the end of its path.
type scripted map[string]struct {
	status int
	body   string
}

func (s scripted) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := httptest.NewRecorder()
	for end, with := range s {
		if strings.HasSuffix(r.URL.Path, end) {
			answer.WriteHeader(with.status)
			_, _ = answer.WriteString(with.body)
			return answer.Result(), nil
		}
	}
	answer.WriteHeader(http.StatusOK)
	_, _ = answer.WriteString(`{"status": "released"}`)
	return answer.Result(), nil
}

func TestReadersShareALock(t *testing.T) {
	t.Parallel()
	shared := octostore.HoldOptions{Mode: octostore.Shared}
	mine, theirs := hold(t, own(t), t.Name(), shared), hold(t, other(t), t.Name(), shared)
	if mine.Locks()[0].Mode != octostore.Shared || theirs.Locks()[0].Mode != octostore.Shared {
		t.Errorf("%+v, %+v", mine.Locks(), theirs.Locks())
	}
	status, err := own(t).LockStatus(bounded(t), t.Name())
	if err != nil || status.Mode != octostore.Shared || status.HolderCount != 2 || len(status.Holders) != 2 {
		t.Errorf("%+v: %v", status, err)
	}
	_, err = own(t).Acquire(bounded(t), t.Name(), octostore.AcquireOptions{})
	if !errors.Is(err, octostore.ErrHeld) {
		t.Errorf("a writer gets %v", err)
	}
}

func TestACountedLockHasSlots(t *testing.T) {
	t.Parallel()
	counted := octostore.HoldOptions{Limit: 3, Permits: 2}
	lock := hold(t, own(t), t.Name(), counted)
	if slots := lock.Slots(); len(slots) != 2 {
		t.Errorf("the slots are %v", slots)
	}
	_, err := own(t).Hold(bounded(t), t.Name(), octostore.HoldOptions{Limit: 4})
	var held *octostore.HeldError
	if !errors.As(err, &held) || held.Limit != 3 || held.Lock != t.Name() {
		t.Errorf("another limit: %v", err)
	}
}

func TestSeveralLocksAreOneLease(t *testing.T) {
	t.Parallel()
	client := own(t)
	a, b := octostore.WantedLock{Name: t.Name() + "/a"}, octostore.WantedLock{Name: t.Name() + "/b", Mode: octostore.Shared}
	lock, err := client.HoldAll(bounded(t), []octostore.WantedLock{a, b}, octostore.HoldOptions{TTL: lossTTL})
	if err != nil {
		t.Fatal(err)
	}
	if locks := lock.Locks(); lock.Name() != a.Name || len(locks) != 2 || locks[1].Mode != octostore.Shared {
		t.Errorf("%+v", locks)
	}
	if _, err := client.Acquire(bounded(t), a.Name, octostore.AcquireOptions{}); !errors.Is(err, octostore.ErrHeld) {
		t.Errorf("the first is not held: %v", err)
	}
	lease, err := client.Lease(bounded(t), lock.LeaseID())
	if err != nil || lease.FencingToken != lock.FencingToken() || len(lease.Locks) != 2 {
		t.Errorf("%+v: %v", lease, err)
	}
	if _, err := client.RenewLease(bounded(t), lock.LeaseID(), time.Minute); err != nil {
		t.Error(err)
	}
	lock.Close()
	wantFree(t, a.Name)
	wantFree(t, b.Name)
	if _, err := client.AcquireAll(bounded(t), nil, octostore.AcquireOptions{}); !errors.Is(err, octostore.ErrValidation) {
		t.Errorf("none: %v", err)
	}
	_, err = client.HoldAll(bounded(t), []octostore.WantedLock{a}, octostore.HoldOptions{Limit: 2})
	if !errors.Is(err, octostore.ErrValidation) {
		t.Errorf("a limit in the options: %v", err)
	}
	lease, err = client.AcquireAll(bounded(t), []octostore.WantedLock{a, b}, octostore.AcquireOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.ReleaseLease(bounded(t), lease.LeaseID); err != nil {
		t.Error(err)
	}
}

func TestSeveralLocksAreLostTogether(t *testing.T) {
	t.Parallel()
	client := own(t)
	locks := []octostore.WantedLock{{Name: t.Name() + "/a"}, {Name: t.Name() + "/b"}}
	lock, err := client.HoldAll(bounded(t), locks, octostore.HoldOptions{TTL: lossTTL})
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := client.ReleaseLease(bounded(t), lock.LeaseID()); err != nil {
		t.Fatal(err)
	}
	await(t, lock.Done())
	if err := lock.Err(); !errors.Is(err, octostore.ErrNotFound) || !strings.Contains(err.Error(), locks[1].Name) {
		t.Errorf("it says %v", err)
	}
}

func TestALockIsConvertedWithoutLettingGoOfIt(t *testing.T) {
	t.Parallel()
	lock := hold(t, own(t), t.Name(), octostore.HoldOptions{Mode: octostore.Shared})
	before := lock.FencingToken()
	if err := lock.Convert(bounded(t), octostore.Exclusive); err != nil {
		t.Fatal(err)
	}
	if lock.FencingToken() <= before || lock.Locks()[0].Mode != octostore.Exclusive {
		t.Errorf("it has %d after %d, and %+v", lock.FencingToken(), before, lock.Locks())
	}
	if err := lock.Convert(bounded(t), octostore.Shared); err != nil {
		t.Fatal(err)
	}
	hold(t, other(t), t.Name(), octostore.HoldOptions{Mode: octostore.Shared})
	if err := lock.Convert(bounded(t), octostore.Exclusive); !errors.Is(err, octostore.ErrHeld) {
		t.Errorf("with another reader: %v", err)
	}
	if err := lock.ConvertLock(bounded(t), "another", octostore.Shared); !errors.Is(err, octostore.ErrValidation) {
		t.Errorf("another lock: %v", err)
	}
}

func TestAConversionLearnsOfTheLoss(t *testing.T) {
	t.Parallel()
	lock := hold(t, own(t), t.Name(), octostore.HoldOptions{})
	steal(t, lock)
	if err := lock.Convert(bounded(t), octostore.Shared); !errors.Is(err, octostore.ErrNotFound) || !lock.IsLost() {
		t.Errorf("%v", err)
	}
}

func TestALockIsDelayedAfterItsMinimumHold(t *testing.T) {
	t.Parallel()
	// No one gets it in a second run of this test.
	name := fmt.Sprintf("%s/%d", t.Name(), time.Now().UnixNano())
	lock := hold(t, own(t), name, octostore.HoldOptions{TTL: 30 * time.Second, MinHold: 20 * time.Second})
	lock.Close()
	status, err := own(t).LockStatus(bounded(t), name)
	if err != nil || status.Status != octostore.LockDelayed || status.AvailableAt.IsZero() {
		t.Fatalf("%+v: %v", status, err)
	}
	_, err = other(t).Acquire(bounded(t), name, octostore.AcquireOptions{})
	var held *octostore.HeldError
	var e *octostore.Error
	if !errors.As(err, &held) || held.Holder != "" || !errors.As(err, &e) || e.Code != "lock_delayed" {
		t.Errorf("it says %v", err)
	}
	for _, options := range []octostore.HoldOptions{
		{LockDelay: 61 * time.Second}, {LockDelay: time.Millisecond}, {TTL: time.Second, MinHold: 2 * time.Second},
	} {
		if _, err := own(t).Hold(bounded(t), t.Name(), options); !errors.Is(err, octostore.ErrValidation) {
			t.Errorf("%+v: %v", options, err)
		}
	}
}

func TestAHolderLearnsOnceThatSomeoneAsksForItsLock(t *testing.T) {
	t.Parallel()
	renewals := make(chan struct{}, 100)
	client := newClient(t, octostore.ClientOptions{Observe: func(e octostore.HandleEvent) {
		if e.Type == octostore.HandleRenewed {
			renewals <- struct{}{}
		}
	}})
	lock := hold(t, client, t.Name(), octostore.HoldOptions{TTL: lossTTL})
	if lock.ReleaseRequested() != nil {
		t.Error("someone has asked already")
	}
	if err := other(t).RequestRelease(bounded(t), t.Name(), "deploying"); err != nil {
		t.Fatal(err)
	}
	request := await(t, lock.ReleaseRequests())
	if request.Message != "deploying" || request.By == "" || request.At.IsZero() || *lock.ReleaseRequested() != request {
		t.Errorf("%+v, %+v", request, lock.ReleaseRequested())
	}
	for len(renewals) > 0 {
		<-renewals
	}
	await(t, renewals)
	select {
	case again := <-lock.ReleaseRequests():
		t.Errorf("it is told again of %+v", again)
	default:
	}
}

func TestABreakSaysByWhomAndWhy(t *testing.T) {
	t.Parallel()
	lease := `{"status": "acquired", "name": "a", "mode": "exclusive", "lease_id": "l", "fencing_token": 7,
		"expires_at": "2030-01-01T00:00:00Z", "holder": "me", "holder_id": "1"}`
	broken := `{"error": "Broken.", "code": "lease_broken", "reason": "stuck", "broken_by": "administrator",
		"broken_at": "2030-01-01T00:00:00Z"}`
	client := newClient(t, octostore.ClientOptions{Transport: scripted{
		"/acquire": {200, lease},
		"/renew":   {410, broken},
		"/break":   {200, `{"status": "broken", "name": "a", "lease_count": 2, "fencing_tokens": [7, 8], "ended_delay": false}`},
	}})
	got, err := client.BreakLock(bounded(t), "a", octostore.BreakOptions{Reason: "stuck"})
	if err != nil || got.LeaseCount != 2 || !slices.Equal(got.FencingTokens, []int64{7, 8}) {
		t.Errorf("%+v: %v", got, err)
	}
	lock, err := client.Hold(bounded(t), "a", octostore.HoldOptions{TTL: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	await(t, lock.Done())
	var why *octostore.LeaseBrokenError
	if !errors.As(lock.Err(), &why) || why.Reason != "stuck" || why.BrokenBy != "administrator" || why.BrokenAt.IsZero() ||
		!lock.IsLost() || !strings.Contains(why.Error(), `an administrator broke it ("stuck")`) {
		t.Errorf("it says %v", lock.Err())
	}
}

func TestAFenceRefusesStaleTokens(t *testing.T) {
	t.Parallel()
	client := own(t)
	first := hold(t, client, t.Name()+"/1", octostore.HoldOptions{}).FencingToken()
	second := hold(t, client, t.Name()+"/2", octostore.HoldOptions{}).FencingToken()
	if fence, err := client.AdvanceFence(bounded(t), t.Name(), second); err != nil || fence.Highest != second {
		t.Errorf("%+v: %v", fence, err)
	}
	_, err := client.AdvanceFence(bounded(t), t.Name(), first)
	var stale *octostore.StaleTokenError
	if !errors.As(err, &stale) || stale.Highest != second || !errors.Is(err, octostore.ErrStale) {
		t.Errorf("it says %v", err)
	}
	if _, err := client.CheckFence(bounded(t), t.Name(), first); !errors.Is(err, octostore.ErrStale) {
		t.Errorf("it says %v", err)
	}
	if fence, err := client.Fence(bounded(t), t.Name()); err != nil || fence.Highest != second {
		t.Errorf("%+v: %v", fence, err)
	}
	for _, token := range []int64{0, 1 << 53} {
		if _, err := client.AdvanceFence(bounded(t), t.Name(), token); !errors.Is(err, octostore.ErrValidation) {
			t.Errorf("%d: %v", token, err)
		}
	}
}

func TestAWaiterSeesItsPlaceInLineAndCanLeave(t *testing.T) {
	t.Parallel()
	const leaseID = "7a1c0f6e-2f0b-4c39-8a54-6a4f3a3f9d01"
	hold(t, other(t), t.Name(), octostore.HoldOptions{})
	ctx, cancel := context.WithCancel(bounded(t))
	ended := make(chan error, 1)
	go func() {
		_, err := own(t).Hold(ctx, t.Name(), octostore.HoldOptions{LeaseID: leaseID, Wait: time.Hour})
		ended <- err
	}()
	awaitStatus(t, t.Name(), hasWaiter)
	queue, err := own(t).Queue(bounded(t), t.Name())
	if err != nil || queue.Waiters != 1 || len(queue.Places) != 1 || queue.Places[0].LeaseID != leaseID ||
		queue.Places[0].Position != 1 || !queue.Places[0].Asking || queue.Places[0].Mode != octostore.Exclusive {
		t.Errorf("%+v: %v", queue, err)
	}
	cancel()
	await(t, ended)
	if err := own(t).LeaveQueue(bounded(t), t.Name(), leaseID); err != nil && !errors.Is(err, octostore.ErrNotFound) {
		t.Error(err)
	}
}

func TestALeaseCanHaveAProof(t *testing.T) {
	t.Parallel()
	lock := hold(t, own(t), t.Name(), octostore.HoldOptions{Proof: true, TTL: lossTTL})
	first := lock.Proof()
	if strings.Count(first, ".") != 2 {
		t.Fatalf("the proof is %q", first)
	}
	ctx := bounded(t)
	for lock.Proof() == first {
		if ctx.Err() != nil {
			t.Fatal("the renewal does not replace it")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if without := hold(t, own(t), t.Name()+"/2", octostore.HoldOptions{}); without.Proof() != "" {
		t.Errorf("the proof is %q", without.Proof())
	}
}

func TestAnObserverIsToldOfEverything(t *testing.T) {
	t.Parallel()
	var mutex sync.Mutex
	var events []octostore.HandleEvent
	lost := make(chan struct{})
	client := newClient(t, octostore.ClientOptions{Observe: func(e octostore.HandleEvent) {
		mutex.Lock()
		defer mutex.Unlock()
		events = append(events, e)
		if e.Type == octostore.HandleLost {
			close(lost)
		}
	}})
	hold(t, client, t.Name()+"/1", octostore.HoldOptions{}).Close()
	lock := hold(t, client, t.Name()+"/2", octostore.HoldOptions{TTL: lossTTL})
	steal(t, lock)
	await(t, lost)
	lock.Close()
	mutex.Lock()
	defer mutex.Unlock()
	types := []octostore.HandleEventType{}
	for _, e := range events {
		types = append(types, e.Type)
	}
	want := []octostore.HandleEventType{
		octostore.HandleAcquired, octostore.HandleReleased, octostore.HandleAcquired, octostore.HandleLost,
	}
	if !slices.Equal(types, want) || events[0].Lock != t.Name()+"/1" || !slices.Equal(events[0].Locks, []string{t.Name() + "/1"}) || events[0].FencingToken == 0 ||
		!errors.Is(events[3].Err, octostore.ErrNotFound) {
		t.Errorf("%+v", events)
	}
}

func TestAnObserverIsToldOfRenewalsThatFail(t *testing.T) {
	t.Parallel()
	failed := make(chan error, 100)
	client := newClient(t, octostore.ClientOptions{
		Transport: scripted{
			"/sessions":  {200, `{"session_id": "s", "expires_at": "2030-01-01T00:00:00Z", "keepalive_interval_secs": 3}`},
			"/keepalive": {503, `{"error": "Later.", "code": "overloaded"}`},
			"/s":         {204, ""},
		},
		Observe: func(e octostore.HandleEvent) {
			if e.Type == octostore.HandleRenewalFailed && e.Session == "s" {
				failed <- e.Err
			}
		},
	})
	session, err := client.OpenSession(bounded(t), octostore.SessionOptions{TTL: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	if err := await(t, failed); !errors.Is(err, octostore.ErrUnavailable) {
		t.Errorf("it says %v", err)
	}
}

func TestAnObserverThatPanicsHarmsNothing(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	client := newClient(t, octostore.ClientOptions{
		Observe: func(octostore.HandleEvent) { panic("the observer is broken") },
		Logger:  slog.New(slog.NewTextHandler(&log, nil)),
	})
	lock := hold(t, client, t.Name(), octostore.HoldOptions{})
	lock.Close()
	if strings.Count(log.String(), "the observer is broken") != 2 {
		t.Errorf("the log says %q", log.String())
	}
}
