package octostore_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"octostore.io/go/octostore"
)

func moveMoney(ctx context.Context, client *octostore.Client) error {
	accounts := []octostore.WantedLock{{Name: "accounts/alice"}, {Name: "accounts/bob"}}
	lock, err := client.HoldAll(ctx, accounts, octostore.HoldOptions{})
	if err != nil {
		return err
	}
	defer lock.Close()
	_, err = client.AdvanceFence(ctx, "bank", lock.FencingToken())
	if stale := (*octostore.StaleTokenError)(nil); errors.As(err, &stale) {
		fmt.Println("a later lease has used the bank:", stale.Highest)
	}
	return err
}

func ExampleClient_HoldAll() {
	client, err := octostore.NewClient(octostore.ClientOptions{})
	if err != nil {
		log.Fatal(err)
	}
	if err := moveMoney(context.Background(), client); err != nil {
		log.Fatal(err)
	}
	fmt.Println("moved")
	// Output: moved
}
