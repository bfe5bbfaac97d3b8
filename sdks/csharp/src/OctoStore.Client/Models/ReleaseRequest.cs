using System;

namespace OctoStore;

/// <summary>Someone asks the holders of a lock to release it. Each of them decides.</summary>
public sealed record ReleaseRequest
{
    /// <summary>Login of the user who asks.</summary>
    public required string By { get; init; }

    /// <summary>Why they ask, if they say so.</summary>
    public string? Message { get; init; }

    /// <summary>When they asked, by the server's clock.</summary>
    public required DateTimeOffset At { get; init; }
}
