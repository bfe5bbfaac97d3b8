using System;

namespace OctoStore;

/// <summary>Options for acquiring a lock.</summary>
public sealed class AcquireOptions
{
    /// <summary>How long the lease lasts, in whole seconds, 1 to 3600; 60 by default.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(Rules.TtlSecondsDefault);

    /// <summary>
    /// How long to wait in line if someone else holds the lock. Zero by default, no upper limit;
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> waits forever.
    /// </summary>
    public TimeSpan Wait { get; init; }

    /// <summary>
    /// How long one request waits in line at most, in whole seconds, 1 to 60; the client's by default. The wait then goes on
    /// with another request.
    /// </summary>
    public TimeSpan? WaitSlice { get; init; }

    /// <summary>A note of at most 1024 bytes, shown to everyone who looks at the lock.</summary>
    public string? Metadata { get; init; }

    /// <summary>Ties the lease to a session.</summary>
    public string? SessionId { get; init; }

    /// <summary>A UUID for the lease; a new one by default.</summary>
    public string? LeaseId { get; init; }
}
