package octostore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
}

// transport sends single requests to one server as one user.
type transport struct {
	baseURL string
	timeout time.Duration
	http    *http.Client
	bearer  *bearer
}

func newTransport(baseURL, token string, timeout time.Duration, roundTripper http.RoundTripper) *transport {
	return &transport{
		baseURL: baseURL,
		timeout: timeout,
		http: &http.Client{
			Transport: roundTripper,
			// The token is for this server only, not for one that it redirects to.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		bearer: newBearer(token),
	}
}

// as returns a transport that keeps this token, even if the client's token is replaced.
func (t *transport) as(token string) *transport {
	other := *t
	other.bearer = newBearer(token)
	return &other
}

// exchange sends one request. It fails with a network or timeout error, or because ctx is done.
func (t *transport) exchange(ctx context.Context, r request, token string) (answer, error) {
	timeout := t.timeout + r.wait
	attempt, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	sentAt := time.Now()
	response, err := t.send(attempt, r, token)
	if err != nil {
		return answer{}, attemptError(ctx, attempt, timeout, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, attemptError(ctx, attempt, timeout, err)
	}
	return answer{response.StatusCode, response.Header, body, sentAt}, nil
}

// send returns the head of the response. The caller closes the body.
func (t *transport) send(ctx context.Context, r request, token string) (*http.Response, error) {
	body, err := encoded(r.body)
	if err != nil {
		return nil, err
	}
	sent, err := http.NewRequestWithContext(ctx, r.method, t.baseURL+r.path, body)
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
func attemptError(caller, attempt context.Context, timeout time.Duration, err error) error {
	if caller.Err() != nil {
		return caller.Err()
	}
	if attempt.Err() != nil {
		return &Error{Kind: ErrTimeout, Message: fmt.Sprintf("no answer within %v", timeout), cause: err}
	}
	return networkError(err)
}

func networkError(err error) error {
	// It repeats the URL, which adds nothing.
	var ofURL *url.Error
	if errors.As(err, &ofURL) {
		err = ofURL.Err
	}
	return &Error{
		Kind:    ErrNetwork,
		Message: "the connection failed: " + err.Error(),
		cause:   err,
		unsent:  isDialError(err),
	}
}

// isDialError reports whether there was no connection at all. After any other error, the request may have been sent.
func isDialError(err error) bool {
	var ofNet *net.OpError
	return errors.As(err, &ofNet) && ofNet.Op == "dial"
}
