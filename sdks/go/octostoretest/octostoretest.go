// Package octostoretest has an OctoStore in memory, for the unit tests of programs. Production code does not load it.
package octostoretest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"octostore.io/go/octostore"
)

// BaseURL is the address of every [Server]. Any client with this address, the server as its Transport and a token reaches it.
const BaseURL = "http://octostore.test"

// AdminToken is the token of an administrator, who may break locks.
const AdminToken = "double-admin"

// Server is an OctoStore in memory. Its clients are real, and it decides as a server does. Its clock moves only when you move it.
// Everything is gone with the value. It is safe for concurrent use, and an [http.RoundTripper].
type Server struct {
	startedAt time.Time

	mutex   sync.Mutex
	changed chan struct{}
	law     *law
	logins  map[string]string
	clients []func()
}

// New returns a server that knows of nothing.
func New() *Server {
	s := &Server{
		startedAt: time.Now().UTC().Truncate(time.Millisecond),
		changed:   make(chan struct{}),
		logins:    map[string]string{AdminToken: "administrator"},
	}
	s.law = newLaw(func(at time.Duration) string { return s.startedAt.Add(at).Format("2006-01-02T15:04:05.000Z") })
	return s
}

// Client returns a client of the user with this login.
func (s *Server) Client(login string) *octostore.Client {
	return s.ClientWith(octostore.ClientOptions{Token: s.Token(login)})
}

// AdminClient returns a client of an administrator, who may break locks.
func (s *Server) AdminClient() *octostore.Client {
	return s.ClientWith(octostore.ClientOptions{Token: AdminToken})
}

// ClientWith returns a client with options of your own. The address and the transport are those of the server. It panics if an
// option is not valid.
func (s *Server) ClientWith(options octostore.ClientOptions) *octostore.Client {
	options.BaseURL, options.BaseURLs, options.Transport = BaseURL, nil, s
	client, err := octostore.NewClient(options)
	if err != nil {
		panic(err)
	}
	return client
}

// Token returns the token of the user with this login. The server refuses tokens that it has not given.
func (s *Server) Token(login string) string {
	token := "double-user-" + url.PathEscape(login)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.logins[token] = login
	return token
}

// Now is the time on the server's clock.
func (s *Server) Now() time.Time {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.startedAt.Add(s.law.now)
}

// Advance moves the server's clock. Everything that is due meanwhile happens at its time: leases and sessions expire, and waiters
// are answered. Then each open lock and session of a client renews, or learns that it is lost. It returns when all of this has
// happened.
func (s *Server) Advance(by time.Duration) {
	s.mutex.Lock()
	s.law.advance(by)
	clients := s.clients
	s.tellOfChange()
	s.mutex.Unlock()
	for _, renewAll := range clients {
		renewAll()
	}
}

// AwaitWaiters returns once so many requests are waiting in line for a lock. It fails if ctx is done before.
func (s *Server) AwaitWaiters(ctx context.Context, name string, count int) error {
	for {
		s.mutex.Lock()
		waiters, changed := s.law.waiters(name), s.changed
		s.mutex.Unlock()
		if waiters >= count {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// NoteClient is called by each client of the server.
func (s *Server) NoteClient(renewAll func()) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.clients = append(s.clients, renewAll)
}

// RoundTrip answers a request from memory.
func (s *Server) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if r.URL.Path == "/health" {
		return response(r, http.StatusOK, []byte("OK")), nil
	}
	status, reply, err := s.answer(r)
	var refused *refusal
	switch {
	case errors.As(err, &refused):
		status = refused.status
		reply = fields{"error": refused.text, "code": refused.code, "request_id": newUUID()}
		maps.Copy(reply, refused.more)
	case err != nil:
		return nil, err
	}
	if reply == nil {
		return response(r, status, nil), nil
	}
	text, err := json.Marshal(reply)
	return response(r, status, text), err
}

func (s *Server) answer(r *http.Request) (int, fields, error) {
	b := &body{fields: fields{}}
	if r.Body != nil {
		defer r.Body.Close()
		if err := json.NewDecoder(r.Body).Decode(&b.fields); err != nil && !errors.Is(err, io.EOF) {
			return 0, nil, err
		}
	}
	path := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/")
	for at, part := range path {
		path[at], _ = url.PathUnescape(part)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	login, isKnown := s.logins[token]
	if !isKnown {
		return 0, nil, &refusal{status: 401, code: "unauthorized", text: "The token or key is missing or not valid."}
	}
	defer s.tellOfChange()
	return s.law.answer(asked{
		method: r.Method, path: path, user: login, isAdmin: token == AdminToken, body: b, query: r.URL.Query(),
		acquire: func(wanted acquireRequest, wait time.Duration) outcome { return s.acquire(r.Context(), wanted, wait) },
	})
}

// acquire answers an acquire, possibly after a wait. Others may use the server meanwhile.
func (s *Server) acquire(ctx context.Context, r acquireRequest, wait time.Duration) outcome {
	got, waiting := s.law.acquire(r, wait)
	if waiting == nil {
		return got
	}
	answer := waiting.answer
	s.tellOfChange()
	s.mutex.Unlock()
	defer s.mutex.Lock()
	select {
	case got := <-answer:
		return got
	case <-ctx.Done():
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.law.abandon(answer)
		return outcome{err: ctx.Err()}
	}
}

// tellOfChange wakes those who wait for waiters.
func (s *Server) tellOfChange() {
	close(s.changed)
	s.changed = make(chan struct{})
}

func response(r *http.Request, status int, text []byte) *http.Response {
	return &http.Response{
		Status:        fmt.Sprintf("%d %s", status, http.StatusText(status)),
		StatusCode:    status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        http.Header{"Content-Type": {"application/json"}},
		Body:          io.NopCloser(bytes.NewReader(text)),
		ContentLength: int64(len(text)),
		Request:       r,
	}
}

func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
