package octostore

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

// stream is one connection that delivers events.
type stream struct {
	server string
	ctx    context.Context
	cancel context.CancelCauseFunc
	// watchdog cancels ctx if the response headers do not arrive in time, or if the stream is silent for too long after
	// that.
	watchdog *time.Timer
	body     io.ReadCloser
	frames   *frameReader
}

// openStream returns when the response headers have arrived. The caller closes the stream.
func (t *transport) openStream(ctx context.Context, server, path, lastEventID, token string) (*stream, error) {
	s := &stream{server: server}
	s.ctx, s.cancel = context.WithCancelCause(ctx)
	s.watchdog = time.AfterFunc(t.timeout, func() {
		s.cancel(&Error{Kind: ErrTimeout, Message: "nothing has come from " + server + " for too long"})
	})
	response, err := t.send(s.ctx, request{method: http.MethodGet, path: path, lastEventID: lastEventID}, server, token)
	if err != nil {
		err = s.failure(err)
		s.cancel(nil)
		return nil, err
	}
	s.body = response.Body
	if err := s.refusal(response); err != nil {
		s.close()
		return nil, err
	}
	s.frames = newFrameReader(s)
	return s, nil
}

// Read reads from the connection, which must not be silent for too long.
func (s *stream) Read(p []byte) (int, error) {
	s.watchdog.Reset(rules.WatchSilenceMax)
	return s.body.Read(p)
}

// next returns the next event. It fails when the server ends the stream.
func (s *stream) next() (frame, error) {
	f, err := s.frames.next()
	if errors.Is(err, io.EOF) {
		err = errors.New("the stream ended")
	}
	if err != nil {
		return frame{}, s.failure(err)
	}
	return f, nil
}

func (s *stream) close() {
	s.watchdog.Stop()
	s.cancel(nil)
	_ = s.body.Close()
}

// failure is why the connection failed.
func (s *stream) failure(err error) error {
	if s.ctx.Err() != nil {
		return context.Cause(s.ctx)
	}
	return networkError(s.server, err)
}

// refusal is the error for a response that is not an event stream.
func (s *stream) refusal(response *http.Response) error {
	if response.StatusCode != http.StatusOK {
		body, err := io.ReadAll(response.Body)
		if err != nil {
			return s.failure(err)
		}
		return errorOf(answer{status: response.StatusCode, header: response.Header, body: body})
	}
	if !strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		return notUnderstood(&Error{Status: response.StatusCode})
	}
	return nil
}
