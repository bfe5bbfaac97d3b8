package octostore_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"octostore.io/go/octostore"
)

// rotating returns a client whose token has ended, and whose rotation hangs until the test ends.
func rotating(t *testing.T) *octostore.Client {
	t.Helper()
	begun := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/auth/token/rotate" {
			close(begun)
			// No answer may come before the client has given up.
			<-r.Context().Done()
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
	}))
	client := newClient(t, octostore.ClientOptions{BaseURL: server.URL, Token: "ended"})
	ended := make(chan error, 1)
	go func() {
		_, err := client.RotateToken(t.Context())
		ended <- err
	}()
	t.Cleanup(func() {
		if err := await(t, ended); !errors.Is(err, context.Canceled) {
			t.Errorf("the rotation ends with %v", err)
		}
		server.Close()
	})
	await(t, begun)
	return client
}

func TestWhoWaitsForARotationCanGiveUp(t *testing.T) {
	t.Parallel()
	client := rotating(t)
	ctx, cancel := context.WithCancel(t.Context())
	calls := map[string]func() error{
		"a call": func() error {
			_, err := client.LockStatus(ctx, "lock")
			return err
		},
		"a watch": func() error {
			updates, err := client.Watch(ctx, "lock")
			for _, wrong := range updates {
				t.Errorf("the watch says %v", wrong)
			}
			return errors.Join(err, ctx.Err())
		},
		"another rotation": func() error {
			_, err := client.RotateToken(ctx)
			return err
		},
	}
	type end struct {
		of  string
		err error
	}
	ended := make(chan end, len(calls))
	for name, call := range calls {
		go func() { ended <- end{name, call()} }()
	}
	select {
	case end := <-ended:
		t.Fatalf("%s does not wait: %v", end.of, end.err)
	case <-time.After(100 * time.Millisecond):
	}
	cancel()
	for range calls {
		if end := await(t, ended); !errors.Is(end.err, context.Canceled) {
			t.Errorf("%s ends with %v", end.of, end.err)
		}
	}
}
