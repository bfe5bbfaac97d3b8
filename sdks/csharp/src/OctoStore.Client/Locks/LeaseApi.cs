using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// Your leases by their ids, whatever they lock. Each call throws <see cref="OctoStoreNotFoundException"/> if you have no
/// such lease, and <see cref="OctoStoreValidationException"/> with the code <c>ambiguous_lease_id</c> if you have chosen one
/// id for several.
/// </summary>
public sealed class LeaseApi : ILeaseApi
{
    private readonly Caller _caller;
    private readonly Leases<WholeLease> _leases;

    internal LeaseApi(Caller caller)
    {
        _caller = caller;
        _leases = new Leases<WholeLease>(caller, new RoutesOfLocks());
    }

    /// <inheritdoc/>
    public async Task<WholeLease> GetAsync(string leaseId, CancellationToken cancellationToken = default) =>
        await _caller.ReadAsync(Paths.Lease(leaseId), LockReaders.WholeLease, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<WholeLease> RenewAsync(
        string leaseId, TimeSpan ttl, bool wantsProof = false, CancellationToken cancellationToken = default)
    {
        var renewal = new Renewal(leaseId, ttl, wantsProof);
        return (await _leases.RenewAsync(renewal, _caller.Timeout, cancellationToken).ConfigureAwait(false)).Value;
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(string leaseId, CancellationToken cancellationToken = default) =>
        _leases.ReleaseAsync(leaseId, Limits.None, cancellationToken);
}
