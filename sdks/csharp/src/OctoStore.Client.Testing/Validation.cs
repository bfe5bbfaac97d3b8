using System;
using System.Linq;
using System.Text.Json.Nodes;

namespace OctoStore.Testing;

/// <summary>Refuses requests that are not valid, as the server does.</summary>
internal static class Validation
{
    private const int PermitsMax = 10_000;
    private const int LocksMax = 32;
    private const int LockDelaySecondsMax = 60;

    public static TimeSpan LeaseTtl(FakeRequest request) =>
        TimeSpan.FromSeconds(Number(request.Body, "ttl_seconds", Rules.TtlSecondsMin, Rules.TtlSecondsMax));

    public static TimeSpan SessionTtl(FakeRequest request) => TimeSpan.FromSeconds(
        request.Body["ttl_seconds"] is null
            ? Rules.SessionTtlSecondsDefault
            : Number(request.Body, "ttl_seconds", Rules.SessionTtlSecondsMin, Rules.SessionTtlSecondsMax));

    /// <summary>What a request for a lease says.</summary>
    /// <param name="request">The request.</param>
    /// <param name="user">Who sends it.</param>
    /// <param name="name">Its lock. Null if it asks by the route of several.</param>
    /// <param name="session">Its session, if it has one.</param>
    public static Ask Ask(FakeRequest request, string user, string? name, FakeSession? session)
    {
        Want[] wants = name is null ? WantsOf(request) : [WantOf(name, request.Body)];
        string? leaseId = request.TextOrNull("lease_id");
        TimeSpan ttl = LeaseTtl(request);
        return new Ask(user, leaseId ?? Guid.NewGuid().ToString(), session, wants)
        {
            Lock = name,
            IsChosen = leaseId is not null,
            Ttl = ttl,
            Wait = Seconds(request.Body, "wait_seconds", Rules.WaitSecondsPerRequestMax),
            LockDelay = Delay(request.Body, "lock_delay_seconds", LockDelaySecondsMax, wants),
            MinHold = Delay(request.Body, "min_hold_seconds", (int)ttl.TotalSeconds, wants),
            Metadata = request.TextOrNull("metadata"),
        };
    }

    /// <summary>The token in a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="last">The last token that was issued.</param>
    public static long FencingToken(FakeRequest request, long last)
    {
        long token = Number(request.Body, "fencing_token", 1, long.MaxValue);
        return token <= last
            ? token
            : throw Invalid($"fencing_token must be a token that was issued. The last one is {last}.");
    }

    public static RefusedException Invalid(string details) =>
        new(Reply.Error(422, "validation_failed", "The request is not valid.").With("details", details));

    private static Want[] WantsOf(FakeRequest request)
    {
        if (request.Body["locks"] is not JsonArray { Count: >= 1 and <= LocksMax } locks)
        {
            throw Invalid($"locks must be a list of 1 to {LocksMax} locks");
        }
        return locks.Select(one => WantOf(one!["name"]!.GetValue<string>(), one.AsObject())).ToArray();
    }

    private static Want WantOf(string name, JsonObject given)
    {
        string? mode = given["mode"]?.GetValue<string>();
        if (given["limit"] is null)
        {
            if (given["permits"] is not null) throw Invalid("permits needs a limit. Add one, or leave permits out.");
            return new Want(name, mode == "shared" ? LockMode.Shared : LockMode.Exclusive, null, null);
        }
        if (mode is not null) throw Invalid("A lock with a limit is counted, so it has no mode.");
        int limit = (int)Number(given, "limit", 1, PermitsMax);
        int permits = given["permits"] is null ? 1 : (int)Number(given, "permits", 1, PermitsMax);
        if (permits > limit) throw Invalid($"permits is {permits}, but limit is {limit}.");
        return new Want(name, LockMode.Counted, limit, permits);
    }

    private static TimeSpan Delay(JsonObject body, string name, int max, Want[] wants)
    {
        TimeSpan delay = Seconds(body, name, max);
        return delay == TimeSpan.Zero || wants.All(want => want.Mode == LockMode.Exclusive)
            ? delay
            : throw Invalid($"{name} is for exclusive locks.");
    }

    private static TimeSpan Seconds(JsonObject body, string name, int max) =>
        body[name] is null ? TimeSpan.Zero : TimeSpan.FromSeconds(Number(body, name, 0, max));

    private static long Number(JsonObject body, string name, long min, long max) =>
        body[name] is JsonValue value && value.TryGetValue(out long number) && number >= min && number <= max
            ? number
            : throw Invalid($"{name} must be an integer from {min} to {max}");
}
