using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

namespace OctoStore.Testing;

/// <summary>Answers requests about locks and leases.</summary>
internal sealed class FakeLockRoutes(FakeState state)
{
    private readonly OwnLeases _own = new(state);

    /// <summary>Grants or refuses, or returns a place in line.</summary>
    /// <param name="request">The request.</param>
    /// <param name="user">Who sends it.</param>
    /// <param name="name">Its lock. Null if it asks by the route of several.</param>
    /// <param name="answer">Answers it.</param>
    public Place? Acquire(FakeRequest request, string user, string? name, Action<Reply> answer)
    {
        FakeSession? session = request.TextOrNull("session_id") is { } id ? state.Session(user, id) : null;
        Ask ask = Validation.Ask(request, user, name, session);
        if (_own.Repeated(ask) is { } held)
        {
            answer(Shapes.Lease(state, held, "held", name));
            return null;
        }
        if (ask.IsChosen && state.Past.BrokenLease(user, ask.LeaseId) is { } broken)
        {
            answer(broken);
            return null;
        }
        return GrantOrQueue(ask, _own.PlaceOf(ask), answer);
    }

    /// <summary>Null if it does not have this.</summary>
    public Reply? ReplyTo(FakeRequest request, string user) => (request.Method, request.Components) switch
    {
        ("GET", ["locks"]) => List(request, user),
        ("GET", ["locks", var name]) => Shapes.Status(state, name, user),
        ("POST", ["locks", var name, "renew"]) => Renew(request, user, request.Text("lease_id"), name),
        ("POST", ["locks", var name, "release"]) => Release(user, request.Text("lease_id"), name),
        ("POST", ["locks", var name, "convert"]) => Convert(request, user, name),
        ("POST", ["locks", var name, "break"]) => Break(request, user, name),
        ("POST", ["locks", var name, "request-release"]) => RequestRelease(request, user, name),
        ("GET", ["leases", var id]) => Shapes.Lease(state, _own.Find(user, id, null), "held", null),
        ("POST", ["leases", var id, "renew"]) => Renew(request, user, id, null),
        ("DELETE", ["leases", var id]) => Release(user, id, null),
        ("GET", ["queues", var name]) => Shapes.Queue(state, name, user),
        ("DELETE", ["queues", var name, var id]) => LeaveQueue(user, name, id),
        _ => null,
    };

    private Place? GrantOrQueue(Ask ask, Place? kept, Action<Reply> answer)
    {
        if (state.Grant(ask, kept) is { } lease)
        {
            if (kept is not null) state.Places.Remove(kept);
            answer(Shapes.Lease(state, lease, "acquired", ask.Lock));
            return null;
        }
        if (ask.Wait == TimeSpan.Zero)
        {
            answer(kept is null
                ? Shapes.Conflict(state, state.Obstacle(ask, null)!)
                : Shapes.ConflictOf(state, kept));
            if (kept is { Answer: null }) state.FallSilent(kept);
            return null;
        }
        kept?.Answer?.Invoke(Shapes.ConflictOf(state, kept));
        Place place = kept ?? new Place(ask, state.Date);
        if (kept is null) state.Places.Add(place);
        place.Ask = ask;
        place.Answer = answer;
        place.EndsAt = state.Now + ask.Wait;
        return place;
    }

    private Reply LeaveQueue(string user, string name, string leaseId)
    {
        Place[] left = state.PlacesOf(user, leaseId).Where(place => place.Wants(name)).ToArray();
        if (left.Length == 0) return Reply.NotFound("place");
        foreach (Place place in left) state.GiveUp(place);
        return Reply.Ok(new JsonObject { ["status"] = "left", ["message"] = "You left the line" });
    }

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
        return Reply.Ok(new JsonObject
        {
            ["locks"] = locks,
            ["total"] = locks.Count,
            ["prefix"] = request.Parameter("prefix"),
            ["next_cursor"] = null,
        });
    }

    private Reply Renew(FakeRequest request, string user, string leaseId, string? name)
    {
        TimeSpan ttl = Validation.LeaseTtl(request);
        FakeLease lease = _own.Find(user, leaseId, name);
        lease.Renew(ttl, state.Now);
        return Shapes.Lease(state, lease, "held", name);
    }

    private Reply Release(string user, string leaseId, string? name)
    {
        foreach (Place place in state.PlacesOf(user, leaseId).ToArray())
        {
            if (name is null || place.Wants(name)) state.GiveUp(place);
        }
        state.Release(_own.Find(user, leaseId, name));
        string message = name is null ? "Lease released" : "Lock released";
        return Reply.Ok(new JsonObject { ["status"] = "released", ["message"] = message });
    }

    private Reply Convert(FakeRequest request, string user, string name)
    {
        FakeLease lease = _own.Find(user, request.Text("lease_id"), name);
        LockMode mode = request.Text("mode") == "shared" ? LockMode.Shared : LockMode.Exclusive;
        Hold hold = lease.On(name)!;
        if (hold.Mode == LockMode.Counted) throw Validation.Invalid("A counted lock has no other mode.");
        FakeLease? other = state.On(name).FirstOrDefault(one => one != lease);
        if (mode == LockMode.Exclusive && other is not null) return Shapes.Held(state, name, other);
        if (mode == LockMode.Exclusive && hold.Mode != mode) lease.FencingToken = state.NextToken();
        lease.Convert(name, mode);
        return Shapes.Lease(state, lease, "held", name);
    }

    private Reply Break(FakeRequest request, string user, string name)
    {
        if (user != FakeOctoStore.Administrator)
        {
            return Reply.Error(403, "admin_required", "Only administrators may break locks.");
        }
        long? only = request.Body["fencing_token"]?.GetValue<long>();
        FakeLease[] ended = state.On(name).Where(lease => only is null || lease.FencingToken == only).ToArray();
        bool endsDelay = ended.Length == 0 && state.EndDelay(name);
        if (ended.Length == 0 && !endsDelay) return Reply.NotFound("lock");
        foreach (FakeLease lease in ended) state.Break(lease, user, request.Text("reason"));
        return Reply.Ok(new JsonObject
        {
            ["status"] = "broken",
            ["name"] = name,
            ["lease_count"] = ended.Length,
            ["fencing_tokens"] = Json.List(ended, lease => JsonValue.Create(lease.FencingToken)),
            ["ended_delay"] = endsDelay,
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
        return Reply.Ok(new JsonObject
        {
            ["status"] = "release_requested",
            ["message"] = "The holders learn of it when they next renew",
        });
    }
}
