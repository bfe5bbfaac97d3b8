using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OctoStore.Conformance;

/// <summary>Things of the SDK as the protocol has them.</summary>
internal static class Shapes
{
    public static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode> shape) => new(items.Select(shape).ToArray());

    public static JsonObject Grant(LockHandle handle) =>
        new()
        {
            ["lease_id"] = handle.LeaseId,
            ["fencing_token"] = handle.FencingToken,
            ["locks"] = List(handle.Locks, Kinds.LeaseLock),
        };

    public static JsonObject Handle(LockHandle handle) => new()
    {
        ["locks"] = List(handle.Locks, Kinds.LeaseLock),
        ["proof"] = handle.Proof,
        ["release_requested"] = handle.ReleaseRequested is { } request ? Kinds.Request(request) : null,
        ["lease_id"] = handle.LeaseId,
        ["fencing_token"] = handle.FencingToken,
        ["name"] = handle.Name,
        ["remaining_ms"] = handle.Remaining.TotalMilliseconds,
        ["is_lost"] = handle.IsLost,
    };

    public static JsonObject Lease(Lease lease)
    {
        JsonObject shape = Kinds.Merge(Facts(lease), Kinds.LeaseLock(lease.Locks.Single(one => one.Name == lease.Name)));
        if (lease.Locks.Count > 1) shape["locks"] = List(lease.Locks, Kinds.LeaseLock);
        return shape;
    }

    public static JsonObject WholeLease(WholeLease lease)
    {
        JsonObject shape = Facts(lease);
        shape["locks"] = List(lease.Locks, Kinds.LeaseLock);
        shape["session_id"] = lease.SessionId;
        return shape;
    }

    private static JsonObject Facts(LeaseFacts lease) => new()
    {
        ["status"] = lease.ExistedBefore ? "held" : "acquired",
        ["lease_id"] = lease.LeaseId,
        ["fencing_token"] = lease.FencingToken,
        ["expires_at"] = Date(lease.ExpiresAt),
        ["holder"] = lease.Holder,
        ["holder_id"] = lease.HolderId,
        ["metadata"] = lease.Metadata,
        ["proof"] = lease.Proof,
        ["release_requested"] = lease.ReleaseRequested is { } request ? Kinds.Request(request) : null,
    };

    public static JsonObject Held(HeldLock held) => new()
    {
        ["status"] = "held",
        ["name"] = held.Name,
        ["lease_id"] = held.LeaseId,
        ["fencing_token"] = held.FencingToken,
        ["expires_at"] = Date(held.ExpiresAt),
        ["holder"] = held.Holder,
        ["holder_id"] = held.HolderId,
        ["metadata"] = held.Metadata,
        ["mode"] = Name(held.Mode),
        ["limit"] = held.Limit,
        ["permits"] = held.Permits,
        ["slots"] = held.Limit is null ? null : List(held.Slots, slot => JsonValue.Create(slot)),
    };

    public static JsonObject Status(LockStatus status)
    {
        JsonObject shape = status.Held is { } held ? Held(held) : Free(status);
        shape["waiters"] = status.Waiters;
        if (status.Held is null) return shape;
        shape["holder_count"] = status.HolderCount;
        shape["permits_in_use"] = status.PermitsInUse;
        shape["holders"] = List(status.Holders, Kinds.Holder);
        return shape;
    }

    private static JsonObject Free(LockStatus status) => new()
    {
        ["status"] = status.AvailableAt is null ? "available" : "delayed",
        ["name"] = status.Name,
        ["fencing_token"] = status.FencingToken,
        ["available_at"] = Date(status.AvailableAt),
    };

    public static JsonObject Created(CreatedSession session) => new()
    {
        ["session_id"] = session.SessionId,
        ["expires_at"] = Date(session.ExpiresAt),
        ["keepalive_interval_secs"] = (long)session.KeepaliveInterval.TotalSeconds,
    };

    public static JsonObject Kept(KeptSession session) =>
        new() { ["session_id"] = session.SessionId, ["expires_at"] = Date(session.ExpiresAt) };

    public static JsonObject Session(SessionStatus session) => new()
    {
        ["session_id"] = session.SessionId,
        ["expires_at"] = Date(session.ExpiresAt),
        ["user_id"] = session.UserId,
        ["lock_count"] = session.LockCount,
        ["active"] = session.IsActive,
    };

    public static JsonObject Counters(StatusCounters counters) => new()
    {
        ["service"] = counters.Service,
        ["version"] = counters.Version,
        ["status"] = counters.Status,
        ["uptime_seconds"] = (long)counters.Uptime.TotalSeconds,
        ["locks_held"] = counters.LocksHeld,
        ["sessions"] = counters.Sessions,
        ["waiters"] = counters.Waiters,
    };

    public static JsonObject Update(WatchUpdate update) => update switch
    {
        LockStateUpdate state => Typed("state", Status(state.Status)),
        PrefixStateUpdate state => Typed(
            "state", new JsonObject { ["locks"] = List(state.Locks, Held), ["complete"] = state.IsComplete }),
        EventUpdate { Event: var happened } => Typed(Name(happened.Type), Event(happened)),
        ResetUpdate reset => Typed("reset", new JsonObject { ["message"] = reset.Message }),
        _ => throw new InvalidOperationException("an update of another kind"),
    };

    public static JsonObject Webhook(Webhook webhook) => new()
    {
        ["id"] = webhook.Id,
        ["user_id"] = webhook.UserId,
        ["url"] = webhook.Url,
        ["secret"] = webhook.Secret,
        ["events"] = List(webhook.Events, name => JsonValue.Create(name)!),
        ["lock_pattern"] = webhook.LockPattern,
        ["created_at"] = Date(webhook.CreatedAt),
        ["active"] = webhook.IsActive,
        ["disabled_reason"] = webhook.DisabledReason,
    };

    public static JsonObject Page(DeliveryPage page) =>
        new() { ["deliveries"] = List(page.Deliveries, Delivery), ["next_before"] = page.NextBefore };

    public static JsonObject Delivery(Delivery delivery) => new()
    {
        ["id"] = delivery.Id,
        ["webhook_id"] = delivery.WebhookId,
        ["state"] = Name(delivery.State),
        ["dead_reason"] = delivery.DeadReason,
        ["payload"] = Event(delivery.Payload),
        ["attempts"] = List(delivery.Attempts, Attempt),
        ["next_attempt_at"] = Date(delivery.NextAttemptAt),
        ["created_at"] = Date(delivery.CreatedAt),
    };

    public static JsonObject Error(Exception error) => error is OctoStoreException own
        ? Error(own)
        : new JsonObject { ["type"] = "program", ["message"] = error.Message };

    private static JsonObject Error(OctoStoreException error)
    {
        var shape = new JsonObject
        {
            ["type"] = TypeOf(error),
            ["message"] = error.Message,
            ["code"] = error.Code,
            ["status"] = (int?)error.StatusCode,
            ["request_id"] = error.RequestId,
            ["retry_after_ms"] = error.RetryAfter?.TotalMilliseconds,
            ["cause"] = (error.InnerException as ProgramException)?.Message,
        };
        return error switch
        {
            StaleFencingTokenException stale => Kinds.Merge(shape, new JsonObject { ["highest"] = stale.Highest }),
            LeaseBrokenException broken => Kinds.Merge(shape, Kinds.Broken(broken)),
            LockHeldException held => Kinds.Merge(shape, Kinds.Held(held)),
            _ => shape,
        };
    }

    /// <summary>The SDK's numbers, by the names of rules.json.</summary>
    public static JsonObject Rules() => new(typeof(OctoStore.Rules).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(rule => KeyValuePair.Create(
            JsonNamingPolicy.SnakeCaseLower.ConvertName(rule.Name),
            JsonSerializer.SerializeToNode(rule.GetRawConstantValue()))));

    private static JsonObject Attempt(DeliveryAttempt attempt) => new()
    {
        ["at"] = Date(attempt.At),
        ["status"] = attempt.Status,
        ["error"] = attempt.Error,
        ["duration_ms"] = (long)attempt.Duration.TotalMilliseconds,
    };

    private static JsonObject Event(LockEvent happened) => new()
    {
        ["event"] = Name(happened.Type),
        ["lock"] = happened.Lock,
        ["holder_id"] = happened.HolderId,
        ["fencing_token"] = happened.FencingToken,
        ["timestamp"] = Date(happened.Timestamp),
        ["sequence"] = happened.Sequence,
        ["expires_at"] = Date(happened.ExpiresAt),
        ["metadata"] = happened.Metadata,
        ["holder"] = happened.Holder,
    };

    private static JsonObject Typed(string type, JsonObject shape)
    {
        shape["type"] = type;
        return shape;
    }

    private static string TypeOf(OctoStoreException error) => error switch
    {
        LockHeldException => "held",
        StaleFencingTokenException => "stale",
        OctoStoreAuthenticationException => "authentication",
        OctoStoreValidationException => "validation",
        OctoStoreNotFoundException => "not_found",
        OctoStoreLossException => "lost",
        OctoStoreLimitException => "limit",
        OctoStorePermissionException => "permission",
        OctoStoreUnavailableException => "unavailable",
        OctoStoreServerException => "server",
        OctoStoreNetworkException => "network",
        OctoStoreTimeoutException => "timeout",
        OctoStoreSignatureException => "signature",
        LockLostException => "lost",
        _ => throw new InvalidOperationException("an error of another kind"),
    };

    public static string Name<T>(T choice)
        where T : struct, Enum => choice.ToString().ToLowerInvariant();

    public static string? Date(DateTimeOffset? date) =>
        date?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
