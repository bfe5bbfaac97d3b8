using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// A lock that you hold. It is renewed in the background until it is released or lost. Disposing it releases the lock and
/// never fails: ask <see cref="KeptHandle.IsLost"/> first, or use <c>WithLockAsync</c>, which throws if the lock was lost.
/// </summary>
public sealed class LockHandle : KeptHandle
{
    private LockHandle(LockApi api, Lease lease, HoldOptions options, Renewable thing)
        : base(thing, limits => api.ReleaseAsync(lease.Name, lease.LeaseId, limits, CancellationToken.None), api.Open)
    {
        Name = lease.Name;
        LeaseId = lease.LeaseId;
        FencingToken = lease.FencingToken;
        Session = options.Session;
    }

    /// <summary>Name of the lock.</summary>
    public string Name { get; }

    /// <summary>Proves that you hold the lock.</summary>
    public string LeaseId { get; }

    /// <summary>
    /// Send it with every write to what the lock protects, which must refuse any token lower than the highest it has seen.
    /// </summary>
    public long FencingToken { get; }

    /// <summary>The session that the lock is tied to, if any.</summary>
    public SessionHandle? Session { get; }

    /// <summary>
    /// Releases the lock, in no more time than what is left of the lease. Throws if the server cannot be reached, but not if
    /// the lock was already lost.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; the lock is still released.</param>
    /// <exception cref="OctoStoreException">
    /// The server could not be reached. The lease then expires on its own.
    /// </exception>
    public Task ReleaseAsync(CancellationToken cancellationToken = default) => GiveUpAsync(cancellationToken);

    /// <summary>For logs and debugging, without the lease id.</summary>
    public override string ToString() => $"LockHandle({Name}, fencing token {FencingToken}, {LeftText})";

    /// <summary>Acquires a lock and keeps renewing it.</summary>
    /// <param name="api">The routes of locks.</param>
    /// <param name="name">Name of the lock.</param>
    /// <param name="options">How to hold it.</param>
    /// <param name="isBrief">Whether an acquire that is given up makes only one short attempt to release the lease.</param>
    /// <param name="cancel">Cancels the acquire.</param>
    internal static async Task<LockHandle> OpenAsync(
        LockApi api, string name, HoldOptions options, bool isBrief, CancellationToken cancel)
    {
        var acquire = new AcquireOptions
        {
            Ttl = options.Ttl,
            Wait = options.Wait,
            WaitSlice = options.WaitSlice,
            Metadata = options.Metadata,
            SessionId = options.Session?.SessionId,
        };
        Result<Lease> granted = await api.AcquireAsync(name, acquire, isBrief, cancel).ConfigureAwait(false);
        (Lease lease, Instant provedAt) = await FreshenAsync(api, granted, options.Ttl, cancel).ConfigureAwait(false);
        return new LockHandle(api, lease, options, new Renewable
        {
            What = $"the lock {lease.Name}",
            Ttl = options.Ttl,
            ProvedAt = provedAt,
            Timeout = api.Timeout,
            Servers = api.Servers,
            RenewAsync = RenewerOf(api, lease, options.Ttl),
            Within = options.Session?.Keeper,
        });
    }

    private static Func<Sending, Task<Instant>> RenewerOf(LockApi api, Lease lease, TimeSpan ttl) =>
        sending => api.RenewOnceAsync(lease.Name, lease.LeaseId, ttl, sending);

    /// <summary>
    /// The lease began some time after its request was sent. If that was long ago, this renews it and counts from the
    /// renewal.
    /// </summary>
    private static async Task<Result<Lease>> FreshenAsync(
        LockApi api, Result<Lease> granted, TimeSpan ttl, CancellationToken cancel)
    {
        (Lease lease, Instant sentAt) = granted;
        if (Instant.Now - sentAt < ttl / Rules.RenewalsPerTtl) return granted;
        try
        {
            TimeSpan timeout = Keeper.RenewalTimeoutOf(ttl, api.Timeout);
            return await api.RenewAsync(lease.Name, lease.LeaseId, ttl, timeout, cancel).ConfigureAwait(false);
        }
        catch
        {
            api.ReleaseInBackground(lease.Name, lease.LeaseId, Limits.None);
            throw;
        }
    }
}
