package octostore

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"octostore.io/go/octostore/internal/rules"
)

// Watch returns an iterator over the status of a lock, as a [LockStatus], and then everything that happens to it. After a
// disconnect, it resumes without a gap or a repeat. Watch fails immediately if the name is not valid. If the server
// refuses the watch, the iteration yields the error and ends. It also ends when you leave the loop, and when ctx is done.
// Each iteration opens a new watch.
func (c *Client) Watch(ctx context.Context, name string) (iter.Seq2[Update, error], error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	return updates(ctx, c.transport, lockPath(name)+"/watch", readUpdate[LockStatus]), nil
}

// WatchPrefix does the same for all locks whose names begin with prefix. The current state arrives as one or more
// [PrefixState] values; the last one is Complete.
func (c *Client) WatchPrefix(ctx context.Context, prefix string) (iter.Seq2[Update, error], error) {
	if err := checkPrefix(prefix); err != nil {
		return nil, err
	}
	path := "/watch?" + url.Values{"prefix": {prefix}}.Encode()
	return updates(ctx, c.transport, path, readUpdate[PrefixState]), nil
}

// watch is one iteration over updates.
type watch struct {
	transport *transport
	path      string
	readState func(frame) (Update, error)
	yield     func(Update, error) bool
	// hasBegun means that there was an update.
	hasBegun bool
	// failures is how many connections have failed since the last update.
	failures    int
	lastEventID string
}

func updates(
	ctx context.Context, t *transport, path string, readState func(frame) (Update, error),
) iter.Seq2[Update, error] {
	return func(yield func(Update, error) bool) {
		w := &watch{transport: t, path: path, readState: readState, yield: yield}
		w.run(ctx)
	}
}

// run makes connections until you leave the iteration, ctx is done, or an error occurs that reconnecting cannot fix.
func (w *watch) run(ctx context.Context) {
	for {
		err := w.follow(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		w.failures++
		if !w.mayGoOn(err) {
			w.yield(nil, err)
			return
		}
		if pause(ctx, backoff(w.failures, retryAfterOf(err))) != nil {
			return
		}
	}
}

// mayGoOn applies the rules for a read to the first connection. Later ones are made for as long as it takes.
func (w *watch) mayGoOn(err error) bool {
	if w.hasBegun {
		return isMendable(err)
	}
	return w.failures <= rules.RepeatsMax && mayRepeat(err, true)
}

// follow passes on the updates of one connection. It returns nil when you leave the iteration.
func (w *watch) follow(ctx context.Context) error {
	s, err := sendAs(ctx, w.transport.bearer, func(token string) (*stream, error) {
		return w.transport.openStream(ctx, w.path, w.lastEventID, token)
	})
	if err != nil {
		return err
	}
	defer s.close()
	for {
		f, err := s.next()
		if err != nil {
			return err
		}
		update, err := w.updateOf(f)
		if err != nil {
			return notUnderstood(&Error{Status: http.StatusOK, cause: err})
		}
		if f.id != "" {
			w.lastEventID = f.id
		}
		if update == nil {
			continue
		}
		w.hasBegun, w.failures = true, 0
		if !w.yield(update, nil) {
			return nil
		}
	}
}

// updateOf returns nil for a kind of event that this version does not know.
func (w *watch) updateOf(f frame) (Update, error) {
	switch f.event {
	case "state":
		return w.readState(f)
	case "reset":
		return readUpdate[Reset](f)
	case string(EventAcquired), string(EventReleased), string(EventRenewed), string(EventExpired):
		return readUpdate[LockEvent](f)
	default:
		return nil, nil
	}
}

func readUpdate[T interface {
	Update
	whole
}](f frame) (Update, error) {
	return parsed[T]([]byte(f.data))
}
