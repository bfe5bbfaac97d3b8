using System;

namespace OctoStore;

/// <summary>A session that was just created.</summary>
public sealed record CreatedSession
{
    /// <summary>Names the session in other calls.</summary>
    public required string SessionId { get; init; }

    /// <summary>When it ends without a keepalive, by the server's clock.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The time between keepalives that the server recommends.</summary>
    public required TimeSpan KeepaliveInterval { get; init; }
}

/// <summary>A session that was just kept alive.</summary>
public sealed record KeptSession
{
    /// <summary>Names the session in other calls.</summary>
    public required string SessionId { get; init; }

    /// <summary>When it ends without another keepalive, by the server's clock.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>How a session is just now.</summary>
public sealed record SessionStatus
{
    /// <summary>Names the session in other calls.</summary>
    public required string SessionId { get; init; }

    /// <summary>When it ends without a keepalive, by the server's clock.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Id of the user whose session it is.</summary>
    public required string UserId { get; init; }

    /// <summary>Locks that are held in it.</summary>
    public required long LockCount { get; init; }

    /// <summary>Whether it has not ended.</summary>
    public required bool IsActive { get; init; }
}
