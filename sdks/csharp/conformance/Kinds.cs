using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore.Conformance;

/// <summary>The kinds of locks as the protocol has them.</summary>
internal static class Kinds
{
    public static IEnumerable<WantedLock> Locks(Given given) => given.Members["locks"]!.AsArray()
        .Select(one => new Given(one!.AsObject()))
        .Select(one => new WantedLock(one.Text("name"))
        {
            Mode = one.Mode,
            Limit = one.Count("limit"),
            Permits = one.Count("permits"),
        });

    public static AcquireAllOptions AcquireAll(Given given) => new()
    {
        Ttl = given.Ttl!.Value,
        Wait = given.Seconds("wait_seconds") ?? TimeSpan.Zero,
        WaitSlice = given.Seconds("wait_slice_seconds"),
        Metadata = given.TextOrNull("metadata"),
        SessionId = given.TextOrNull("session_id"),
        LeaseId = given.TextOrNull("lease_id"),
        LockDelay = given.Seconds("lock_delay_seconds"),
        MinHold = given.Seconds("min_hold_seconds"),
        WantsProof = given.Flag("proof"),
    };

    /// <summary>A function that gives one token after the other. Then it gives the last one again, or fails.</summary>
    public static Func<CancellationToken, Task<string>>? TokenFunction(Given given)
    {
        if (given.Members["token_function"] is not { } function) return null;
        string[] tokens = function["tokens"]!.AsArray().Select(token => token!.GetValue<string>()).ToArray();
        var told = new Given(function.AsObject());
        int asked = 0;
        return async cancel =>
        {
            int number = asked++;
            await Task.Delay(TimeSpan.FromMilliseconds(told.Number("delay_ms") ?? 0), cancel);
            if (number >= tokens.Length && told.TextOrNull("fails") is { } message) throw new ProgramException(message);
            return tokens[Math.Min(number, tokens.Length - 1)];
        };
    }

    public static JsonObject Held(LockHeldException held) => new()
    {
        ["lock"] = held.Lock,
        ["holder"] = held.Holder,
        ["holder_id"] = held.HolderId,
        ["expires_at"] = Shapes.Date(held.ExpiresAt),
        ["metadata"] = held.Metadata,
        ["limit"] = held.Limit,
        ["position"] = held.Position,
        ["waiters"] = held.Waiters,
    };

    public static JsonObject Broken(LeaseBrokenException broken) => new()
    {
        ["reason"] = broken.Reason,
        ["broken_by"] = broken.BrokenBy,
        ["broken_at"] = Shapes.Date(broken.BrokenAt),
    };

    public static JsonObject LeaseLock(LeaseLock held) => new()
    {
        ["name"] = held.Name,
        ["mode"] = Shapes.Name(held.Mode),
        ["limit"] = held.Limit,
        ["permits"] = held.Permits,
        ["slots"] = held.Limit is null ? null : Slots(held.Slots),
    };

    public static JsonObject Holder(LockHolder holder) => new()
    {
        ["lease_id"] = holder.LeaseId,
        ["fencing_token"] = holder.FencingToken,
        ["expires_at"] = Shapes.Date(holder.ExpiresAt),
        ["holder"] = holder.Holder,
        ["holder_id"] = holder.HolderId,
        ["metadata"] = holder.Metadata,
        ["slots"] = Slots(holder.Slots),
    };

    public static JsonObject Request(ReleaseRequest request) => new()
    {
        ["by"] = request.By,
        ["message"] = request.Message,
        ["at"] = Shapes.Date(request.At),
    };

    public static JsonObject Break(LockBreak broken) => new()
    {
        ["status"] = "broken",
        ["name"] = broken.Name,
        ["lease_count"] = broken.LeaseCount,
        ["fencing_tokens"] = Shapes.List(broken.FencingTokens, token => JsonValue.Create(token)),
        ["ended_delay"] = broken.EndedDelay,
    };

    public static JsonObject Fence(Fence fence) => new() { ["name"] = fence.Name, ["highest"] = fence.Highest };

    public static JsonObject Queue(LockQueue queue) => new()
    {
        ["name"] = queue.Name,
        ["waiters"] = queue.Waiters,
        ["total"] = queue.Total,
        ["queue"] = Shapes.List(queue.Places, Place),
    };

    public static JsonObject Merge(JsonObject shape, JsonObject more)
    {
        foreach ((string name, JsonNode? member) in more) shape[name] = member?.DeepClone();
        return shape;
    }

    private static JsonObject Place(QueuePlace place) => new()
    {
        ["position"] = place.Position,
        ["holder"] = place.Holder,
        ["holder_id"] = place.HolderId,
        ["since"] = Shapes.Date(place.Since),
        ["mode"] = Shapes.Name(place.Mode),
        ["limit"] = place.Limit,
        ["permits"] = place.Permits,
        ["asking"] = place.IsAsking,
        ["lease_id"] = place.LeaseId,
    };

    private static JsonArray Slots(IReadOnlyList<int> slots) => Shapes.List(slots, slot => JsonValue.Create(slot));
}
