using System.Collections.Generic;

namespace OctoStore;

/// <summary>A webhook that is to be created.</summary>
public sealed class NewWebhook
{
    /// <summary>Where to send to, by HTTPS.</summary>
    public required string Url { get; init; }

    /// <summary>Signs what is sent; never shown again.</summary>
    public string? Secret { get; init; }

    /// <summary>Which events; all of them by default.</summary>
    public IReadOnlyList<LockEventType>? Events { get; init; }

    /// <summary>Which locks, as a glob such as <c>billing/*</c>; all of them by default.</summary>
    public string? LockPattern { get; init; }
}
