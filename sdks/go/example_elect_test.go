package octostore_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"octostore.io/go/octostore"
)

func runScheduler(ctx context.Context, client *octostore.Client) error {
	options := octostore.ElectOptions{TTL: 15 * time.Second}
	return client.Elect(ctx, "scheduler", options, func(ctx context.Context, lock *octostore.Lock) error {
		for ctx.Err() == nil {
			if err := runNextJob(ctx, lock.FencingToken()); err != nil {
				return err
			}
		}
		return nil
	})
}

// jobs are there to be done by whoever leads.
var jobs = make(chan int)

// runNextJob stands for the work of a leader. It waits for a job, or until it is told to stop.
func runNextJob(ctx context.Context, fence int64) error {
	select {
	case job := <-jobs:
		if fence > 0 {
			fmt.Println("job", job, "is done")
		}
	case <-ctx.Done():
	}
	return nil
}

func ExampleClient_Elect() {
	client, err := octostore.NewClient(octostore.ClientOptions{})
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	over := make(chan error)
	go func() { over <- runScheduler(ctx, client) }()
	for job := range 3 {
		jobs <- job
	}
	stop()
	if err := <-over; err != nil {
		log.Fatal(err)
	}
	// Output:
	// job 0 is done
	// job 1 is done
	// job 2 is done
}
