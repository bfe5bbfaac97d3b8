using System;

namespace OctoStore;

/// <summary>A session that was just created.</summary>
public sealed record CreatedSession
{
    /// <summary>The id of the session.</summary>
    public required string SessionId { get; init; }

    /// <summary>When it expires without a keepalive, by the server's clock.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The interval between keepalives that the server recommends.</summary>
    public required TimeSpan KeepaliveInterval { get; init; }
}

/// <summary>A session that was just kept alive.</summary>
public sealed record KeptSession
{
    /// <summary>The id of the session.</summary>
    public required string SessionId { get; init; }

    /// <summary>When it expires without another keepalive, by the server's clock.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>The current status of a session.</summary>
public sealed record SessionStatus
{
    /// <summary>The id of the session.</summary>
    public required string SessionId { get; init; }

    /// <summary>When it expires without a keepalive, by the server's clock.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The id of its user.</summary>
    public required string UserId { get; init; }

    /// <summary>Number of locks that are held in it.</summary>
    public required long LockCount { get; init; }

    /// <summary>Whether it is alive.</summary>
    public required bool IsActive { get; init; }
}
