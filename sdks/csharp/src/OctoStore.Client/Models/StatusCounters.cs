using System;

namespace OctoStore;

/// <summary>The server's counters.</summary>
public sealed record StatusCounters
{
    /// <summary>Name of the service.</summary>
    public required string Service { get; init; }

    /// <summary>Version of the server.</summary>
    public required string Version { get; init; }

    /// <summary><c>ready</c> if it is serving.</summary>
    public required string Status { get; init; }

    /// <summary>How long it has been running.</summary>
    public required TimeSpan Uptime { get; init; }

    /// <summary>Number of locks that are held.</summary>
    public required long LocksHeld { get; init; }

    /// <summary>Number of sessions that are open.</summary>
    public required long Sessions { get; init; }

    /// <summary>Number of requests waiting for a lock.</summary>
    public required long Waiters { get; init; }
}
