// A small service whose data a lock protects. It accepts a write only with a proof that the writer holds the lock, and refuses a
// holder that is late. It verifies proofs itself, without asking OctoStore for each.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
)

func main() {
	lock := flag.String("lock", "examples/protected-resource", "the lock that protects the data")
	listen := flag.String("listen", "127.0.0.1:8080", "where to listen; port 0 chooses one")
	flag.Parse()

	keys, err := loadKeys(baseURL() + "/.well-known/jwks.json")
	if err != nil {
		log.Fatalf("the keys of OctoStore cannot be loaded: %v", err)
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s protected by the lock %s\n", listener.Addr(), *lock)
	log.Fatal(http.Serve(listener, &service{verifier: verifier{keys: keys, lock: *lock}}))
}

func baseURL() string {
	if url := os.Getenv("OCTOSTORE_BASE_URL"); url != "" {
		return url
	}
	return "http://127.0.0.1:3000"
}
