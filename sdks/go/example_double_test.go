package octostore_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"octostore.io/go/octostore"
	"octostore.io/go/octostore/octostoretest"
)

func TestAJobThatLosesItsLock(t *testing.T) {
	server := octostoretest.New()
	ada, bob := server.Client("ada"), server.Client("bob")
	lock, err := ada.Hold(t.Context(), "billing/nightly", octostore.HoldOptions{TTL: 30 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	_, err = bob.Hold(t.Context(), "billing/nightly", octostore.HoldOptions{})
	var held *octostore.HeldError
	if !errors.As(err, &held) || held.Holder != "ada" {
		t.Errorf("it says %v", err)
	}

	server.Advance(31 * time.Second)
	if !lock.IsLost() {
		t.Error("it has the lock forever")
	}
}

func Example_octostoretest() {
	lock, err := octostoretest.New().Client("ada").Hold(context.Background(), "a", octostore.HoldOptions{})
	if err == nil {
		defer lock.Close()
		fmt.Println(lock.FencingToken())
	}
	// Output: 1
}
