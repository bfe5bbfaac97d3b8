package octostore_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"octostore.io/go/octostore"
)

func TestAnElectionEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	err := own(t).Elect(ctx, t.Name(), octostore.ElectOptions{}, func(ctx context.Context, _ *octostore.Lock) error {
		stop()
		await(t, ctx.Done())
		return ctx.Err()
	})
	if err != nil {
		t.Errorf("it ends with %v", err)
	}
	wantFree(t, t.Name())
}

func TestAnElectionThatIsStoppedBeforeItBeginsSendsNothing(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	sent := &counter{}
	client := newClient(t, octostore.ClientOptions{Transport: sent})
	if err := client.Elect(ctx, t.Name(), octostore.ElectOptions{}, neverLeads(t)); err != nil {
		t.Errorf("it ends with %v", err)
	}
	if n := sent.number.Load(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestALeaderThatLosesTheLockIsToldAndCampaignsAnew(t *testing.T) {
	t.Parallel()
	for name, told := range map[string]func(context.Context) error{
		"nil":   func(context.Context) error { return nil },
		"error": func(ctx context.Context) error { return fmt.Errorf("told to stop: %w", ctx.Err()) },
		"cause": context.Cause,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var terms []int64
			ctx, stop := context.WithCancel(bounded(t))
			err := own(t).Elect(ctx, t.Name(), octostore.ElectOptions{TTL: lossTTL},
				func(ctx context.Context, lock *octostore.Lock) error {
					terms = append(terms, lock.FencingToken())
					if len(terms) == 2 {
						stop()
						return nil
					}
					steal(t, lock)
					await(t, ctx.Done())
					return told(ctx)
				})
			if err != nil || len(terms) != 2 || terms[0] >= terms[1] {
				t.Errorf("it ends with %v after the terms %v", err, terms)
			}
		})
	}
}

func TestAnElectionEndsWithTheErrorOfItsLeader(t *testing.T) {
	t.Parallel()
	wanted := errors.New("wanted")
	err := own(t).Elect(bounded(t), t.Name(), octostore.ElectOptions{}, func(context.Context, *octostore.Lock) error {
		return wanted
	})
	if err != wanted {
		t.Errorf("it ends with %v", err)
	}
	wantFree(t, t.Name())
}

func TestALeaderMayLeadOnce(t *testing.T) {
	t.Parallel()
	terms := 0
	err := own(t).Elect(bounded(t), t.Name(), octostore.ElectOptions{Once: true},
		func(context.Context, *octostore.Lock) error {
			terms++
			return nil
		})
	if err != nil || terms != 1 {
		t.Errorf("it ends with %v after %d terms", err, terms)
	}
}

func TestALeaderThatReturnsCampaignsAnew(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(bounded(t))
	terms := 0
	err := own(t).Elect(ctx, t.Name(), octostore.ElectOptions{}, func(context.Context, *octostore.Lock) error {
		terms++
		if terms == 3 {
			stop()
		}
		return nil
	})
	if err != nil || terms != 3 {
		t.Errorf("it ends with %v after %d terms", err, terms)
	}
}

func TestAnElectionEndsWithWhatNoCampaignCanMend(t *testing.T) {
	t.Parallel()
	client := newClient(t, octostore.ClientOptions{Token: "nobody's-token"})
	err := client.Elect(bounded(t), t.Name(), octostore.ElectOptions{}, neverLeads(t))
	if !errors.Is(err, octostore.ErrAuthentication) {
		t.Errorf("it ends with %v", err)
	}
	err = own(t).Elect(bounded(t), "no name", octostore.ElectOptions{}, neverLeads(t))
	if !errors.Is(err, octostore.ErrValidation) {
		t.Errorf("it ends with %v", err)
	}
}

func TestACampaignGoesOnAfterAnErrorOfTheServer(t *testing.T) {
	t.Parallel()
	client := newClient(t, octostore.ClientOptions{Transport: &failing{times: 2}})
	terms := 0
	err := client.Elect(bounded(t), t.Name(), octostore.ElectOptions{Once: true},
		func(context.Context, *octostore.Lock) error {
			terms++
			return nil
		})
	if err != nil || terms != 1 {
		t.Errorf("it ends with %v after %d terms", err, terms)
	}
}

func TestTheErrorOfAnElectionThatNoOneAsksForIsLogged(t *testing.T) {
	t.Parallel()
	log := &record{}
	client := newClient(t, octostore.ClientOptions{Logger: log.logger()})
	client.StartElection(bounded(t), t.Name(), octostore.ElectOptions{}, func(context.Context, *octostore.Lock) error {
		return errors.New("no disk")
	})
	for ctx := bounded(t); !strings.Contains(log.String(), "no disk"); runtime.Gosched() {
		if ctx.Err() != nil {
			t.Fatal("nothing is logged")
		}
	}
	if !strings.Contains(log.String(), t.Name()) {
		t.Error(log)
	}
}

func TestAnElectionInTheBackgroundTellsHowItEnded(t *testing.T) {
	t.Parallel()
	log, wanted, goOn := &record{}, errors.New("wanted"), make(chan struct{})
	client := newClient(t, octostore.ClientOptions{Logger: log.logger()})
	election := client.StartElection(bounded(t), t.Name(), octostore.ElectOptions{},
		func(context.Context, *octostore.Lock) error {
			<-goOn
			return wanted
		})
	done := election.Done()
	if err := election.Err(); err != nil || !strings.Contains(election.String(), t.Name()) {
		t.Errorf("%v: %v", election, err)
	}
	close(goOn)
	await(t, done)
	if election.Err() != wanted || election.Wait() != wanted || election.Stop() != wanted || log.String() != "" {
		t.Errorf("it ends with %v, and logs %v", election.Err(), log)
	}
}

func TestAnElectionInTheBackgroundIsStopped(t *testing.T) {
	t.Parallel()
	leads := make(chan struct{})
	election := own(t).StartElection(bounded(t), t.Name(), octostore.ElectOptions{},
		func(ctx context.Context, _ *octostore.Lock) error {
			close(leads)
			<-ctx.Done()
			return ctx.Err()
		})
	await(t, leads)
	if err := election.Stop(); err != nil {
		t.Error(err)
	}
	wantFree(t, t.Name())
}

// failing answers the first requests with 500.
type failing struct {
	times int64
	sent  atomic.Int64
}

func (f *failing) RoundTrip(r *http.Request) (*http.Response, error) {
	if f.sent.Add(1) > f.times {
		return http.DefaultTransport.RoundTrip(r)
	}
	answer := httptest.NewRecorder()
	answer.WriteHeader(http.StatusInternalServerError)
	return answer.Result(), nil
}

func neverLeads(t *testing.T) func(context.Context, *octostore.Lock) error {
	return func(context.Context, *octostore.Lock) error {
		t.Error("it leads")
		return nil
	}
}
