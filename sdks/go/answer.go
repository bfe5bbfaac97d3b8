package octostore

import (
	"encoding/json"
	"errors"
	"net/http"
)

// answer is a complete response of the server.
type answer struct {
	status int
	header http.Header
	body   []byte
	// sentAt is when the request was sent. No lease in the response can have begun earlier.
	sentAt instant
}

// understood reads a successful response with read, and returns the matching error for any other response.
func understood[T any](a answer, read func(answer) (T, error)) (T, error) {
	var none T
	if !isSuccess(a.status) {
		return none, errorOf(a)
	}
	value, err := read(a)
	if err != nil {
		return none, notUnderstood(&Error{Status: a.status, cause: err})
	}
	return value, nil
}

func isSuccess(status int) bool {
	return status >= 200 && status <= 299
}

// whole is implemented by values that know whether any required field is missing.
type whole interface {
	isWhole() bool
}

func decoded[T whole](a answer) (T, error) {
	return parsed[T](a.body)
}

// parsed reads JSON that must have every required field.
func parsed[T whole](data []byte) (T, error) {
	var value T
	if err := json.Unmarshal(data, &value); err != nil {
		return value, err
	}
	if !value.isWhole() {
		return value, errors.New("something is missing")
	}
	return value, nil
}

// nothing is the content of a response without a body.
type nothing struct{}

func readNothing(a answer) (nothing, error) {
	if len(a.body) > 0 {
		return nothing{}, errors.New("a body where there should be none")
	}
	return nothing{}, nil
}
