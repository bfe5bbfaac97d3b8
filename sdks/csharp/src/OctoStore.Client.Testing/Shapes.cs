using System;
using System.Linq;
using System.Text.Json.Nodes;

namespace OctoStore.Testing;

/// <summary>Answers about locks.</summary>
internal static class Shapes
{
    /// <summary>A lease, for its holder.</summary>
    /// <param name="state">Where it is.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="status">Such as <c>held</c>.</param>
    /// <param name="name">The lock that the answer is about. Null if it is about all.</param>
    public static Reply Lease(FakeState state, FakeLease lease, string status, string? name)
    {
        JsonObject body = Grant(state, lease);
        if (name is not null) Json.AddTo(body, Json.Hold(lease.On(name)!));
        body["status"] = status;
        body["lease_id"] = lease.Ask.LeaseId;
        body["renew_after_ms"] = (long)lease.RenewAfter(state.Now).TotalMilliseconds;
        if (name is null || lease.Holds.Length > 1) body["locks"] = Json.List(lease.Holds, Json.Hold);
        if (lease.Ask.Session is { } session) body["session_id"] = session.Id;
        if (lease.ReleaseRequested is { } request) body["release_requested"] = request.DeepClone();
        return Reply.Ok(body);
    }

    /// <summary>Why a request cannot have a lock now.</summary>
    public static Reply Conflict(FakeState state, Want want)
    {
        FakeLease? first = state.On(want.Name).FirstOrDefault();
        if (first is null || state.IsFree(want))
        {
            return state.DelayOf(want.Name) is { } until
                ? Conflict(state, want.Name, "delayed", until, null)
                : Conflict(state, want.Name, "queued", state.Now, null);
        }
        Hold hold = first.On(want.Name)!;
        bool isMismatch = hold.Limit is not null && want.Limit is not null && hold.Limit != want.Limit;
        Reply held = Held(state, want.Name, first);
        return isMismatch ? held.With("code", "limit_mismatch").With("limit", hold.Limit) : held;
    }

    /// <summary>Why a request in line cannot have its locks now, with its place.</summary>
    public static Reply ConflictOf(FakeState state, Place place)
    {
        Want obstacle = state.Obstacle(place.Ask, place) ?? place.Ask.Wants[0];
        return Conflict(state, obstacle)
            .With("position", state.PositionOf(place, obstacle.Name))
            .With("waiters", state.Waiters(obstacle.Name));
    }

    /// <summary>The lock cannot be had because of this lease.</summary>
    public static Reply Held(FakeState state, string name, FakeLease holder) =>
        Conflict(state, name, "held", holder.EndsAt, holder);

    private static Reply Conflict(FakeState state, string name, string status, TimeSpan until, FakeLease? holder)
    {
        string expires = Json.Date(state.DateOf(until));
        return Reply.Error(409, $"lock_{status}", "You cannot have the lock now.")
            .With("lock", new JsonObject
            {
                ["name"] = name,
                ["holder"] = holder?.Ask.User,
                ["expires_at"] = expires,
            })
            .With("status", status)
            .With("holder_id", holder is null ? null : Json.UserId(holder.Ask.User))
            .With("expires_at", expires)
            .With("metadata", holder?.Ask.Metadata)
            .With("retry_after_ms", (long)(until - state.Now).TotalMilliseconds);
    }

    public static JsonObject Held(FakeState state, FakeLease lease, string name, string user)
    {
        JsonObject shape = Json.AddTo(Grant(state, lease), Json.Hold(lease.On(name)!));
        shape["status"] = "held";
        shape["lease_id"] = lease.Ask.User == user ? lease.Ask.LeaseId : null;
        return shape;
    }

    public static Reply Status(FakeState state, string name, string user)
    {
        FakeLease[] holders = state.On(name).ToArray();
        JsonObject body = holders.Length > 0 ? Held(state, holders[0], name, user) : NotHeld(state, name);
        body["waiters"] = state.Waiters(name);
        if (holders.Length == 0) return Reply.Ok(body);
        body["holder_count"] = holders.Length;
        body["holders"] = Json.List(holders, lease => Held(state, lease, name, user));
        Hold first = holders[0].On(name)!;
        if (first.Limit is not null) body["permits_in_use"] = holders.Sum(lease => lease.On(name)!.Slots.Length);
        return Reply.Ok(body);
    }

    private static JsonObject NotHeld(FakeState state, string name)
    {
        TimeSpan? delay = state.DelayOf(name);
        return new JsonObject
        {
            ["status"] = delay is null ? "available" : "delayed",
            ["name"] = name,
            ["message"] = delay is null ? "Lock not currently held" : "Lock not available yet",
            ["fencing_token"] = state.HighestToken,
            ["available_at"] = delay is { } until ? Json.Date(state.DateOf(until)) : null,
        };
    }

    public static Reply Queue(FakeState state, string name, string user)
    {
        Place[] places = state.Places.Where(place => place.Wants(name)).ToArray();
        return Reply.Ok(new JsonObject
        {
            ["name"] = name,
            ["waiters"] = state.Waiters(name),
            ["total"] = places.Length,
            ["queue"] = Json.List(places, PlaceOf),
        });

        JsonObject PlaceOf(Place place)
        {
            Want want = place.Ask.Wants.First(one => one.Name == name);
            return new JsonObject
            {
                ["position"] = state.PositionOf(place, name),
                ["holder"] = place.Ask.User,
                ["holder_id"] = Json.UserId(place.Ask.User),
                ["since"] = Json.Date(place.Since),
                ["mode"] = Json.Mode(want.Mode),
                ["limit"] = want.Limit,
                ["permits"] = want.Permits,
                ["asking"] = place.Answer is not null,
                ["lease_id"] = place.Ask.User == user ? place.Ask.LeaseId : null,
            };
        }
    }

    private static JsonObject Grant(FakeState state, FakeLease lease) => new()
    {
        ["fencing_token"] = lease.FencingToken,
        ["expires_at"] = Json.Date(state.DateOf(lease.EndsAt)),
        ["holder"] = lease.Ask.User,
        ["holder_id"] = Json.UserId(lease.Ask.User),
        ["metadata"] = lease.Ask.Metadata,
    };
}
