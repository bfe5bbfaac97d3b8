using System;

namespace OctoStore;

/// <summary>Someone else holds the lock, and still did when the wait was over.</summary>
public sealed class LockHeldException : OctoStoreException
{
    internal LockHeldException(string message, ErrorFacts facts)
        : base(message, facts, null)
    {
    }

    /// <summary>Login of the holder.</summary>
    public required string Holder { get; init; }

    /// <summary>Id of the holder.</summary>
    public required string HolderId { get; init; }

    /// <summary>When the lease expires unless the holder renews it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The holder's note.</summary>
    public required string? Metadata { get; init; }
}
