package octostore

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// errorBody is the body of an error.
type errorBody struct {
	Error        string `json:"error"`
	Details      string `json:"details"`
	Code         string `json:"code"`
	RequestID    string `json:"request_id"`
	RetryAfterMS int64  `json:"retry_after_ms"`
}

// conflictBody has the additional fields of a lock that is held.
type conflictBody struct {
	Lock struct {
		Holder string `json:"holder"`
	} `json:"lock"`
	HolderID  string    `json:"holder_id"`
	ExpiresAt time.Time `json:"expires_at"`
	Metadata  string    `json:"metadata"`
}

func (b conflictBody) isWhole() bool {
	return b.Lock.Holder != "" && b.HolderID != "" && !b.ExpiresAt.IsZero()
}

// errorOf is the error for an unsuccessful response. Its message quotes only JSON errors: a proxy's error page could
// contain anything.
func errorOf(a answer) error {
	var body errorBody
	// Anything but JSON leaves the body empty, and a member of the wrong type leaves that member empty.
	_ = json.Unmarshal(a.body, &body)
	e := &Error{
		Kind:       kindOf(a.status, body.Code),
		Message:    strings.TrimSpace(body.Error + " " + body.Details),
		Code:       body.Code,
		Status:     a.status,
		RequestID:  body.RequestID,
		RetryAfter: clamped(body.RetryAfterMS, time.Millisecond),
	}
	if e.Message == "" {
		e.Message = fmt.Sprintf("the server answered with status %d", a.status)
	}
	if e.RequestID == "" {
		e.RequestID = a.header.Get("X-Request-Id")
	}
	if e.RetryAfter == 0 {
		e.RetryAfter = retryAfterIn(a.header)
	}
	if e.Kind == ErrHeld {
		return heldError(e, a)
	}
	return e
}

func heldError(e *Error, a answer) error {
	body, err := decoded[conflictBody](a)
	if err != nil {
		e.cause = err
		return notUnderstood(e)
	}
	return &HeldError{
		Holder:    body.Lock.Holder,
		HolderID:  body.HolderID,
		ExpiresAt: body.ExpiresAt,
		Metadata:  body.Metadata,
		err:       e,
	}
}

func notUnderstood(e *Error) *Error {
	e.Kind = ErrServer
	e.Message = "the answer of the server cannot be understood"
	return e
}

func kindOf(status int, code string) Kind {
	switch status {
	case 400, 413, 414, 415, 422, 431:
		return ErrValidation
	case 401:
		return ErrAuthentication
	case 403:
		if strings.HasSuffix(code, "_limit_exceeded") {
			return ErrLimit
		}
		return ErrPermission
	case 404, 410:
		return ErrNotFound
	case 409:
		if code == "lock_held" {
			return ErrHeld
		}
		return ErrServer
	case 429:
		return ErrLimit
	case 502, 503, 504:
		return ErrUnavailable
	default:
		return ErrServer
	}
}

// retryAfterIn reads the header Retry-After, which holds seconds or a date. It returns 0 if it is neither.
func retryAfterIn(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	// A number that is too large for its type counts as the largest possible.
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return clamped(seconds, time.Second)
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(date))
	}
	return 0
}

// clamped converts a number of units to a duration. It limits the result to the range from 0 to the longest duration.
func clamped(number int64, unit time.Duration) time.Duration {
	return time.Duration(min(max(0, number), math.MaxInt64/int64(unit))) * unit
}
