using System;

namespace OctoStore;

/// <summary>How the server is, in numbers.</summary>
public sealed record StatusCounters
{
    /// <summary>What answers.</summary>
    public required string Service { get; init; }

    /// <summary>Version of the server.</summary>
    public required string Version { get; init; }

    /// <summary><c>ready</c> if it serves.</summary>
    public required string Status { get; init; }

    /// <summary>How long it has been running.</summary>
    public required TimeSpan Uptime { get; init; }

    /// <summary>Locks that are held.</summary>
    public required long LocksHeld { get; init; }

    /// <summary>Sessions that are open.</summary>
    public required long Sessions { get; init; }

    /// <summary>Requests that wait for a lock.</summary>
    public required long Waiters { get; init; }
}
