// Package octostore is the Go client of OctoStore: distributed locks, leader election and sessions, with fencing tokens.
//
// A [Client] is made once and shared. [Client.Hold] and [Client.WithLock] hold a lock and renew it in the background,
// [Client.Elect] leads while it holds one, [Client.OpenSession] opens a session that its locks end with, and
// [Client.Watch] tells what happens to a lock.
//
// # Loss
//
// No lock service can promise that a lock is kept: the network may fail for longer than its lease lasts. So the context
// of a [Lock], and the one that [Client.WithLock] and [Client.Elect] pass on, is cancelled before anybody else can get the
// lock, with the reason as its [context.Cause]. Work that goes on regardless is what [Lock.FencingToken] is for.
//
// Leases are counted on the monotonic clock, as [time.Now] reads it. On most systems it stands still while the machine is
// suspended, so that a laptop that wakes up may believe for some moments that it still has a lock. Nothing but the
// fencing token protects from that.
//
// # Errors
//
// Errors are of the type *[Error], apart from those of a context that the caller cancelled, for which errors.Is finds
// [context.Canceled] or [context.DeadlineExceeded]. Ask errors.Is for a [Kind], such as [ErrNotFound], and errors.As for
// the *[Error] or, of a lock that somebody else holds, the *[HeldError].
//
// # Repeats
//
// A call that failed for the moment, or whose outcome is unknown, is repeated up to three times where that is safe. An
// acquire that is given up while its outcome is unknown is followed by a release in the background, so that no lock is
// held by nobody.
package octostore
