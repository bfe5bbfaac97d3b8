package octostore

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"

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
	// hasUpdates means that the current connection has brought any.
	hasUpdates  bool
	route       *route
	lastEventID string
}

func updates(
	ctx context.Context, t *transport, path string, readState func(frame) (Update, error),
) iter.Seq2[Update, error] {
	return func(yield func(Update, error) bool) {
		w := &watch{
			transport: t,
			path:      path,
			readState: readState,
			yield:     yield,
			route:     newRoute(t.servers, t.clock, 1+rules.RepeatsMax, 0),
		}
		w.run(ctx)
	}
}

// run makes connections until you leave the iteration, ctx is done, or an error occurs that reconnecting cannot fix.
func (w *watch) run(ctx context.Context) {
	for {
		w.hasUpdates = false
		err := w.follow(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		wait, goesOn := w.next(err)
		if !goesOn {
			w.yield(nil, err)
			return
		}
		if pause(ctx, wait) != nil {
			return
		}
	}
}

// next applies the rules for a read to the first connection. Later ones are made for as long as it takes.
func (w *watch) next(err error) (time.Duration, bool) {
	if isFaultOfServer(err) {
		w.transport.servers.leave(w.route.url)
	}
	if (w.hasBegun && !isMendable(err)) || (!w.hasBegun && !mayRepeat(err, true)) {
		return 0, false
	}
	wait, goesOn := w.route.next(err, 0)
	if w.hasUpdates {
		// All streams of a server break at the same time, so they must not all come back at the same time.
		wait = max(wait, backoff(1, 0))
	}
	return wait, goesOn
}

// follow passes on the updates of one connection. It returns nil when you leave the iteration.
func (w *watch) follow(ctx context.Context) error {
	s, err := sendAs(ctx, w.transport.bearer, false, func(token string) (*stream, error) {
		return w.transport.openStream(ctx, w.route.url, w.path, w.lastEventID, token)
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
		if !w.hasUpdates {
			w.route.restart()
		}
		w.hasBegun, w.hasUpdates = true, true
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
	case string(EventAcquired), string(EventReleased), string(EventRenewed), string(EventExpired),
		string(EventBroken), string(EventReleaseRequested):
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
