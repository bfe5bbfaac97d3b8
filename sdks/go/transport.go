package octostore

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"
)

// request is what one attempt sends.
type request struct {
	method string
	// path is relative to the base URL, with the query.
	path string
	// body is sent as JSON, unless it is nil.
	body any
	// lastEventID is where to resume a stream.
	lastEventID string
	// wait is how long the server is asked to wait. It is added to the timeout.
	wait time.Duration
	// timeout is the client's, unless this is set.
	timeout time.Duration
}

// transport sends single requests to the servers of one service as one user.
type transport struct {
	servers *servers
	timeout time.Duration
	// waitSlice is how long one request waits in line, unless the call says otherwise.
	waitSlice time.Duration
	http      *http.Client
	bearer    *bearer
	clock     *clock
	open      *openHandles
	logger    *slog.Logger
	observe   func(HandleEvent)
}

func newTransport(o ClientOptions) *transport {
	return &transport{
		servers:   newServers(o.BaseURLs),
		timeout:   o.Timeout,
		waitSlice: o.WaitSlice,
		http: &http.Client{
			Transport: o.Transport,
			// The token is for this server only, not for one that it redirects to.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		bearer:  newBearer(o.Token, o.TokenSource),
		clock:   leases,
		open:    newOpenHandles(o),
		logger:  o.Logger,
		observe: o.Observe,
	}
}

// as returns a transport that keeps this token, even if the client's token is replaced.
func (t *transport) as(token string) *transport {
	other := *t
	other.bearer = newBearer(token, nil)
	return &other
}

// exchange sends one request to a server. It fails with a network or timeout error, or because ctx is done.
func (t *transport) exchange(
	ctx context.Context, r request, server, token string, within time.Duration,
) (answer, error) {
	timeout := min(within, t.timeoutOf(r))
	attempt, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	sentAt := t.clock.now()
	response, err := t.send(attempt, r, server, token)
	if err != nil {
		return answer{}, attemptError(ctx, attempt, server, timeout, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, attemptError(ctx, attempt, server, timeout, err)
	}
	return answer{response.StatusCode, response.Header, body, sentAt}, nil
}

func (t *transport) timeoutOf(r request) time.Duration {
	return cmp.Or(r.timeout, t.timeout) + r.wait
}

// send returns the head of the response. The caller closes the body.
func (t *transport) send(ctx context.Context, r request, server, token string) (*http.Response, error) {
	body, err := encoded(r.body)
	if err != nil {
		return nil, err
	}
	sent, err := http.NewRequestWithContext(ctx, r.method, server+r.path, body)
	if err != nil {
		return nil, err
	}
	sent.Header.Set("Accept", "application/json")
	sent.Header.Set("User-Agent", "octostore-go/"+Version)
	if r.body != nil {
		sent.Header.Set("Content-Type", "application/json")
	}
	if r.lastEventID != "" {
		sent.Header.Set("Last-Event-ID", r.lastEventID)
	}
	if token != "" {
		sent.Header.Set("Authorization", "Bearer "+token)
	}
	return t.http.Do(sent)
}

func encoded(body any) (io.Reader, error) {
	if body == nil {
		return http.NoBody, nil
	}
	text, err := json.Marshal(body)
	return bytes.NewReader(text), err
}

// attemptError is why an attempt failed: the caller cancelled it, its time was up, or it failed by itself.
func attemptError(caller, attempt context.Context, server string, timeout time.Duration, err error) error {
	if caller.Err() != nil {
		return caller.Err()
	}
	if attempt.Err() != nil {
		message := fmt.Sprintf("no answer from %s within %v", server, timeout.Round(time.Millisecond))
		return &Error{Kind: ErrTimeout, Message: message, cause: err}
	}
	return networkError(server, err)
}

func networkError(server string, err error) error {
	// It repeats the URL, which is in the message anyway.
	var ofURL *url.Error
	if errors.As(err, &ofURL) {
		err = ofURL.Err
	}
	return &Error{
		Kind:    ErrNetwork,
		Message: fmt.Sprintf("the connection to %s failed: %v", server, err),
		cause:   err,
		unsent:  isDialError(err),
	}
}

// isDialError reports whether there was no connection at all. After any other error, the request may have been sent.
func isDialError(err error) bool {
	var ofNet *net.OpError
	return errors.As(err, &ofNet) && ofNet.Op == "dial"
}
