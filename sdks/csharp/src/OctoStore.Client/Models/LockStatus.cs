using System;

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

    /// <summary>Who holds it, and until when. Null if no one does.</summary>
    public required HeldLock? Held { get; init; }

    /// <summary>
    /// When someone can have it, by the server's clock, if no one holds it but it is kept from everyone for a while.
    /// Otherwise null.
    /// </summary>
    public DateTimeOffset? AvailableAt { get; init; }
}
