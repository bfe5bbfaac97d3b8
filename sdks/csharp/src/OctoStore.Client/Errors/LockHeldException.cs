using System;

namespace OctoStore;

/// <summary>
/// You cannot have the lock now, and could not when the wait was over. <see cref="OctoStoreException.Code"/> says why:
/// <c>lock_held</c> if someone else holds it, <c>lock_queued</c> if it is kept for clients that asked for it earlier,
/// <c>lock_delayed</c> if it is kept from everyone for a while after its last lease, <c>limit_mismatch</c> if it is in use
/// with another limit.
/// </summary>
public sealed class LockHeldException : OctoStoreException
{
    /// <summary>Creates one, for tests.</summary>
    public LockHeldException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    internal LockHeldException(string message, ErrorFacts facts)
        : base(message, facts, null)
    {
    }

    /// <summary>Name of the lock. If you asked for several: of the first that you cannot have.</summary>
    public required string Lock { get; init; }

    /// <summary>Login of the holder. Null if no one holds the lock: it is kept for others, or from everyone.</summary>
    public required string? Holder { get; init; }

    /// <summary>Id of the holder. Null if no one holds the lock.</summary>
    public required string? HolderId { get; init; }

    /// <summary>
    /// When the lease expires unless the holder renews it. If no one holds the lock: how long it is kept at least.
    /// </summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The holder's note.</summary>
    public required string? Metadata { get; init; }

    /// <summary>The limit that the lock has now. Only with <c>limit_mismatch</c>.</summary>
    public int? Limit { get; init; }

    /// <summary>Your place in line when your wait ended, from 1. Only after a wait.</summary>
    public int? Position { get; init; }

    /// <summary>How many requests are still waiting for the lock. Only after a wait.</summary>
    public int? Waiters { get; init; }
}
