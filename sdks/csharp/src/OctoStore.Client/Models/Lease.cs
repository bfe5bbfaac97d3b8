using System;
using System.Collections.Generic;

namespace OctoStore;

/// <summary>What every lease of yours has, whatever it locks.</summary>
public abstract record LeaseFacts
{
    private protected LeaseFacts()
    {
    }

    /// <summary>Whether the lease existed before this call.</summary>
    public required bool ExistedBefore { get; init; }

    /// <summary>Proves that the lease is yours.</summary>
    public required string LeaseId { get; init; }

    /// <summary>Higher than that of every earlier grant, of any lock.</summary>
    public required long FencingToken { get; init; }

    /// <summary>When the lease expires unless it is renewed, by the server's clock.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Login of the holder.</summary>
    public required string Holder { get; init; }

    /// <summary>Id of the holder.</summary>
    public required string HolderId { get; init; }

    /// <summary>The holder's note.</summary>
    public required string? Metadata { get; init; }

    /// <summary>
    /// Shows others that you hold the locks, until it expires: a JSON Web Token. Null unless you have asked for one.
    /// </summary>
    public string? Proof { get; init; }

    /// <summary>The latest request to release one of its locks. Only after a renewal.</summary>
    public ReleaseRequest? ReleaseRequested { get; init; }

    /// <summary>All locks of the lease, in the order in which you asked for them.</summary>
    public abstract IReadOnlyList<LeaseLock> Locks { get; init; }
}

/// <summary>One grant of a lock.</summary>
public sealed record Lease : LeaseFacts
{
    private readonly IReadOnlyList<LeaseLock>? _locks;

    /// <summary>Name of the lock.</summary>
    public required string Name { get; init; }

    /// <inheritdoc cref="LeaseLock.Mode"/>
    public LockMode Mode { get; init; }

    /// <inheritdoc cref="LeaseLock.Limit"/>
    public int? Limit { get; init; }

    /// <inheritdoc cref="LeaseLock.Permits"/>
    public int? Permits { get; init; }

    /// <inheritdoc cref="LeaseLock.Slots"/>
    public IReadOnlyList<int> Slots { get; init; } = [];

    /// <inheritdoc/>
    public override IReadOnlyList<LeaseLock> Locks
    {
        get => _locks ?? [new LeaseLock { Name = Name, Mode = Mode, Limit = Limit, Permits = Permits, Slots = Slots }];
        init => _locks = value;
    }
}

/// <summary>A lease with all its locks.</summary>
public sealed record WholeLease : LeaseFacts
{
    /// <inheritdoc/>
    public override required IReadOnlyList<LeaseLock> Locks { get; init; }

    /// <summary>The session that the lease is tied to, if there is one.</summary>
    public string? SessionId { get; init; }
}
