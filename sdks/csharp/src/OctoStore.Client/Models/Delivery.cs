using System;
using System.Collections.Generic;

namespace OctoStore;

/// <summary>The state of a delivery.</summary>
public enum DeliveryState
{
    /// <summary>There will be another attempt.</summary>
    Pending,

    /// <summary>The receiver accepted it.</summary>
    Delivered,

    /// <summary>It has failed for good.</summary>
    Dead,
}

/// <summary>The delivery of one event to one webhook.</summary>
public sealed record Delivery
{
    /// <summary>Also sent as the <c>webhook-id</c> header. The same on every attempt.</summary>
    public required string Id { get; init; }

    /// <summary>Id of the webhook.</summary>
    public required string WebhookId { get; init; }

    /// <summary>Its state.</summary>
    public required DeliveryState State { get; init; }

    /// <summary>Why it has failed for good.</summary>
    public required string? DeadReason { get; init; }

    /// <summary>The event that is sent.</summary>
    public required LockEvent Payload { get; init; }

    /// <summary>The most recent attempts, oldest first.</summary>
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

    /// <summary>HTTP status of the receiver, if it responded.</summary>
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

    /// <summary>Pass this as <see cref="DeliveriesOptions.Before"/> to get the next page. Null on the last page.</summary>
    public required long? NextBefore { get; init; }
}
