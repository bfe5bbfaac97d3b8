package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"time"

	"octostore.io/go/octostore"
	"octostore.io/go/octostore/internal/rules"
)

// driver has the things that last, by their names.
type driver struct {
	events    *writer
	clients   shelf[*octostore.Client]
	locks     shelf[*octostore.Lock]
	sessions  shelf[*octostore.Session]
	watches   shelf[*watch]
	elections shelf[*octostore.Election]
	blocks    shelf[chan string]
}

func newDriver(events *writer) *driver {
	return &driver{events: events}
}

// handler does what a request says.
type handler func(d *driver, ctx context.Context, r request) (any, error)

// handlers are what the protocol can ask for.
var handlers = map[string]handler{
	"client":          (*driver).client,
	"describe":        (*driver).describe,
	"health":          (*driver).health,
	"status_counters": (*driver).statusCounters,
	"rotate_token":    (*driver).rotateToken,
	"acquire":         (*driver).acquire,
	"acquire_all":     (*driver).acquireAll,
	"break":           (*driver).breakLock,
	"request_release": (*driver).requestRelease,
	"queue":           (*driver).queue,
	"leave_queue":     (*driver).leaveQueue,
	"advance_fence":   (*driver).advanceFence,
	"check_fence":     (*driver).checkFence,
	"fence":           (*driver).fence,
	"renew":           (*driver).renew,
	"release":         (*driver).release,
	"lock_status":     (*driver).lockStatus,
	"list_locks":      (*driver).listLocks,
	"create_session":  (*driver).createSession,
	"keepalive":       (*driver).keepalive,
	"session_status":  (*driver).sessionStatus,
	"end_session":     (*driver).endSession,
	"create_webhook":  (*driver).createWebhook,
	"list_webhooks":   (*driver).listWebhooks,
	"delete_webhook":  (*driver).deleteWebhook,
	"deliveries":      (*driver).deliveries,
	"redeliver":       (*driver).redeliver,
	"verify_webhook":  (*driver).verifyWebhook,
	"rules":           (*driver).rules,
	"hold":            (*driver).hold,
	"hold_all":        (*driver).holdAll,
	"convert":         (*driver).convert,
	"handle":          (*driver).handle,
	"open_session":    (*driver).openSession,
	"await_lost":      (*driver).awaitLost,
	"elect":           (*driver).elect,
	"with_lock":       (*driver).withLock,
	"end_block":       (*driver).endBlock,
	"watch":           (*driver).watch,
	"next":            (*driver).next,
	"close":           (*driver).close,
}

func (d *driver) serve(r request) object {
	handle, isKnown := handlers[r.Do]
	if !isKnown {
		log.Fatalf("there is no request called %s", r.Do)
	}
	value, err := handle(d, context.Background(), r)
	return reply(r, value, err)
}

func (d *driver) client(_ context.Context, r request) (any, error) {
	client, err := octostore.NewClient(octostore.ClientOptions{
		BaseURLs:      r.BaseURL,
		Token:         r.Token.text,
		NoToken:       r.Token.isNull,
		Timeout:       r.timeout(),
		WaitSlice:     r.waitSlice(),
		ReleaseOnExit: r.OnExit,
		TokenSource:   r.TokenFunction.source(),
	})
	if err == nil {
		d.clients.put(r.As, client)
	}
	return nil, err
}

func (d *driver) describe(_ context.Context, r request) (any, error) {
	return d.described(r).String(), nil
}

func (d *driver) described(r request) fmt.Stringer {
	switch {
	case r.Handle != "":
		return d.locks.get(r.Handle)
	case r.Session != "":
		return d.sessions.get(r.Session)
	case r.Election != "":
		return d.elections.get(r.Election)
	default:
		return d.clients.get(r.Client)
	}
}

func (d *driver) health(ctx context.Context, r request) (any, error) {
	return "OK", d.clients.get(r.Client).Health(ctx)
}

func (d *driver) statusCounters(ctx context.Context, r request) (any, error) {
	return d.clients.get(r.Client).StatusCounters(ctx)
}

func (d *driver) rotateToken(ctx context.Context, r request) (any, error) {
	_, err := d.clients.get(r.Client).RotateToken(ctx)
	return nil, err
}

func (d *driver) acquire(ctx context.Context, r request) (any, error) {
	return d.clients.get(r.Client).Acquire(ctx, r.Name, r.acquireOptions())
}

func (d *driver) renew(ctx context.Context, r request) (any, error) {
	return d.clients.get(r.Client).Renew(ctx, r.Name, r.LeaseID, r.ttl())
}

func (d *driver) release(ctx context.Context, r request) (any, error) {
	return nil, d.clients.get(r.Client).Release(ctx, r.Name, r.LeaseID)
}

func (d *driver) lockStatus(ctx context.Context, r request) (any, error) {
	return d.clients.get(r.Client).LockStatus(ctx, r.Name)
}

func (d *driver) listLocks(ctx context.Context, r request) (any, error) {
	options := octostore.ListOptions{Mine: r.Owner == "me"}
	if r.Prefix != nil {
		options.Prefix = *r.Prefix
	}
	return d.clients.get(r.Client).ListLocks(ctx, options)
}

func (d *driver) createSession(ctx context.Context, r request) (any, error) {
	return d.clients.get(r.Client).CreateSession(ctx, octostore.SessionOptions{TTL: r.ttl()})
}

func (d *driver) keepalive(ctx context.Context, r request) (any, error) {
	return d.clients.get(r.Client).Keepalive(ctx, r.SessionID)
}

func (d *driver) sessionStatus(ctx context.Context, r request) (any, error) {
	return d.clients.get(r.Client).SessionStatus(ctx, r.SessionID)
}

func (d *driver) endSession(ctx context.Context, r request) (any, error) {
	return nil, d.clients.get(r.Client).EndSession(ctx, r.SessionID)
}

func (d *driver) createWebhook(ctx context.Context, r request) (any, error) {
	return d.clients.get(r.Client).CreateWebhook(ctx, octostore.NewWebhook{
		URL:         r.URL,
		Secret:      r.Secret,
		Events:      r.Events,
		LockPattern: r.LockPattern,
	})
}

func (d *driver) listWebhooks(ctx context.Context, r request) (any, error) {
	return d.clients.get(r.Client).ListWebhooks(ctx)
}

func (d *driver) deleteWebhook(ctx context.Context, r request) (any, error) {
	return nil, d.clients.get(r.Client).DeleteWebhook(ctx, r.WebhookID)
}

func (d *driver) deliveries(ctx context.Context, r request) (any, error) {
	return d.clients.get(r.Client).Deliveries(ctx, r.WebhookID, octostore.DeliveriesOptions{})
}

func (d *driver) redeliver(ctx context.Context, r request) (any, error) {
	return d.clients.get(r.Client).Redeliver(ctx, r.WebhookID, r.DeliveryID)
}

func (d *driver) verifyWebhook(_ context.Context, r request) (any, error) {
	header := http.Header{}
	for name, value := range r.Headers {
		header.Set(name, value)
	}
	return nil, octostore.VerifyWebhookAt(r.Secret, header, []byte(r.Body), time.Unix(r.NowSeconds, 0))
}

func (d *driver) rules(context.Context, request) (any, error) {
	return rules.Table(), nil
}
