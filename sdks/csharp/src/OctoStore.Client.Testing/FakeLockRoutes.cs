using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

namespace OctoStore.Testing;

/// <summary>Answers requests about locks and leases.</summary>
internal sealed class FakeLockRoutes(FakeState state)
{
    /// <summary>Grants or refuses, or returns a place in line.</summary>
    public Place? Acquire(FakeRequest request, string user, Action<Reply> answer)
    {
        Ask ask = AskOf(request, user);
        if (state.Lease(user, ask.LeaseId) is { } held)
        {
            answer(Shapes.Lease(state, held, "held"));
            return null;
        }
        if (ask.SessionId is { } session && state.Session(user, session) is null)
        {
            answer(Reply.NotFound("session"));
            return null;
        }
        Place? place = state.Places.Find(one => one.Ask.LeaseId == ask.LeaseId && one.Ask.User == user);
        if (state.Grant(ask) is { } lease)
        {
            if (place is not null) state.Places.Remove(place);
            answer(Shapes.Lease(state, lease, "acquired"));
            return null;
        }
        TimeSpan wait = request.Seconds("wait_seconds");
        if (wait == TimeSpan.Zero)
        {
            answer(Shapes.Conflict(state, state.Obstacle(ask)!));
            return null;
        }
        if (place is null) state.Places.Add(place = new Place(ask, state.Date));
        place.Answer = answer;
        place.EndsAt = state.Now + wait;
        return place;
    }

    /// <summary>Null if it does not have this.</summary>
    public Reply? ReplyTo(FakeRequest request, string user) => request.Components switch
    {
        ["locks"] => List(request, user),
        ["locks", var name] => Shapes.Status(state, name, user),
        ["locks", var name, "renew"] => Renew(user, request.Text("lease_id"), request.Seconds("ttl_seconds"), name),
        ["locks", var name, "release"] => Release(user, request.Text("lease_id"), name),
        ["locks", var name, "convert"] => Convert(request, user, name),
        ["locks", var name, "break"] => Break(request, user, name),
        ["locks", var name, "request-release"] => RequestRelease(request, user, name),
        _ => null,
    };

    public Reply ReplyOfLease(FakeRequest request, string user, string leaseId)
    {
        if (request.Method == "DELETE") return Release(user, leaseId, null);
        if (request.Method == "POST") return Renew(user, leaseId, request.Seconds("ttl_seconds"), null);
        return state.Lease(user, leaseId) is { } lease
            ? Shapes.Lease(state, lease, "held")
            : Shapes.LeaseGone(state, leaseId);
    }

    private static Ask AskOf(FakeRequest request, string user)
    {
        Want[] wants = request.Body["locks"] is JsonArray locks
            ? locks.Select(one => WantOf(one!["name"]!.GetValue<string>(), one.AsObject())).ToArray()
            : [WantOf(request.Components[1], request.Body)];
        return new Ask(
            user,
            request.TextOrNull("lease_id") ?? Guid.NewGuid().ToString(),
            request.Seconds("ttl_seconds"),
            request.TextOrNull("metadata"),
            request.TextOrNull("session_id"),
            wants);
    }

    private static Want WantOf(string name, JsonObject body)
    {
        int? limit = body["limit"]?.GetValue<int>();
        LockMode mode = limit is not null ? LockMode.Counted : ModeOf(body["mode"]?.GetValue<string>());
        return new Want(name, mode, limit, body["permits"]?.GetValue<int>());
    }

    private static LockMode ModeOf(string? text) => text == "shared" ? LockMode.Shared : LockMode.Exclusive;

    private Reply List(FakeRequest request, string user)
    {
        string prefix = request.Parameter("prefix") ?? "";
        bool isOwn = request.Parameter("owner") == "me";
        IEnumerable<(FakeLease Lease, Hold Hold)> held = state.Leases
            .Where(lease => !isOwn || lease.Ask.User == user)
            .SelectMany(lease => lease.Holds, (lease, hold) => (lease, hold))
            .Where(one => one.hold.Name.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(one => one.hold.Name, StringComparer.Ordinal);
        JsonArray locks = Json.List(held, one => Shapes.Held(state, one.Lease, one.Hold.Name, user));
        return Reply.Ok(new JsonObject { ["locks"] = locks, ["total"] = locks.Count, ["next_cursor"] = null });
    }

    private Reply Renew(string user, string leaseId, TimeSpan ttl, string? name)
    {
        if (Find(user, leaseId, name) is not { } lease) return Shapes.LeaseGone(state, leaseId);
        lease.EndsAt = state.Now + ttl;
        return Shapes.LeaseOf(state, lease, name ?? lease.Holds[0].Name, "held");
    }

    private Reply Release(string user, string leaseId, string? name)
    {
        if (Find(user, leaseId, name) is not { } lease) return Shapes.LeaseGone(state, leaseId);
        state.Leases.Remove(lease);
        return Reply.Ok(new JsonObject { ["status"] = "released", ["message"] = "The lock is released." });
    }

    private Reply Convert(FakeRequest request, string user, string name)
    {
        string leaseId = request.Text("lease_id");
        if (Find(user, leaseId, name) is not { } lease) return Shapes.LeaseGone(state, leaseId);
        LockMode mode = ModeOf(request.Text("mode"));
        Hold hold = lease.On(name)!;
        if (hold.Mode == LockMode.Counted)
        {
            return Reply.Error(400, "validation_failed", "A counted lock cannot be converted.");
        }
        FakeLease? other = state.On(name).FirstOrDefault(one => one != lease);
        if (mode == LockMode.Exclusive && other is not null)
        {
            return Shapes.Conflict(state, new Want(name, LockMode.Exclusive, null, null), "lock_held", other);
        }
        if (mode == LockMode.Exclusive && hold.Mode != mode) lease.FencingToken = state.NextToken();
        lease.Convert(name, mode);
        return Shapes.LeaseOf(state, lease, name, "held");
    }

    private Reply Break(FakeRequest request, string user, string name)
    {
        long? only = request.Body["fencing_token"]?.GetValue<long>();
        FakeLease[] ended = state.On(name).Where(lease => only is null || lease.FencingToken == only).ToArray();
        if (ended.Length == 0) return Reply.NotFound("lock");
        foreach (FakeLease lease in ended)
        {
            state.Leases.Remove(lease);
            state.BrokenLeases[lease.Ask.LeaseId] = new Broken(request.Text("reason"), user, state.Date);
        }
        return Reply.Ok(new JsonObject
        {
            ["status"] = "broken",
            ["name"] = name,
            ["lease_count"] = ended.Length,
            ["fencing_tokens"] = Json.List(ended, lease => JsonValue.Create(lease.FencingToken)),
            ["ended_delay"] = false,
        });
    }

    private Reply RequestRelease(FakeRequest request, string user, string name)
    {
        FakeLease[] asked = state.On(name).ToArray();
        if (asked.Length == 0) return Reply.NotFound("lock");
        foreach (FakeLease lease in asked)
        {
            lease.ReleaseRequested = new JsonObject
            {
                ["by"] = user,
                ["message"] = request.TextOrNull("message"),
                ["at"] = Json.Date(state.Date),
            };
        }
        return Reply.Ok(new JsonObject { ["status"] = "release_requested", ["message"] = "The holders will see it." });
    }

    private FakeLease? Find(string user, string leaseId, string? name) =>
        state.Lease(user, leaseId) is { } lease && (name is null || lease.On(name) is not null) ? lease : null;
}
