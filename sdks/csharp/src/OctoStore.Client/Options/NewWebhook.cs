using System.Collections.Generic;

namespace OctoStore;

/// <summary>A webhook to create.</summary>
public sealed class NewWebhook
{
    /// <summary>The HTTPS URL to send events to.</summary>
    public required string Url { get; init; }

    /// <summary>Signs each delivery; never shown again.</summary>
    public string? Secret { get; init; }

    /// <summary>Which events to send; all by default.</summary>
    public IReadOnlyList<LockEventType>? Events { get; init; }

    /// <summary>Which locks to send events for, as a glob such as <c>billing/*</c>; all by default.</summary>
    public string? LockPattern { get; init; }
}
