using System;

namespace OctoStore;

/// <summary>What can happen to a lock.</summary>
public enum LockEventType
{
    /// <summary>Somebody has got it.</summary>
    Acquired,

    /// <summary>Its holder has given it up.</summary>
    Released,

    /// <summary>Its holder has made its lease longer.</summary>
    Renewed,

    /// <summary>Its lease has ended by itself.</summary>
    Expired,
}

/// <summary>What happened to a lock.</summary>
public sealed record LockEvent
{
    /// <summary>What it was.</summary>
    public required LockEventType Type { get; init; }

    /// <summary>Name of the lock.</summary>
    public required string Lock { get; init; }

    /// <summary>Id of the holder; null once the lock is released or expired.</summary>
    public required string? HolderId { get; init; }

    /// <summary>That of the grant; null once the lock is released or expired.</summary>
    public required long? FencingToken { get; init; }

    /// <summary>When it happened, by the server's clock.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Increases strictly over all locks.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the lease ends; of a lock that was acquired or renewed only.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What the holder has noted; of a lock that was acquired or renewed only.</summary>
    public required string? Metadata { get; init; }

    /// <summary>Login of the holder; in watches, of a lock that was acquired or renewed only.</summary>
    public required string? Holder { get; init; }
}
