using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>A lock that you hold, or several under one lease. <see cref="LockHandle"/> is the real one.</summary>
public interface ILockHandle : IKeptHandle
{
    /// <summary>Name of the lock. If you hold several: of the first.</summary>
    string Name { get; }

    /// <summary>All locks that you hold, in the order in which you asked for them.</summary>
    IReadOnlyList<LeaseLock> Locks { get; }

    /// <summary>The numbers of your permits, if the lock is counted. If you hold several locks: of the first.</summary>
    IReadOnlyList<int> Slots { get; }

    /// <summary>Proves that you hold the lock.</summary>
    string LeaseId { get; }

    /// <summary>
    /// Send it with every write to what the lock protects, which must refuse any token lower than the highest it has seen.
    /// It changes only if you convert a lock to <see cref="LockMode.Exclusive"/>.
    /// </summary>
    long FencingToken { get; }

    /// <summary>The proof of the lease, if you have asked for one. Each renewal replaces it, so do not keep it.</summary>
    string? Proof { get; }

    /// <summary>The latest request of someone else to release a lock that you hold, as of the last renewal.</summary>
    ReleaseRequest? ReleaseRequested { get; }

    /// <summary>The session that the lock is tied to, if any.</summary>
    ISessionHandle? Session { get; }

    /// <summary>
    /// Holds a lock in another mode, without letting go of it. If you already do, nothing changes.
    /// <see cref="LockMode.Shared"/> always succeeds, and lets waiting readers in. <see cref="LockMode.Exclusive"/> succeeds
    /// only if no one else holds the lock, ahead of everyone in line; you then get a new <see cref="FencingToken"/>, for all
    /// locks of the handle. If the outcome is unknown, the next renewal updates <see cref="Locks"/>.
    /// </summary>
    /// <param name="mode">Not <see cref="LockMode.Counted"/>.</param>
    /// <param name="name">The lock, if you hold several. The first by default.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="LockHeldException">It is to be exclusive, and others hold it too. There is no wait.</exception>
    /// <exception cref="OctoStoreValidationException">The lock is counted, or the handle does not hold it.</exception>
    /// <exception cref="OctoStoreNotFoundException">It is lost.</exception>
    Task ConvertAsync(LockMode mode, string? name = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Releases every lock, in no more time than what is left of the lease. Throws if the server cannot be reached, but not
    /// if the lock was already lost.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; the lock is still released.</param>
    /// <exception cref="OctoStoreException">
    /// The server could not be reached. The lease then expires on its own.
    /// </exception>
    Task ReleaseAsync(CancellationToken cancellationToken = default);
}
