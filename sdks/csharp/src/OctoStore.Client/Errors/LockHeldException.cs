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
    internal LockHeldException(string message, ErrorFacts facts)
        : base(message, facts, null)
    {
    }

    /// <summary>Name of the lock.</summary>
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
}
