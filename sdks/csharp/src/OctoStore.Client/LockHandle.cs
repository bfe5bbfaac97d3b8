using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// A lock that you hold. It is renewed in the background until it is released or lost. Disposing it releases the lock and
/// never fails.
/// </summary>
public sealed class LockHandle : KeptHandle
{
    private readonly LockApi _api;

    private LockHandle(LockApi api, Lease lease, Renewable thing)
        : base(thing)
    {
        _api = api;
        Name = lease.Name;
        LeaseId = lease.LeaseId;
        FencingToken = lease.FencingToken;
    }

    /// <summary>Name of the lock.</summary>
    public string Name { get; }

    /// <summary>Proves that you hold the lock.</summary>
    public string LeaseId { get; }

    /// <summary>
    /// Send it with every write to what the lock protects, which must refuse any token lower than the highest it has seen.
    /// </summary>
    public long FencingToken { get; }

    /// <summary>Releases the lock. Throws if the server cannot be reached, but not if the lock was already lost.</summary>
    /// <param name="cancellationToken">Ends the wait; the lock is still released.</param>
    /// <exception cref="OctoStoreException">
    /// The server could not be reached. The lease then expires on its own.
    /// </exception>
    public Task ReleaseAsync(CancellationToken cancellationToken = default) => GiveUpAsync(cancellationToken);

    /// <summary>Acquires a lock and keeps renewing it.</summary>
    /// <param name="api">The routes of locks.</param>
    /// <param name="name">Name of the lock.</param>
    /// <param name="options">How to hold it.</param>
    /// <param name="timeout">Timeout of one attempt at a renewal.</param>
    /// <param name="cancel">Cancels the acquire.</param>
    internal static async Task<LockHandle> OpenAsync(
        LockApi api, string name, HoldOptions options, TimeSpan timeout, CancellationToken cancel)
    {
        var acquire = new AcquireOptions
        {
            Ttl = options.Ttl,
            Wait = options.Wait,
            Metadata = options.Metadata,
            SessionId = options.Session?.SessionId,
        };
        Result<Lease> granted = await api.AcquireAsync(name, acquire, cancel).ConfigureAwait(false);
        (Lease lease, Instant provedAt) = await FreshenAsync(api, granted, options.Ttl, cancel).ConfigureAwait(false);
        return new LockHandle(api, lease, new Renewable
        {
            Ttl = options.Ttl,
            ProvedAt = provedAt,
            Timeout = timeout,
            RenewAsync = stop => api.RenewOnceAsync(lease.Name, lease.LeaseId, options.Ttl, stop),
            Within = options.Session?.Keeper,
        });
    }

    private protected override Task TellAsync() => _api.ReleaseAsync(Name, LeaseId, CancellationToken.None);

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
            return await api.RenewAsync(lease.Name, lease.LeaseId, ttl, cancel).ConfigureAwait(false);
        }
        catch
        {
            api.ReleaseInBackground(lease.Name, lease.LeaseId);
            throw;
        }
    }
}
