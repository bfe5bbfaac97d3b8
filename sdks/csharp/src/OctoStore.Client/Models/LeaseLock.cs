using System.Collections.Generic;

namespace OctoStore;

/// <summary>One lock of a lease, and how the lease holds it.</summary>
public sealed record LeaseLock
{
    /// <summary>Name of the lock.</summary>
    public required string Name { get; init; }

    /// <summary>How the lease holds it.</summary>
    public LockMode Mode { get; init; }

    /// <summary>How many permits the lock has. Null unless it is counted.</summary>
    public int? Limit { get; init; }

    /// <summary>How many permits the lease has. Null unless the lock is counted.</summary>
    public int? Permits { get; init; }

    /// <summary>
    /// The numbers of these permits, from 0 to one less than the limit, which no other lease has. Empty unless the lock is
    /// counted.
    /// </summary>
    public IReadOnlyList<int> Slots { get; init; } = [];
}
