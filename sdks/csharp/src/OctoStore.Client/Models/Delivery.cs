using System;
using System.Collections.Generic;

namespace OctoStore;

/// <summary>How far a delivery has come.</summary>
public enum DeliveryState
{
    /// <summary>There will be another attempt.</summary>
    Pending,

    /// <summary>The receiver has taken it.</summary>
    Delivered,

    /// <summary>There will be no further attempt.</summary>
    Dead,
}

/// <summary>One event on its way to one webhook.</summary>
public sealed record Delivery
{
    /// <summary>Also the <c>webhook-id</c> header, the same on every attempt.</summary>
    public required string Id { get; init; }

    /// <summary>Id of the webhook.</summary>
    public required string WebhookId { get; init; }

    /// <summary>How far it has come.</summary>
    public required DeliveryState State { get; init; }

    /// <summary>Why there will be no further attempt.</summary>
    public required string? DeadReason { get; init; }

    /// <summary>What is sent.</summary>
    public required LockEvent Payload { get; init; }

    /// <summary>The most recent ones, oldest first.</summary>
    public required IReadOnlyList<DeliveryAttempt> Attempts { get; init; }

    /// <summary>When the next attempt is due, if there will be one.</summary>
    public required DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>When it was created, by the server's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>One attempt at a delivery.</summary>
public sealed record DeliveryAttempt
{
    /// <summary>When it began, by the server's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>HTTP status of the receiver, if it answered.</summary>
    public required int? Status { get; init; }

    /// <summary>Why it failed; null if it did not.</summary>
    public required string? Error { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }
}

/// <summary>One page of the deliveries of a webhook.</summary>
public sealed record DeliveryPage
{
    /// <summary>Newest event first.</summary>
    public required IReadOnlyList<Delivery> Deliveries { get; init; }

    /// <summary>Asks for the next page; null on the last one.</summary>
    public required long? NextBefore { get; init; }
}
