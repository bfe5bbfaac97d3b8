using System;

namespace OctoStore;

/// <summary>How to acquire a lock.</summary>
public sealed class AcquireOptions
{
    /// <summary>How long the lease lasts: whole seconds, from 1 to 3600; 60 by default.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(Rules.TtlSecondsDefault);

    /// <summary>
    /// How long to wait in line if somebody else has the lock: not at all by default, and as long as you like;
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for ever.
    /// </summary>
    public TimeSpan Wait { get; init; }

    /// <summary>A note of at most 1024 bytes that everybody who looks at the lock sees.</summary>
    public string? Metadata { get; init; }

    /// <summary>Ties the lease to a session.</summary>
    public string? SessionId { get; init; }

    /// <summary>The id that the lease shall have, a UUID; a new one by default.</summary>
    public string? LeaseId { get; init; }
}
