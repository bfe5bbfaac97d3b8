package octostore

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// answer is a whole answer of the server.
type answer struct {
	status int
	header http.Header
	body   []byte
	// sentAt is when its request was sent: no lease that it speaks of can have begun before.
	sentAt time.Time
}

// understood returns what a successful answer says, as read makes it out, and the error that any other stands for.
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

// whole is what knows whether it has what it cannot do without.
type whole interface {
	isWhole() bool
}

func decoded[T whole](a answer) (T, error) {
	return parsed[T](a.body)
}

// parsed reads JSON that must be whole.
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

// nothing is what an answer without a body says.
type nothing struct{}

func readNothing(a answer) (nothing, error) {
	if len(a.body) > 0 {
		return nothing{}, errors.New("a body where there should be none")
	}
	return nothing{}, nil
}
