package octostore_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"octostore.io/go/octostore"
)

func joinCluster(ctx context.Context, client *octostore.Client) error {
	options := octostore.SessionOptions{TTL: 30 * time.Second}
	return client.WithSession(ctx, options, func(ctx context.Context, session *octostore.Session) error {
		node, err := client.Hold(ctx, "cluster/node-7", octostore.HoldOptions{TTL: time.Hour, Session: session})
		if err != nil {
			return err
		}
		defer node.Close()
		return serve(ctx, node.FencingToken())
	})
}

// serve stands for what a node does while it is in the cluster.
func serve(ctx context.Context, fence int64) error {
	if fence > 0 {
		fmt.Println("node 7 serves")
	}
	return ctx.Err()
}

func ExampleClient_WithSession() {
	client, err := octostore.NewClient(octostore.ClientOptions{})
	if err != nil {
		log.Fatal(err)
	}
	if err := joinCluster(context.Background(), client); err != nil {
		log.Fatal(err)
	}
	// Output: node 7 serves
}
