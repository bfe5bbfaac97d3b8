package octostore_test

import (
	"context"
	"fmt"
	"log"

	"octostore.io/go/octostore"
)

func runSchedulerInBackground(ctx context.Context, client *octostore.Client) {
	election := client.StartElection(ctx, "scheduler", octostore.ElectOptions{},
		func(ctx context.Context, lock *octostore.Lock) error {
			return runNextJob(ctx, lock.FencingToken())
		})
	<-election.Done()
	fmt.Println("ended with", election.Err())
}

func ExampleClient_StartElection() {
	client, err := octostore.NewClient(octostore.ClientOptions{})
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		jobs <- 7
		stop()
	}()
	runSchedulerInBackground(ctx, client)
	// Output:
	// job 7 is done
	// ended with <nil>
}
