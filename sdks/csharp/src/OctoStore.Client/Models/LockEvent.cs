using System;

namespace OctoStore;

/// <summary>The kind of an event.</summary>
public enum LockEventType
{
    /// <summary>Someone acquired it.</summary>
    Acquired,

    /// <summary>Its holder released it.</summary>
    Released,

    /// <summary>Its holder renewed it.</summary>
    Renewed,

    /// <summary>Its lease expired.</summary>
    Expired,
}

/// <summary>Something that happened to a lock.</summary>
public sealed record LockEvent
{
    /// <summary>What happened.</summary>
    public required LockEventType Type { get; init; }

    /// <summary>Name of the lock.</summary>
    public required string Lock { get; init; }

    /// <summary>Id of the holder. Null if the lock was released or has expired.</summary>
    public required string? HolderId { get; init; }

    /// <summary>The fencing token of the grant. Null if the lock was released or has expired.</summary>
    public required long? FencingToken { get; init; }

    /// <summary>When it happened, by the server's clock.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Strictly increasing across all locks.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the lease expires. Only set when the lock was acquired or renewed.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The holder's note. Only set when the lock was acquired or renewed.</summary>
    public required string? Metadata { get; init; }

    /// <summary>Login of the holder. In watches, only set when the lock was acquired or renewed.</summary>
    public required string? Holder { get; init; }
}
