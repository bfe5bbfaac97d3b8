package octostore_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"octostore.io/go/octostore"
)

func sendNightlyInvoices(ctx context.Context, client *octostore.Client) error {
	options := octostore.HoldOptions{TTL: 30 * time.Second, Wait: 10 * time.Second}
	return client.WithLock(ctx, "billing/nightly", options, func(ctx context.Context, lock *octostore.Lock) error {
		return sendInvoices(ctx, lock.FencingToken())
	})
}

// sendInvoices stands for the work that must not be done twice.
func sendInvoices(ctx context.Context, fence int64) error {
	if fence > 0 {
		fmt.Println("invoices are sent")
	}
	return ctx.Err()
}

func ExampleClient_WithLock() {
	client, err := octostore.NewClient(octostore.ClientOptions{})
	if err != nil {
		log.Fatal(err)
	}
	if err := sendNightlyInvoices(context.Background(), client); err != nil {
		log.Fatal(err)
	}
	// Output: invoices are sent
}
