package octostore_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"octostore.io/go/octostore"
)

// counter counts the requests that are sent.
type counter struct {
	number atomic.Int64
}

func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	c.number.Add(1)
	return http.DefaultTransport.RoundTrip(r)
}

func TestNoTextFormHasTheToken(t *testing.T) {
	const token = "a-very-secret-token"
	options := octostore.ClientOptions{BaseURL: "http://localhost:1", Token: token}
	client := newClient(t, options)
	asJSON, err := json.Marshal(options)
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{string(asJSON)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		texts = append(texts, fmt.Sprintf(verb, client), fmt.Sprintf(verb, *client), fmt.Sprintf(verb, options))
	}
	for _, text := range texts {
		if strings.Contains(text, token) || strings.Contains(text, fmt.Sprintf("%x", token)) {
			t.Errorf("it is in %s", text)
		}
	}
	if client.String() != "octostore.Client(http://localhost:1)" {
		t.Error(client)
	}
}

func TestOptionsThatCannotBeAreRefused(t *testing.T) {
	for _, options := range []octostore.ClientOptions{
		{BaseURL: "nonsense"},
		{Token: "a token"},
		{Token: "a-token\n"},
		{Timeout: -time.Second},
	} {
		if _, err := octostore.NewClient(options); !errors.Is(err, octostore.ErrValidation) {
			t.Errorf("%#v: %v", options, err)
		}
	}
}

func TestRequestsGoThroughTheTransportThatWasGiven(t *testing.T) {
	sent := &counter{}
	client := newClient(t, octostore.ClientOptions{Transport: sent})
	if err := client.Health(bounded(t)); err != nil {
		t.Fatal(err)
	}
	counters, err := client.StatusCounters(bounded(t))
	if err != nil || counters.Service != "OctoStore" || counters.Uptime < 0 {
		t.Errorf("%+v: %v", counters, err)
	}
	if n := sent.number.Load(); n != 2 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestAnErrorThatIsWrappedIsStillFound(t *testing.T) {
	_, err := own(t).LockStatus(bounded(t), "not a name")
	err = fmt.Errorf("on the way: %w", err)
	var e *octostore.Error
	if !errors.Is(err, octostore.ErrValidation) || errors.Is(err, octostore.ErrServer) || !errors.As(err, &e) || e.Status != 0 {
		t.Errorf("it is %v", err)
	}
}

func TestDurationsAreThereAfterAJourneyAsJSON(t *testing.T) {
	attempt := octostore.DeliveryAttempt{Status: 204, Duration: 87 * time.Millisecond}
	if got := throughJSON(t, attempt); got != attempt {
		t.Errorf("%+v", got)
	}
	counters := octostore.StatusCounters{Service: "OctoStore", Uptime: time.Hour, Waiters: 2}
	if got := throughJSON(t, counters); got != counters {
		t.Errorf("%+v", got)
	}
	session := octostore.CreatedSession{KeepaliveInterval: 10 * time.Second}
	session.SessionID = "s"
	if got := throughJSON(t, session); got != session {
		t.Errorf("%+v", got)
	}
}

func throughJSON[T any](t *testing.T, value T) T {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var got T
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	return got
}
