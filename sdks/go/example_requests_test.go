package octostore_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"octostore.io/go/octostore"
)

func indexUntilAsked(ctx context.Context, client *octostore.Client) error {
	options := octostore.HoldOptions{TTL: 3 * time.Second}
	return client.WithLock(ctx, "search/index", options, func(ctx context.Context, lock *octostore.Lock) error {
		select {
		case request := <-lock.ReleaseRequests():
			fmt.Println("stopping:", request.Message)
		case <-ctx.Done():
		}
		return nil
	})
}

func ExampleLock_ReleaseRequests() {
	ctx := context.Background()
	held := make(chan struct{})
	client, err := octostore.NewClient(octostore.ClientOptions{Observe: func(e octostore.HandleEvent) {
		if e.Type == octostore.HandleAcquired {
			close(held)
		}
	}})
	if err != nil {
		log.Fatal(err)
	}
	over := make(chan error)
	go func() { over <- indexUntilAsked(ctx, client) }()
	<-held
	if err := client.RequestRelease(ctx, "search/index", "deploying"); err != nil {
		log.Fatal(err)
	}
	if err := <-over; err != nil {
		log.Fatal(err)
	}
	// Output: stopping: deploying
}
