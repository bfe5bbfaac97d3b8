package octostore

import (
	"errors"
	"testing"
	"time"
)

const first, second = "http://first", "http://second"

func newTwoServers() *servers {
	return newServers([]string{first, second})
}

func failure(kind Kind, retryAfter time.Duration) error {
	return &Error{Kind: kind, RetryAfter: retryAfter}
}

func TestARoundAsksEachServerOnceWithoutAPause(t *testing.T) {
	s := newTwoServers()
	r := newRoute(s, leases, 2, 0)
	if wait, goesOn := r.next(failure(ErrNetwork, 0), 0); wait != 0 || !goesOn || r.url != second {
		t.Errorf("%v, %v, %s", wait, goesOn, r.url)
	}
	if _, goesOn := r.next(failure(ErrNetwork, 0), 0); !goesOn || r.round != 2 {
		t.Errorf("%v, round %d", goesOn, r.round)
	}
	r.next(failure(ErrNetwork, 0), 0)
	if _, goesOn := r.next(failure(ErrNetwork, 0), 0); goesOn {
		t.Error("it goes on after the last round")
	}
}

func TestOnlyAServerThatDoesNotWorkIsLeft(t *testing.T) {
	r := newRoute(newTwoServers(), leases, 2, 0)
	if _, goesOn := r.next(failure(ErrLimit, 0), 0); !goesOn || r.url != first {
		t.Errorf("%v, %s", goesOn, r.url)
	}
}

func TestAServerThatAsksForALongTimeIsNotAskedAgain(t *testing.T) {
	r := newRoute(newTwoServers(), leases, 4, 0)
	r.next(failure(ErrUnavailable, time.Minute), 0)
	for range 3 {
		if _, goesOn := r.next(failure(ErrNetwork, 0), 0); !goesOn || r.url != second {
			t.Fatalf("%v, %s", goesOn, r.url)
		}
	}
	if wait, goesOn := newRoute(newServers([]string{first}), leases, 4, 0).next(failure(ErrLimit, time.Minute), 0); goesOn {
		t.Errorf("it pauses for %v", wait)
	}
}

func TestAnEndlessRouteWaitsForAnyTime(t *testing.T) {
	r := newRoute(newServers([]string{first}), leases, endless, 0)
	if wait, goesOn := r.next(failure(ErrLimit, time.Hour), 0); !goesOn || wait < 59*time.Minute {
		t.Errorf("%v, %v", wait, goesOn)
	}
}

func TestAWaitOutlastsTheUsualRounds(t *testing.T) {
	until := leases.now().add(time.Minute)
	r := newRoute(newServers([]string{first}), leases, 1, until)
	for range 20 {
		if wait, goesOn := r.next(failure(ErrNetwork, 0), 0); !goesOn || wait > time.Minute {
			t.Fatalf("%v, %v", wait, goesOn)
		}
	}
	if wait, goesOn := r.next(failure(ErrLimit, 30*time.Second), 0); !goesOn || wait < 29*time.Second {
		t.Errorf("%v, %v", wait, goesOn)
	}
	if _, goesOn := r.next(failure(ErrLimit, 2*time.Minute), 0); goesOn {
		t.Error("it waits for longer than its wait")
	}
}

func TestDelaysStartAgainAfterARequestThatWaited(t *testing.T) {
	r := newRoute(newServers([]string{first}), leases, 1, leases.now().add(time.Hour))
	for range 5 {
		r.next(failure(ErrNetwork, 0), 0)
	}
	if r.next(failure(ErrNetwork, 0), time.Second); r.failures != 1 {
		t.Errorf("%d failures count", r.failures)
	}
}

func TestAServerIsLeftOnceForManyCalls(t *testing.T) {
	s := newTwoServers()
	s.leave(first)
	s.leave(first)
	if at := s.fromCurrent(); at[0] != second || at[1] != first {
		t.Errorf("%v", at)
	}
	s.keep(first)
	if at := s.fromCurrent(); at[0] != first {
		t.Errorf("%v", at)
	}
}

func TestBaseURLsComeInOneTextOrInSeveral(t *testing.T) {
	urls, err := checkedBaseURLs([]string{" http://a/, http://b ,", "http://a", "http://c"})
	if err != nil || len(urls) != 3 || urls[0] != "http://a" || urls[1] != "http://b" || urls[2] != "http://c" {
		t.Errorf("%v, %v", urls, err)
	}
	for _, texts := range [][]string{{" , "}, {}, {"http://a,nonsense"}, {"http://a", "http://me:secret@b"}} {
		if urls, err := checkedBaseURLs(texts); !errors.Is(err, ErrValidation) {
			t.Errorf("%v, %v", urls, err)
		}
	}
}
