using System;
using System.Collections.Generic;

namespace OctoStore;

/// <summary>The current status of a lock.</summary>
public sealed record LockStatus
{
    /// <summary>Name of the lock.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The fencing token of the current grant. If the lock is free, the highest issued so far, for any lock.
    /// </summary>
    public required long FencingToken { get; init; }

    /// <summary>Number of requests waiting for the lock.</summary>
    public required long Waiters { get; init; }

    /// <summary>
    /// The holder, and when its lease ends. If several leases hold the lock, the one that was granted first.
    /// Null if no one holds it.
    /// </summary>
    public required HeldLock? Held { get; init; }

    /// <summary>
    /// When someone can have it, by the server's clock, if no one holds it but it is kept from everyone for a while.
    /// Otherwise null.
    /// </summary>
    public DateTimeOffset? AvailableAt { get; init; }

    /// <summary>Number of leases that hold the lock.</summary>
    public long HolderCount { get; init; }

    /// <summary>The first 100 leases that hold the lock, in the order in which they were granted.</summary>
    public IReadOnlyList<LockHolder> Holders { get; init; } = [];

    /// <summary>How many permits its leases have together. Null unless the lock is counted.</summary>
    public int? PermitsInUse { get; init; }
}
