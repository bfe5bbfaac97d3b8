using System;

namespace OctoStore;

/// <summary>One grant of a lock.</summary>
public sealed record Lease
{
    /// <summary>Whether the lease existed before this call.</summary>
    public required bool ExistedBefore { get; init; }

    /// <summary>Name of the lock.</summary>
    public required string Name { get; init; }

    /// <summary>Proves that you hold the lock.</summary>
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
}
