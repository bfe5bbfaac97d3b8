using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <content>Single requests about locks, and watches.</content>
public sealed partial class OctoStoreClient
{
    /// <summary>Acquires a lock without renewing it. Prefer <c>HoldAsync</c>.</summary>
    /// <exception cref="LockHeldException">It was still held after <see cref="LeaseOptions.Wait"/>.</exception>
    public async Task<Lease> AcquireAsync(
        string name, AcquireOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new AcquireOptions();
        var wish = new Wish(options, options.SessionId, options.LeaseId);
        Leases<Lease> leases = _locks.Of(WantedOf(name, options));
        return (await leases.AcquireAsync(wish, cancellationToken).ConfigureAwait(false)).Value;
    }

    /// <summary>
    /// Acquires several locks under one lease, without renewing it. Prefer <see cref="HoldAllAsync"/>. <see cref="Leases"/>
    /// renews and releases it.
    /// </summary>
    /// <exception cref="LockHeldException">One was still held after <see cref="LeaseOptions.Wait"/>.</exception>
    public async Task<WholeLease> AcquireAllAsync(
        IEnumerable<WantedLock> locks, AcquireAllOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(locks);
        options ??= new AcquireAllOptions();
        var wish = new Wish(options, options.SessionId, options.LeaseId);
        Leases<WholeLease> leases = _locks.OfAll(locks);
        return (await leases.AcquireAsync(wish, cancellationToken).ConfigureAwait(false)).Value;
    }

    /// <summary>Renews a lease, so that it ends that long from now: whole seconds, 1 to 3600.</summary>
    /// <exception cref="OctoStoreNotFoundException">You no longer have it.</exception>
    public async Task<Lease> RenewAsync(
        string name, string leaseId, TimeSpan ttl, CancellationToken cancellationToken = default)
    {
        var renewal = new Renewal(leaseId, ttl, WantsProof: false);
        return (await _locks.Of(name).RenewAsync(renewal, _caller.Timeout, cancellationToken).ConfigureAwait(false)).Value;
    }

    /// <summary>Releases a lease.</summary>
    /// <exception cref="OctoStoreNotFoundException">You no longer have it.</exception>
    public async Task ReleaseAsync(string name, string leaseId, CancellationToken cancellationToken = default) =>
        await _locks.Of(name).ReleaseAsync(leaseId, Limits.None, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Holds one lock of a lease in another mode, without letting go of it. Prefer <see cref="LockHandle.ConvertAsync"/>,
    /// which says what each mode needs. Returns the lease, with a new fencing token if the lock has become exclusive.
    /// </summary>
    /// <exception cref="LockHeldException">It is to be exclusive, and others hold it too.</exception>
    public async Task<Lease> ConvertAsync(
        string name, string leaseId, LockMode mode, CancellationToken cancellationToken = default) =>
        await _locks.ConvertAsync(name, leaseId, mode, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Ends the leases that hold a lock now, each with all its locks, no matter whose they are. For an hour, their holders
    /// get a <see cref="LeaseBrokenException"/>. If no one holds the lock and it is kept from everyone, it becomes
    /// available. The token must be that of an administrator, or an admin key. Not retried if its outcome is unknown.
    /// </summary>
    /// <param name="name">Name of the lock.</param>
    /// <param name="reason">Why, 1 to 256 bytes. The former holders learn of it.</param>
    /// <param name="fencingToken">The lease to end. All that hold the lock now by default.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="OctoStoreNotFoundException">There is nothing to end.</exception>
    /// <exception cref="OctoStorePermissionException">You are not an administrator.</exception>
    public async Task<LockBreak> BreakLockAsync(
        string name, string reason, long? fencingToken = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return await _locks.BreakAsync(name, reason, fencingToken, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Asks the holders of a lock to release it. Their handles learn of it when they next renew; the holders decide.
    /// </summary>
    /// <param name="name">Name of the lock.</param>
    /// <param name="message">What the holders read, at most 256 bytes.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="OctoStoreNotFoundException">No one holds the lock.</exception>
    /// <exception cref="OctoStoreLimitException">You ask more than a few times per minute.</exception>
    public async Task RequestReleaseAsync(
        string name, string? message = null, CancellationToken cancellationToken = default) =>
        await _locks.RequestReleaseAsync(name, message, cancellationToken).ConfigureAwait(false);

    /// <summary>The requests that wait for a lock, in order of arrival.</summary>
    public async Task<LockQueue> GetQueueAsync(string name, CancellationToken cancellationToken = default) =>
        await _locks.QueueAsync(name, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Gives up the place in the line of a lock, and of all other locks of its request. A place outlives its request by 15
    /// seconds. A call of this library that still waits joins the end of the line instead: to end it, cancel it.
    /// </summary>
    /// <exception cref="OctoStoreNotFoundException">You have no such place.</exception>
    public async Task LeaveQueueAsync(string name, string leaseId, CancellationToken cancellationToken = default) =>
        await _locks.LeaveQueueAsync(name, leaseId, cancellationToken).ConfigureAwait(false);

    /// <summary>The current status of a lock.</summary>
    public async Task<LockStatus> GetLockStatusAsync(string name, CancellationToken cancellationToken = default) =>
        await _locks.StatusAsync(name, cancellationToken).ConfigureAwait(false);

    /// <summary>All locks that are held, sorted by name.</summary>
    public Task<IReadOnlyList<HeldLock>> ListLocksAsync(
        ListOptions? options = null, CancellationToken cancellationToken = default) =>
        _locks.ListAsync(options ?? new ListOptions(), cancellationToken);

    /// <summary>
    /// The state of a lock, then everything that happens to it, until you break or cancel. After a disconnect, it resumes
    /// without a gap or a repeat.
    /// </summary>
    /// <exception cref="OctoStoreValidationException">It is not a lock name.</exception>
    public Watch WatchAsync(string name, CancellationToken cancellationToken = default)
    {
        Checks.Name(name);
        return WatchOf($"{Paths.Lock(name)}/watch", ReadState, cancellationToken);

        static WatchUpdate ReadState(Fields fields) => new LockStateUpdate(LockReaders.LockStatus(fields));
    }

    /// <summary>The same for all locks whose names begin with the prefix.</summary>
    public Watch WatchPrefixAsync(string prefix, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        string path = Paths.WithQuery("/watch", ("prefix", prefix));
        return WatchOf(path, ReadState, cancellationToken);

        static WatchUpdate ReadState(Fields fields) =>
            new PrefixStateUpdate(fields.Objects("locks", LockReaders.HeldLock), fields.Flag("complete"));
    }

    private Watch WatchOf(string path, Func<Fields, WatchUpdate> readState, CancellationToken cancel) =>
        new(stop => WatchRun.RunAsync(_caller, path, readState, stop), _caller.Open.Closing, cancel);
}
