using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>Your leases by their ids. <see cref="LeaseApi"/> is the real one.</summary>
public interface ILeaseApi
{
    /// <summary>A lease with all its locks.</summary>
    Task<WholeLease> GetAsync(string leaseId, CancellationToken cancellationToken = default);

    /// <summary>Renews a lease with all its locks, so that it ends that long from now: whole seconds, 1 to 3600.</summary>
    Task<WholeLease> RenewAsync(
        string leaseId, TimeSpan ttl, bool wantsProof = false, CancellationToken cancellationToken = default);

    /// <summary>Releases all locks of a lease.</summary>
    Task ReleaseAsync(string leaseId, CancellationToken cancellationToken = default);
}
