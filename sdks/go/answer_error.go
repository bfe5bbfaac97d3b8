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

// conflictBody has the additional fields of a lock that you cannot have now.
type conflictBody struct {
	Lock struct {
		Name   string `json:"name"`
		Holder string `json:"holder"`
	} `json:"lock"`
	HolderID  string    `json:"holder_id"`
	ExpiresAt time.Time `json:"expires_at"`
	Metadata  string    `json:"metadata"`
	Limit     int       `json:"limit"`
	Position  int       `json:"position"`
	Waiters   int       `json:"waiters"`
}

func (b conflictBody) isWhole() bool {
	return b.Lock.Name != "" && !b.ExpiresAt.IsZero()
}

// brokenBody has the additional fields of a lease that someone has broken.
type brokenBody struct {
	Reason   string    `json:"reason"`
	BrokenBy string    `json:"broken_by"`
	BrokenAt time.Time `json:"broken_at"`
}

func (b brokenBody) isWhole() bool {
	return b.Reason != "" && b.BrokenBy != "" && !b.BrokenAt.IsZero()
}

// staleBody has the additional field of a fencing token that is too low.
type staleBody struct {
	Highest int64 `json:"highest"`
}

func (b staleBody) isWhole() bool {
	return b.Highest > 0
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
	switch {
	case e.Kind == ErrHeld:
		return heldError(e, a)
	case e.Kind == ErrStale:
		return staleError(e, a)
	case e.Code == "lease_broken":
		return brokenError(e, a)
	default:
		return e
	}
}

func heldError(e *Error, a answer) error {
	body, err := decoded[conflictBody](a)
	if err != nil {
		e.cause = err
		return notUnderstood(e)
	}
	if e.Code == "lock_held" && body.Lock.Holder != "" {
		e.Message = fmt.Sprintf("The lock %q is held by %s (until %s).",
			body.Lock.Name, body.Lock.Holder, body.ExpiresAt.UTC().Format(time.RFC3339))
	}
	return &HeldError{
		Lock:      body.Lock.Name,
		Holder:    body.Lock.Holder,
		HolderID:  body.HolderID,
		ExpiresAt: body.ExpiresAt,
		Metadata:  body.Metadata,
		Limit:     body.Limit,
		Position:  body.Position,
		Waiters:   body.Waiters,
		err:       e,
	}
}

func brokenError(e *Error, a answer) error {
	body, err := decoded[brokenBody](a)
	if err != nil {
		// Whatever the rest says, the lease has ended.
		return e
	}
	return &LeaseBrokenError{Reason: body.Reason, BrokenBy: body.BrokenBy, BrokenAt: body.BrokenAt, err: e}
}

func staleError(e *Error, a answer) error {
	body, err := decoded[staleBody](a)
	if err != nil {
		e.cause = err
		return notUnderstood(e)
	}
	return &StaleTokenError{Highest: body.Highest, err: e}
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
		return kindOfConflict(code)
	case 429:
		return ErrLimit
	case 502, 503, 504:
		return ErrUnavailable
	default:
		return ErrServer
	}
}

func kindOfConflict(code string) Kind {
	switch code {
	case "lock_held", "lock_queued", "lock_delayed", "limit_mismatch":
		return ErrHeld
	case "stale_fencing_token":
		return ErrStale
	case "lease_mismatch", "ambiguous_lease_id":
		return ErrValidation
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
