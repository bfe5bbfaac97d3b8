package octostore

import (
	"errors"
	"fmt"
	"time"
)

// Kind is the kind of an [Error]. It is an error itself, for errors.Is:
//
//	if errors.Is(err, octostore.ErrNotFound) { ... }
type Kind string

const (
	// ErrHeld means that you cannot have the lock now, and could not when the wait was over. See [HeldError].
	ErrHeld Kind = "held"
	// ErrStale means that a fence has seen a higher fencing token than yours. See [StaleTokenError].
	ErrStale Kind = "stale"
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
	// ErrLockLost means that the lock was lost while [Client.WithLock] held it. See [LockLostError].
	ErrLockLost Kind = "lost"
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

// HeldError says why you cannot have the lock now, and until when. Its Code is "lock_held" if someone else holds it,
// "lock_queued" if it is kept for clients that asked for it earlier, "lock_delayed" if it is kept from everyone for a while
// after its last lease, or "limit_mismatch" if it is in use with another limit. It wraps the [Error].
type HeldError struct {
	// Lock is the name of the lock. If you asked for several: the first that you cannot have.
	Lock string
	// Holder is the holder's login. Empty if no one holds the lock: it is kept for others, or from everyone.
	Holder string
	// HolderID is the holder's id. Empty if no one holds the lock.
	HolderID string
	// ExpiresAt is when the lease expires unless the holder renews it, by the server's clock. If no one holds the lock: how
	// long it is kept at least.
	ExpiresAt time.Time
	// Metadata is the holder's note. Empty if there is none.
	Metadata string
	// Limit is the limit that the lock has now. Only with "limit_mismatch"; otherwise 0.
	Limit int
	// Position is your place in line when your wait ended, from 1. 0 if you have not waited.
	Position int
	// Waiters is how many requests are still waiting for the lock. Only after a wait.
	Waiters int

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

// StaleTokenError says that a fence has seen a higher fencing token than yours. A later lease has used the resource, so stop. It
// wraps an [Error] of the kind [ErrStale].
type StaleTokenError struct {
	// Highest is the highest token that the fence has seen.
	Highest int64

	err *Error
}

// Error returns the message.
func (e *StaleTokenError) Error() string {
	return e.err.Error()
}

// Unwrap returns the [Error] with the other details.
func (e *StaleTokenError) Unwrap() error {
	return e.err
}

// LeaseBrokenError says who ended a lease that was not theirs, and why. It wraps an [Error] of the kind [ErrNotFound].
type LeaseBrokenError struct {
	// Reason is what they gave as the reason.
	Reason string
	// BrokenBy is the login of the user who broke it, or "administrator".
	BrokenBy string
	// BrokenAt is when, by the server's clock.
	BrokenAt time.Time

	err *Error
}

// Error returns the message.
func (e *LeaseBrokenError) Error() string {
	return e.err.Error()
}

// Unwrap returns the [Error] with the other details.
func (e *LeaseBrokenError) Unwrap() error {
	return e.err
}

// because is the reason of the loss of a lock.
func (e *LeaseBrokenError) because(what string, facts *Error) error {
	who := e.BrokenBy
	if who == "administrator" {
		who = "an administrator"
	}
	facts.Message = fmt.Sprintf("%s is lost: %s broke it (%q)", what, who, e.Reason)
	return &LeaseBrokenError{Reason: e.Reason, BrokenBy: e.BrokenBy, BrokenAt: e.BrokenAt, err: facts}
}

// LockLostError is what [Client.WithLock] returns if the lock was lost while its function ran: someone else may have held it
// meanwhile. It wraps an [Error] of the kind [ErrLockLost] and the reason of the loss, an [ErrNotFound].
type LockLostError struct {
	// Lock is the name of the lock. If there were several: of the first.
	Lock string

	err *Error
}

// Error returns the message.
func (e *LockLostError) Error() string {
	return e.err.Error()
}

// Unwrap returns the [Error] with the other details.
func (e *LockLostError) Unwrap() error {
	return e.err
}

func lockLostError(name string, why error) error {
	facts := Error{}
	var known *Error
	if errors.As(why, &known) {
		facts = *known
	}
	facts.Kind = ErrLockLost
	facts.Message += ". This was while its function ran, so someone else may have held it meanwhile."
	facts.cause = why
	return &LockLostError{Lock: name, err: &facts}
}

func validationError(message string) error {
	return &Error{Kind: ErrValidation, Message: message}
}
