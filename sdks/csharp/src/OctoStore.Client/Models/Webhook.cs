using System;
using System.Collections.Generic;

namespace OctoStore;

/// <summary>Where events are sent to.</summary>
public sealed record Webhook
{
    /// <summary>Names the webhook in other calls.</summary>
    public required string Id { get; init; }

    /// <summary>Id of the user whose webhook it is.</summary>
    public required string UserId { get; init; }

    /// <summary>Where it sends to.</summary>
    public required string Url { get; init; }

    /// <summary><c>****</c> if there is one.</summary>
    public required string? Secret { get; init; }

    /// <summary>Which events it sends, as the server writes them; <c>*</c> stands for all.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>Which locks it tells of, as a glob; all if null.</summary>
    public required string? LockPattern { get; init; }

    /// <summary>When it was created, by the server's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether it sends.</summary>
    public required bool IsActive { get; init; }

    /// <summary>Why the server has switched it off.</summary>
    public required string? DisabledReason { get; init; }
}
