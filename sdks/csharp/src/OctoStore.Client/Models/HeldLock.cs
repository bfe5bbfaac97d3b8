using System;
using System.Collections.Generic;

namespace OctoStore;

/// <summary>A lock that is held, and one of its leases.</summary>
public sealed record HeldLock
{
    /// <summary>Name of the lock.</summary>
    public required string Name { get; init; }

    /// <summary>Only set if the lease is yours.</summary>
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

    /// <inheritdoc cref="LeaseLock.Mode"/>
    public LockMode Mode { get; init; }

    /// <inheritdoc cref="LeaseLock.Limit"/>
    public int? Limit { get; init; }

    /// <inheritdoc cref="LeaseLock.Permits"/>
    public int? Permits { get; init; }

    /// <inheritdoc cref="LeaseLock.Slots"/>
    public IReadOnlyList<int> Slots { get; init; } = [];
}

/// <summary>One of the leases that hold a lock.</summary>
public sealed record LockHolder
{
    /// <inheritdoc cref="HeldLock.LeaseId"/>
    public required string? LeaseId { get; init; }

    /// <inheritdoc cref="HeldLock.FencingToken"/>
    public required long FencingToken { get; init; }

    /// <inheritdoc cref="HeldLock.ExpiresAt"/>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <inheritdoc cref="HeldLock.Holder"/>
    public required string Holder { get; init; }

    /// <inheritdoc cref="HeldLock.HolderId"/>
    public required string HolderId { get; init; }

    /// <inheritdoc cref="HeldLock.Metadata"/>
    public required string? Metadata { get; init; }

    /// <inheritdoc cref="LeaseLock.Slots"/>
    public IReadOnlyList<int> Slots { get; init; } = [];
}
