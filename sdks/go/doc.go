// Package octostore is the Go client for OctoStore: distributed locks, leader election and sessions, with fencing tokens.
//
// Create one [Client] and share it. [Client.Hold] and [Client.WithLock] hold a lock and renew it in the background,
// [Client.Elect] leads while it holds one, [Client.OpenSession] opens a session whose locks end with it, and
// [Client.Watch] streams what happens to a lock.
//
// # Loss
//
// No lock service can promise that you keep a lock: the network may fail for longer than the lease lasts. So the context
// of a [Lock], and the one that [Client.WithLock] and [Client.Elect] pass on, is cancelled before anyone else can get the
// lock, with the reason as its [context.Cause]. [Lock.FencingToken] protects you from work that continues anyway.
//
// The client counts leases on a monotonic clock that also counts the time for which the machine was suspended: CLOCK_BOOTTIME on
// Linux. Elsewhere, it compares the wall clock with the monotonic one, and counts what the wall clock has gained.
//
// # Errors
//
// Errors are of the type *[Error], apart from those of a context that you cancelled, for which errors.Is finds
// [context.Canceled] or [context.DeadlineExceeded]. Use errors.Is with a [Kind], such as [ErrNotFound], and errors.As to
// get the *[Error], the *[HeldError] if someone else holds the lock, or the *[LockLostError] if it was lost.
//
// # Retries
//
// If a call fails with an error that may be temporary, or its outcome is unknown, the client retries it up to three
// times, where that is safe. An acquire that waits goes on for as long as its wait lasts. If an acquire ends while its outcome is unknown, the client releases the lock in the
// background, so that it does not stay held with no one using it.
package octostore
