using System;
using System.Collections.Generic;

namespace OctoStore;

/// <summary>The line of a lock.</summary>
public sealed record LockQueue
{
    /// <summary>Name of the lock.</summary>
    public required string Name { get; init; }

    /// <summary>Number of requests that are waiting for the lock now.</summary>
    public required long Waiters { get; init; }

    /// <summary>Number of places, including those that are only kept.</summary>
    public required long Total { get; init; }

    /// <summary>The first 100 places, in order of arrival.</summary>
    public required IReadOnlyList<QueuePlace> Places { get; init; }
}

/// <summary>One place in the line of a lock.</summary>
public sealed record QueuePlace
{
    /// <summary>Where in the line of the requests that are asking, from 1.</summary>
    public required long Position { get; init; }

    /// <summary>Login of the waiting user.</summary>
    public required string Holder { get; init; }

    /// <summary>Id of the waiting user.</summary>
    public required string HolderId { get; init; }

    /// <summary>When the request joined the line, by the server's clock.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>How it would hold the lock.</summary>
    public LockMode Mode { get; init; }

    /// <summary>The limit that the request gives. Null unless it is counted.</summary>
    public int? Limit { get; init; }

    /// <summary>How many permits the request wants. Null unless it is counted.</summary>
    public int? Permits { get; init; }

    /// <summary>Whether a client waits for the answer now. Otherwise the place is kept for some seconds.</summary>
    public required bool IsAsking { get; init; }

    /// <summary>Only set if the place is yours.</summary>
    public required string? LeaseId { get; init; }
}
