package octostore

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"octostore.io/go/octostore/internal/rules"
)

// Watch tells how a lock is, as a [LockStatus], and then what happens to it, without a gap or a repeat: a connection that
// breaks is resumed where it ended. A name that cannot be one is refused at once; what the server refuses comes with the
// iteration, which ends with it. The iteration also ends when it is left, and when ctx is done. Each one begins anew.
func (c *Client) Watch(ctx context.Context, name string) (iter.Seq2[Update, error], error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	return updates(ctx, c.transport, lockPath(name)+"/watch", readUpdate[LockStatus]), nil
}

// WatchPrefix does the same for all locks whose names begin with a text. How they are comes as one [PrefixState] or
// several, of which the last is Complete.
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
	// hasBegun says that there was an update.
	hasBegun bool
	// failures is how many connections have failed since.
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

// run makes connections until the iteration is left, ctx is done, or an error comes that another one cannot mend.
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

// mayGoOn holds the first connection to the rules for a read; later ones are made for as long as it takes.
func (w *watch) mayGoOn(err error) bool {
	if w.hasBegun {
		return isMendable(err)
	}
	return w.failures <= rules.RepeatsMax && mayRepeat(err, true)
}

// follow passes on what comes over one connection. It returns nil when the iteration is left.
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
