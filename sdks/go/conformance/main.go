// Command conformance is the driver of the Go SDK: requests from standard input to the SDK, what comes of them to standard
// output. It decides nothing.
package main

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
)

func main() {
	requests, answers := json.NewDecoder(os.Stdin), newWriter(os.Stdout)
	d := newDriver(answers)
	for {
		var r request
		if err := requests.Decode(&r); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			log.Fatal(err)
		}
		go func() { answers.write(d.serve(r)) }()
	}
}
