using System;

namespace OctoStore;

/// <summary>Each method reads one kind of object from the server.</summary>
internal static class Readers
{
    public static CreatedSession CreatedSession(Fields fields) => new()
    {
        SessionId = fields.Text("session_id"),
        ExpiresAt = fields.Date("expires_at"),
        KeepaliveInterval = Seconds(fields.Number("keepalive_interval_secs")),
    };

    public static KeptSession KeptSession(Fields fields) => new()
    {
        SessionId = fields.Text("session_id"),
        ExpiresAt = fields.Date("expires_at"),
    };

    public static SessionStatus SessionStatus(Fields fields) => new()
    {
        SessionId = fields.Text("session_id"),
        ExpiresAt = fields.Date("expires_at"),
        UserId = fields.Text("user_id"),
        LockCount = fields.Number("lock_count"),
        IsActive = fields.Flag("active"),
    };

    public static StatusCounters StatusCounters(Fields fields) => new()
    {
        Service = fields.Text("service"),
        Version = fields.Text("version"),
        Status = fields.Text("status"),
        Uptime = Seconds(fields.Number("uptime_seconds")),
        LocksHeld = fields.Number("locks_held"),
        Sessions = fields.Number("sessions"),
        Waiters = fields.Number("waiters"),
    };

    public static LockEvent LockEvent(Fields fields)
    {
        LockEventType type = EventType(fields.Text("event")) ?? throw new FormatException("an unknown event");
        bool isHeld = type is LockEventType.Acquired or LockEventType.Renewed;
        return new LockEvent
        {
            Type = type,
            Lock = fields.Text("lock"),
            HolderId = fields.TextOrNull("holder_id"),
            FencingToken = fields.NumberOrNull("fencing_token"),
            Timestamp = fields.Date("timestamp"),
            Sequence = fields.Number("sequence"),
            ExpiresAt = isHeld ? fields.Date("expires_at") : null,
            Metadata = isHeld ? fields.TextOrNull("metadata") : null,
            Holder = isHeld ? fields.TextOrNull("holder") : null,
        };
    }

    /// <summary>Null if this version does not know it.</summary>
    public static LockEventType? EventType(string text) => text switch
    {
        "acquired" => LockEventType.Acquired,
        "released" => LockEventType.Released,
        "renewed" => LockEventType.Renewed,
        "expired" => LockEventType.Expired,
        _ => null,
    };

    public static Webhook Webhook(Fields fields) => new()
    {
        Id = fields.Text("id"),
        UserId = fields.Text("user_id"),
        Url = fields.Text("url"),
        Secret = fields.TextOrNull("secret"),
        Events = fields.Texts("events"),
        LockPattern = fields.TextOrNull("lock_pattern"),
        CreatedAt = fields.Date("created_at"),
        IsActive = fields.Flag("active"),
        DisabledReason = fields.TextOrNull("disabled_reason"),
    };

    public static DeliveryPage DeliveryPage(Fields fields) => new()
    {
        Deliveries = fields.Objects("deliveries", Delivery),
        NextBefore = fields.NumberOrNull("next_before"),
    };

    public static Delivery Delivery(Fields fields) => new()
    {
        Id = fields.Text("id"),
        WebhookId = fields.Text("webhook_id"),
        State = fields.OneOf(
            "state",
            ("pending", DeliveryState.Pending),
            ("delivered", DeliveryState.Delivered),
            ("dead", DeliveryState.Dead)),
        DeadReason = fields.TextOrNull("dead_reason"),
        Payload = LockEvent(fields.Object("payload")),
        Attempts = fields.Objects("attempts", DeliveryAttempt),
        NextAttemptAt = fields.DateOrNull("next_attempt_at"),
        CreatedAt = fields.Date("created_at"),
    };

    private static DeliveryAttempt DeliveryAttempt(Fields fields) => new()
    {
        At = fields.Date("at"),
        Status = (int?)fields.NumberOrNull("status"),
        Error = fields.TextOrNull("error"),
        Duration = TimeSpan.FromTicks(fields.Number("duration_ms") * TimeSpan.TicksPerMillisecond),
    };

    private static TimeSpan Seconds(long seconds) => TimeSpan.FromTicks(seconds * TimeSpan.TicksPerSecond);
}
