package octostore

import (
	"errors"
	"time"
)

// Kind says what sort of error an [Error] is. It is an error itself, for errors.Is:
//
//	if errors.Is(err, octostore.ErrNotFound) { ... }
type Kind string

const (
	// ErrHeld says that somebody else holds the lock, and still did when the wait was over. See [HeldError].
	ErrHeld Kind = "held"
	// ErrAuthentication says that the token is missing, mistyped, rotated or revoked.
	ErrAuthentication Kind = "authentication"
	// ErrValidation says that the request is not valid: the library has refused it before sending, or the server has.
	ErrValidation Kind = "validation"
	// ErrNotFound says that the lease, session, webhook or delivery does not exist, no longer exists, or is not yours.
	ErrNotFound Kind = "not_found"
	// ErrLimit says that you have as many locks, sessions or webhooks as allowed, or ask too often.
	ErrLimit Kind = "limit"
	// ErrPermission says that you may not do that.
	ErrPermission Kind = "permission"
	// ErrUnavailable says that the server cannot do it now, also not after some repeats.
	ErrUnavailable Kind = "unavailable"
	// ErrServer says that the answer is an error and none of the others, or cannot be understood.
	ErrServer Kind = "server"
	// ErrNetwork says that there was no connection, or that it broke before the whole answer had come.
	ErrNetwork Kind = "network"
	// ErrTimeout says that the whole answer did not come within [ClientOptions].Timeout.
	ErrTimeout Kind = "timeout"
	// ErrSignature says that a webhook message was not signed with the secret, or not just now.
	ErrSignature Kind = "signature"
)

// Error makes a Kind the target of errors.Is.
func (k Kind) Error() string {
	return "octostore: " + string(k)
}

// ErrClosed is what [Lock.Err] and [Session.Err] return once the lock was released, or the session ended, by its own
// program.
var ErrClosed = errors.New("octostore: closed")

// Error is what every call returns that fails, unless its context was cancelled.
type Error struct {
	// Kind says what sort of error it is.
	Kind Kind
	// Message is for people.
	Message string
	// Code is the server's stable code, such as "lock_not_found"; empty if there is none.
	Code string
	// Status is the HTTP status; 0 if there was no answer.
	Status int
	// RequestID finds the request in the server's log; empty if it is not known.
	RequestID string
	// RetryAfter is how long to wait before trying again; 0 if the server did not say.
	RetryAfter time.Duration

	cause error
	// unsent says that the request cannot have reached the server.
	unsent bool
}

// Error returns the message.
func (e *Error) Error() string {
	return "octostore: " + e.Message
}

// Is reports whether target is the error's [Kind].
func (e *Error) Is(target error) bool {
	return target == error(e.Kind)
}

// Unwrap returns the cause; nil if there is none.
func (e *Error) Unwrap() error {
	return e.cause
}

// HeldError says who holds the lock that could not be had. It wraps the [Error].
type HeldError struct {
	// Holder is the login of the holder.
	Holder string
	// HolderID is the id of the holder.
	HolderID string
	// ExpiresAt is when the lock comes free if its holder does nothing, by the server's clock.
	ExpiresAt time.Time
	// Metadata is the note of the holder; empty if there is none.
	Metadata string

	err *Error
}

// Error returns the message.
func (e *HeldError) Error() string {
	return e.err.Error()
}

// Unwrap returns the [Error] with the rest of what is known.
func (e *HeldError) Unwrap() error {
	return e.err
}

func validationError(message string) error {
	return &Error{Kind: ErrValidation, Message: message}
}
