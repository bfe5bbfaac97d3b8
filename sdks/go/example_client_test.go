package octostore_test

import (
	"fmt"
	"log"

	"octostore.io/go/octostore"
)

func newLocalClient() (*octostore.Client, error) {
	return octostore.NewClient(octostore.ClientOptions{BaseURL: "http://localhost:3000", Token: "octo_..."})
}

func ExampleNewClient() {
	client, err := newLocalClient()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client)
	// Output: octostore.Client(http://localhost:3000)
}
