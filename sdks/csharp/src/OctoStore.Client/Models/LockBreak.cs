using System.Collections.Generic;

namespace OctoStore;

/// <summary>What a break has ended.</summary>
public sealed record LockBreak
{
    /// <summary>Name of the lock.</summary>
    public required string Name { get; init; }

    /// <summary>Number of leases that it has ended.</summary>
    public required long LeaseCount { get; init; }

    /// <summary>The fencing tokens of the first 100 of them, in the order in which they were granted.</summary>
    public required IReadOnlyList<long> FencingTokens { get; init; }

    /// <summary>Whether no one held the lock, and it is available now instead of being kept from everyone.</summary>
    public required bool EndedDelay { get; init; }
}
