package octostore_test

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"strings"
	"sync"

	"octostore.io/go/octostore"
	"octostore.io/go/octostore/internal/otel/trace"
)

// tracedBy makes a span for each lock and session that a client holds.
func tracedBy(tracer trace.Tracer) func(octostore.HandleEvent) {
	var spans sync.Map
	return func(e octostore.HandleEvent) {
		name := cmp.Or(e.Session, strings.Join(e.Locks, ", "))
		if e.Type == octostore.HandleAcquired {
			_, span := tracer.Start(context.Background(), "octostore.hold "+name)
			spans.Store(name, span)
		}
		found, _ := spans.Load(name)
		span, isOpen := found.(trace.Span)
		if !isOpen {
			return
		}
		span.AddEvent(string(e.Type))
		if e.Err != nil {
			span.RecordError(e.Err)
		}
		if e.Type == octostore.HandleLost || e.Type == octostore.HandleReleased {
			span.End()
			spans.Delete(name)
		}
	}
}

// printed is a tracer and its spans.
type printed struct{}

func (p printed) Start(ctx context.Context, name string) (context.Context, trace.Span) {
	fmt.Println(name)
	return ctx, p
}

func (printed) AddEvent(name string)  { fmt.Println(name) }
func (printed) RecordError(err error) { fmt.Println(err) }
func (printed) End()                  { fmt.Println("end") }

func ExampleHandleEvent() {
	client, err := octostore.NewClient(octostore.ClientOptions{Observe: tracedBy(printed{})})
	if err != nil {
		log.Fatal(err)
	}
	lock, err := client.Hold(context.Background(), "billing/monthly", octostore.HoldOptions{})
	if err != nil {
		log.Fatal(err)
	}
	lock.Close()
	// Output:
	// octostore.hold billing/monthly
	// acquired
	// released
	// end
}
