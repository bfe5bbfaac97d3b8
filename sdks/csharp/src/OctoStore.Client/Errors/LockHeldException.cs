using System;

namespace OctoStore;

/// <summary>Somebody else holds the lock, and still did when the wait was over.</summary>
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

    /// <summary>When the lock comes free if its holder does nothing.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What the holder has noted at the lock.</summary>
    public required string? Metadata { get; init; }
}
