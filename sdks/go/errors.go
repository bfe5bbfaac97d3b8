package octostore

import (
	"errors"
	"time"
)

// Kind is the kind of an [Error]. It is an error itself, for errors.Is:
//
//	if errors.Is(err, octostore.ErrNotFound) { ... }
//	if errors.Is(err, octostore.ErrNotFound) { ... }
type Kind string

const (
	// ErrHeld means that someone else holds the lock, and still did when the wait was over. See [HeldError].
	ErrHeld Kind = "held"
	// ErrAuthentication means that the token is missing, mistyped, rotated or revoked.
	ErrAuthentication Kind = "authentication"
	// ErrValidation means that the request is not valid. The library refused it before sending, or the server did.
	ErrValidation Kind = "validation"
	// ErrNotFound means that the lease, session, webhook or delivery does not exist, no longer exists, or is not yours.
	ErrNotFound Kind = "not_found"
	// ErrLimit means that you have reached a limit of locks, sessions or webhooks, or send requests too often.
	ErrLimit Kind = "limit"
	// ErrPermission means that you are not allowed to do this.
	ErrPermission Kind = "permission"
	// ErrUnavailable means that the server cannot handle the request now, and retries did not help.
	ErrUnavailable Kind = "unavailable"
	// ErrServer means any other unsuccessful response, or one that cannot be read.
	ErrServer Kind = "server"
	// ErrNetwork means that there was no connection, or that it broke before the whole response arrived.
	ErrNetwork Kind = "network"
	// ErrTimeout means that the whole response did not arrive within [ClientOptions].Timeout.
	ErrTimeout Kind = "timeout"
	// ErrSignature means that a webhook delivery was not signed with the secret, or its timestamp is too far off.
	ErrSignature Kind = "signature"
)

// Error makes a Kind usable as the target of errors.Is.
func (k Kind) Error() string {
	return "octostore: " + string(k)
}

// ErrClosed is what [Lock.Err] and [Session.Err] return once you have released the lock or ended the session.
var ErrClosed = errors.New("octostore: closed")

// Error is what every failing call returns, unless its context was cancelled.
type Error struct {
	// Kind is the kind of the error.
	Kind Kind
	// Message is for people.
	Message string
	// Code is the server's stable code, such as "lock_not_found". Empty if there is none.
	Code string
	// Status is the HTTP status. 0 if there was no response.
	Status int
	// RequestID identifies the request in the server's log. Empty if unknown.
	RequestID string
	// RetryAfter is how long to wait before trying again. 0 if the server did not say.
	RetryAfter time.Duration

	cause error
	// unsent means that the request cannot have reached the server.
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

// Unwrap returns the cause, or nil if there is none.
func (e *Error) Unwrap() error {
	return e.cause
}

// HeldError says who holds the lock. It wraps the [Error].
type HeldError struct {
	// Holder is the holder's login.
	Holder string
	// HolderID is the holder's id.
	HolderID string
	// ExpiresAt is when the lease expires unless the holder renews it, by the server's clock.
	ExpiresAt time.Time
	// Metadata is the holder's note. Empty if there is none.
	Metadata string

	err *Error
}

// Error returns the message.
func (e *HeldError) Error() string {
	return e.err.Error()
}

// Unwrap returns the [Error] with the other details.
func (e *HeldError) Unwrap() error {
	return e.err
}

func validationError(message string) error {
	return &Error{Kind: ErrValidation, Message: message}
}
