using System;
using System.Collections.Generic;

namespace OctoStore;

/// <summary>Where the server sends events.</summary>
public sealed record Webhook
{
    /// <summary>The id of the webhook.</summary>
    public required string Id { get; init; }

    /// <summary>The id of its user.</summary>
    public required string UserId { get; init; }

    /// <summary>The URL that it sends to.</summary>
    public required string Url { get; init; }

    /// <summary><c>****</c> if there is one.</summary>
    public required string? Secret { get; init; }

    /// <summary>Which events to send, in the server's words; <c>*</c> means all.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>Which locks to send events for, as a glob. Null means all.</summary>
    public required string? LockPattern { get; init; }

    /// <summary>When it was created, by the server's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether the server sends to it.</summary>
    public required bool IsActive { get; init; }

    /// <summary>Why the server has disabled it.</summary>
    public required string? DisabledReason { get; init; }
}
