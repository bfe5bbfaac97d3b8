package main

import (
	"context"
	"encoding/json"
	"iter"
	"log"
	"time"

	"octostore.io/go/octostore"
)

// watch is a watch in the background.
type watch struct {
	stop    context.CancelFunc
	updates chan update
}

// update is what comes next of a watch.
type update struct {
	value octostore.Update
	err   error
}

func (d *driver) watch(ctx context.Context, r request) (any, error) {
	ctx, stop := context.WithCancel(ctx)
	updates, err := d.updates(ctx, r)
	if err != nil {
		stop()
		return nil, err
	}
	w := &watch{stop, make(chan update)}
	d.watches.put(r.As, w)
	go w.run(ctx, updates)
	return nil, nil
}

func (d *driver) updates(ctx context.Context, r request) (iter.Seq2[octostore.Update, error], error) {
	if r.Prefix != nil {
		return d.clients.get(r.Client).WatchPrefix(ctx, *r.Prefix)
	}
	return d.clients.get(r.Client).Watch(ctx, r.Name)
}

func (w *watch) run(ctx context.Context, updates iter.Seq2[octostore.Update, error]) {
	defer close(w.updates)
	for value, err := range updates {
		select {
		case w.updates <- update{value, err}:
		case <-ctx.Done():
		}
	}
}

// close returns when the watch has ended.
func (w *watch) close() {
	w.stop()
	for range w.updates {
	}
}

func (d *driver) next(_ context.Context, r request) (any, error) {
	select {
	case next, isThere := <-d.watches.get(r.Watch).updates:
		if !isThere {
			return object{"type": "end"}, nil
		}
		if next.err != nil {
			return nil, next.err
		}
		return updateFacts(next.value), nil
	case <-time.After(r.timeout()):
		return nil, nil
	}
}

// updateFacts are the type of an update and its data.
func updateFacts(value octostore.Update) object {
	facts := object{}
	text, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(text, &facts)
	}
	if err != nil {
		log.Fatal(err)
	}
	facts["type"] = typeOf(value)
	return facts
}

func typeOf(value octostore.Update) string {
	switch value := value.(type) {
	case octostore.LockEvent:
		return string(value.Event)
	case octostore.Reset:
		return "reset"
	default:
		return "state"
	}
}
