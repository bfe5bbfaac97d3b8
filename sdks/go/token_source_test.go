package octostore_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"octostore.io/go/octostore"
)

// accepting answers with 401 unless the token is the accepted one.
func accepting(t *testing.T, accepted *atomic.Value) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+accepted.Load().(string) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte(`{"locks": [], "next_cursor": null}`))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestATokenSourceIsAskedAgainAfterARefusal(t *testing.T) {
	t.Parallel()
	var accepted atomic.Value
	accepted.Store("one")
	var asked atomic.Int64
	client := newClient(t, octostore.ClientOptions{
		BaseURL: accepting(t, &accepted),
		TokenSource: func(context.Context) (string, error) {
			asked.Add(1)
			return accepted.Load().(string), nil
		},
	})
	for range 2 {
		if _, err := client.ListLocks(bounded(t), octostore.ListOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	accepted.Store("two")
	if _, err := client.ListLocks(bounded(t), octostore.ListOptions{}); err != nil {
		t.Fatal(err)
	}
	if n := asked.Load(); n != 2 {
		t.Errorf("it was asked %d times", n)
	}
}

func TestATokenSourceThatDoesNotHelpIsAskedOnceForEachRefusal(t *testing.T) {
	t.Parallel()
	var accepted atomic.Value
	accepted.Store("none")
	var asked atomic.Int64
	client := newClient(t, octostore.ClientOptions{
		BaseURL: accepting(t, &accepted),
		TokenSource: func(context.Context) (string, error) {
			return string(rune('a' + asked.Add(1))), nil
		},
	})
	_, err := client.ListLocks(bounded(t), octostore.ListOptions{})
	if n := asked.Load(); n != 2 || !errors.Is(err, octostore.ErrAuthentication) {
		t.Errorf("it was asked %d times: %v", n, err)
	}
}

func TestATokenSourceThatFailsSaysSo(t *testing.T) {
	t.Parallel()
	wanted := errors.New("the vault is closed")
	client := newClient(t, octostore.ClientOptions{
		TokenSource: func(context.Context) (string, error) { return "", wanted },
	})
	_, err := client.ListLocks(bounded(t), octostore.ListOptions{})
	if !errors.Is(err, octostore.ErrAuthentication) || !errors.Is(err, wanted) {
		t.Errorf("it says %v", err)
	}
	if strings.Contains(err.Error(), wanted.Error()) {
		t.Errorf("it quotes the source: %v", err)
	}
}

func TestATokenSourceIsNotAskedWithoutNeed(t *testing.T) {
	t.Parallel()
	var accepted atomic.Value
	accepted.Store("one")
	client := newClient(t, octostore.ClientOptions{
		BaseURL: accepting(t, &accepted),
		TokenSource: func(context.Context) (string, error) {
			t.Error("it was asked")
			return "one", nil
		},
	})
	if err := client.Health(bounded(t)); !errors.Is(err, octostore.ErrAuthentication) {
		t.Errorf("it says %v", err)
	}
	if _, err := client.RotateToken(bounded(t)); !errors.Is(err, octostore.ErrValidation) {
		t.Errorf("it says %v", err)
	}
}

func TestATokenOfASourceIsChecked(t *testing.T) {
	t.Parallel()
	client := newClient(t, octostore.ClientOptions{
		TokenSource: func(context.Context) (string, error) { return "two words", nil },
	})
	_, err := client.ListLocks(bounded(t), octostore.ListOptions{})
	if !errors.Is(err, octostore.ErrValidation) || strings.Contains(err.Error(), "two words") {
		t.Errorf("it says %v", err)
	}
}
