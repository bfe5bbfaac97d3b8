using System;
using System.Collections.Generic;

namespace OctoStore;

/// <summary>What has happened to a lock or session that a client holds.</summary>
public enum HandleEventType
{
    /// <summary>It was acquired or opened.</summary>
    Acquired,

    /// <summary>It was renewed or kept alive.</summary>
    Renewed,

    /// <summary>An attempt to renew it has failed. Others follow until it is lost.</summary>
    RenewalFailed,

    /// <summary>It is lost.</summary>
    Lost,

    /// <summary>It was closed.</summary>
    Released,
}

/// <summary>Something that has happened to a lock or session that a client holds. It has no token and no lease id.</summary>
public sealed record HandleEvent
{
    /// <summary>What happened.</summary>
    public required HandleEventType Type { get; init; }

    /// <summary>Names of the locks. Empty if it is about a session.</summary>
    public required IReadOnlyList<string> Locks { get; init; }

    /// <summary>Id of the session that it is about. Null if it is about locks.</summary>
    public string? SessionId { get; init; }

    /// <summary>The fencing token. Null if it is about a session.</summary>
    public required long? FencingToken { get; init; }

    /// <summary>Why a renewal or a release has failed, or why the lock or session is lost. Otherwise null.</summary>
    public Exception? Error { get; init; }
}
