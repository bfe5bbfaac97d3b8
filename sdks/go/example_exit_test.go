//go:build unix

package octostore_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"

	"octostore.io/go/octostore"
)

func mainUntilSignal(client *octostore.Client) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return client.WithLock(ctx, "reports/daily", octostore.HoldOptions{}, func(ctx context.Context, _ *octostore.Lock) error {
		return writeReports(ctx)
	})
}

// writeReports stands for work that takes longer than the process has.
func writeReports(ctx context.Context) error {
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

func Example_exit() {
	client, err := octostore.NewClient(octostore.ClientOptions{})
	if err != nil {
		log.Fatal(err)
	}
	if err := mainUntilSignal(client); err != nil {
		log.Fatal(err)
	}
	status, err := client.LockStatus(context.Background(), "reports/daily")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(status.Status)
	// Output: available
}
