using System.Linq;
using System.Text.Json.Nodes;

namespace OctoStore.Testing;

/// <summary>Answers about locks.</summary>
internal static class Shapes
{
    /// <summary>A lease, as the routes of several locks have it, and with the members of its first lock.</summary>
    public static Reply Lease(FakeState state, FakeLease lease, string status)
    {
        JsonObject body = Json.AddTo(Grant(state, lease), Json.Hold(lease.Holds[0]));
        body["status"] = status;
        body["lease_id"] = lease.Ask.LeaseId;
        body["renew_after_ms"] = (long)(lease.Ask.Ttl.TotalMilliseconds / 3);
        body["locks"] = Json.List(lease.Holds, Json.Hold);
        if (lease.Ask.SessionId is { } session) body["session_id"] = session;
        if (lease.ReleaseRequested is { } request) body["release_requested"] = request.DeepClone();
        return Reply.Ok(body);
    }

    /// <summary>The same, with the members of one of its locks.</summary>
    public static Reply LeaseOf(FakeState state, FakeLease lease, string name, string status)
    {
        Reply reply = Lease(state, lease, status);
        Json.AddTo(reply.Body!.AsObject(), Json.Hold(lease.On(name)!));
        return reply;
    }

    public static Reply Conflict(FakeState state, Want want)
    {
        FakeLease? first = state.On(want.Name).FirstOrDefault();
        if (first is null || state.IsFree(want)) return Conflict(state, want, "lock_queued", null);
        Hold hold = first.On(want.Name)!;
        bool isMismatch = hold.Limit is not null && want.Limit is not null && hold.Limit != want.Limit;
        return isMismatch
            ? Conflict(state, want, "limit_mismatch", null).With("limit", hold.Limit)
            : Conflict(state, want, "lock_held", first);
    }

    /// <summary>The lock cannot be had because of this lease, if any.</summary>
    public static Reply Conflict(FakeState state, Want want, string code, FakeLease? holder)
    {
        string expires = Json.Date(holder is null ? state.Date : state.DateOf(holder.EndsAt));
        return Reply.Error(409, code, "You cannot have the lock now.")
            .With("lock", new JsonObject
            {
                ["name"] = want.Name,
                ["holder"] = holder?.Ask.User,
                ["expires_at"] = expires,
            })
            .With("status", code == "lock_queued" ? "queued" : "held")
            .With("holder_id", holder is null ? null : Json.UserId(holder.Ask.User))
            .With("expires_at", expires)
            .With("metadata", holder?.Ask.Metadata)
            .With("retry_after_ms", 1000);
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
        JsonObject body = holders.Length > 0 ? Held(state, holders[0], name, user) : new JsonObject
        {
            ["status"] = "available",
            ["name"] = name,
            ["message"] = "The lock is available.",
            ["fencing_token"] = state.HighestToken,
        };
        body["waiters"] = state.Waiters(name);
        if (holders.Length == 0) return Reply.Ok(body);
        body["holder_count"] = holders.Length;
        body["holders"] = Json.List(holders, lease => Held(state, lease, name, user));
        Hold first = holders[0].On(name)!;
        if (first.Limit is not null) body["permits_in_use"] = holders.Sum(lease => lease.On(name)!.Slots.Length);
        return Reply.Ok(body);
    }

    public static Reply Queue(FakeState state, string name, string user)
    {
        Place[] places = state.Places.Where(place => place.Wants(name)).ToArray();
        return Reply.Ok(new JsonObject
        {
            ["name"] = name,
            ["waiters"] = state.Waiters(name),
            ["total"] = places.Length,
            ["queue"] = Json.List(places.Select((place, index) => (place, index)), one => PlaceOf(one.place, one.index)),
        });

        JsonObject PlaceOf(Place place, int index)
        {
            Want want = place.Ask.Wants.First(one => one.Name == name);
            return new JsonObject
            {
                ["position"] = index + 1,
                ["holder"] = place.Ask.User,
                ["holder_id"] = Json.UserId(place.Ask.User),
                ["since"] = Json.Date(place.Since),
                ["mode"] = Json.Mode(want.Mode),
                ["limit"] = want.Limit,
                ["permits"] = want.Limit is null ? null : want.Permits ?? 1,
                ["asking"] = place.Answer is not null,
                ["lease_id"] = place.Ask.User == user ? place.Ask.LeaseId : null,
            };
        }
    }

    public static Reply LeaseGone(FakeState state, string leaseId) =>
        state.BrokenLeases.TryGetValue(leaseId, out Broken? broken)
            ? Reply.Error(410, "lease_broken", "The lease was broken.")
                .With("reason", broken.Reason)
                .With("broken_by", broken.By)
                .With("broken_at", Json.Date(broken.At))
            : Reply.NotFound("lock");

    private static JsonObject Grant(FakeState state, FakeLease lease) => new()
    {
        ["fencing_token"] = lease.FencingToken,
        ["expires_at"] = Json.Date(state.DateOf(lease.EndsAt)),
        ["holder"] = lease.Ask.User,
        ["holder_id"] = Json.UserId(lease.Ask.User),
        ["metadata"] = lease.Ask.Metadata,
    };
}
