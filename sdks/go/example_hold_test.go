package octostore_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"octostore.io/go/octostore"
)

func migrateUnlessOthersDo(ctx context.Context, client *octostore.Client) error {
	lock, err := client.Hold(ctx, "database/migration", octostore.HoldOptions{TTL: 30 * time.Second})
	var held *octostore.HeldError
	if errors.As(err, &held) {
		fmt.Printf("%s has the lock until %v\n", held.Holder, held.ExpiresAt)
		return nil
	}
	if err != nil {
		return err
	}
	defer lock.Close()
	return migrate(lock.Context(), lock.FencingToken())
}

// migrate stands for the work that must not be done twice.
func migrate(ctx context.Context, fence int64) error {
	if fence > 0 {
		fmt.Println("the database is migrated")
	}
	return ctx.Err()
}

func ExampleClient_Hold() {
	client, err := octostore.NewClient(octostore.ClientOptions{})
	if err != nil {
		log.Fatal(err)
	}
	if err := migrateUnlessOthersDo(context.Background(), client); err != nil {
		log.Fatal(err)
	}
	// Output: the database is migrated
}
