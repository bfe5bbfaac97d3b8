package octostore_test

import (
	"context"
	"fmt"
	"log"

	"octostore.io/go/octostore"
)

func waitForBackup(ctx context.Context, client *octostore.Client) error {
	updates, err := client.WatchPrefix(ctx, "backup/")
	if err != nil {
		return err
	}
	for update, err := range updates {
		if err != nil {
			return err
		}
		switch update := update.(type) {
		case octostore.PrefixState:
			log.Printf("%d backups are running", len(update.Locks))
		case octostore.LockEvent:
			if update.Event == octostore.EventReleased {
				fmt.Println(update.Lock, "is done")
				return nil
			}
		case octostore.Reset:
			log.Print("events were missed")
		}
	}
	return ctx.Err()
}

// backUp makes one backup after the other.
func backUp(ctx context.Context, client *octostore.Client) {
	for ctx.Err() == nil {
		_ = client.WithLock(ctx, "backup/orders", octostore.HoldOptions{}, func(ctx context.Context, _ *octostore.Lock) error {
			return ctx.Err()
		})
	}
}

func ExampleClient_WatchPrefix() {
	client, err := octostore.NewClient(octostore.ClientOptions{})
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() {
		defer close(over)
		backUp(ctx, client)
	}()
	if err := waitForBackup(ctx, client); err != nil {
		log.Print(err)
	}
	stop()
	<-over
	// Output: backup/orders is done
}
