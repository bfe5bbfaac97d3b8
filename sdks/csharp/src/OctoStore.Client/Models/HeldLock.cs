using System;

namespace OctoStore;

/// <summary>A lock that is held.</summary>
public sealed record HeldLock
{
    /// <summary>Name of the lock.</summary>
    public required string Name { get; init; }

    /// <summary>Only set if the lock is yours.</summary>
    public required string? LeaseId { get; init; }

    /// <summary>The fencing token of the current grant.</summary>
    public required long FencingToken { get; init; }

    /// <summary>When the lease expires unless it is renewed, by the server's clock.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Login of the holder.</summary>
    public required string Holder { get; init; }

    /// <summary>Id of the holder.</summary>
    public required string HolderId { get; init; }

    /// <summary>The holder's note.</summary>
    public required string? Metadata { get; init; }
}
