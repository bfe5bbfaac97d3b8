using System.Collections.Generic;
using System.Linq;

namespace OctoStore.Testing;

/// <summary>Finds the leases and places of a user.</summary>
internal sealed class OwnLeases(FakeState state)
{
    /// <summary>The lease with this id.</summary>
    /// <param name="user">Its holder.</param>
    /// <param name="leaseId">Its id.</param>
    /// <param name="name">A lock that it must hold, if any.</param>
    public FakeLease Find(string user, string leaseId, string? name)
    {
        FakeLease[] found = Of(user)
            .Where(lease => lease.Ask.LeaseId == leaseId && (name is null || lease.On(name) is not null))
            .ToArray();
        return found switch
        {
            [var lease] => lease,
            [] => throw new RefusedException(state.Past.BrokenLease(user, leaseId) ?? Reply.NotFound("lock")),
            _ => throw new RefusedException(
                Reply.Error(409, "ambiguous_lease_id", "You hold several leases with this lease_id.")),
        };
    }

    /// <summary>The lease that a request asks for again. Null if the request is new.</summary>
    public FakeLease? Repeated(Ask ask)
    {
        IEnumerable<FakeLease> candidates = Of(ask.User)
            .Where(lease => ask.IsAbout(lease.Holds.Select(hold => hold.Name)));
        if (!ask.IsChosen) return candidates.FirstOrDefault(lease => IsSame(ask, lease));
        FakeLease? lease = candidates.FirstOrDefault(one => one.Ask.LeaseId == ask.LeaseId);
        if (lease is not null && !IsSame(ask, lease)) throw Mismatch();
        return lease;
    }

    /// <summary>The place in line in which a request continues. Null if the request is new.</summary>
    public Place? PlaceOf(Ask ask)
    {
        Place? place = state.PlacesOf(ask.User, ask.LeaseId)
            .FirstOrDefault(one => ask.IsAbout(one.Ask.Wants.Select(want => want.Name)));
        if (place is not null && !ask.IsSame(place.Ask.Session, place.Ask.Wants)) throw Mismatch();
        return place;
    }

    private static bool IsSame(Ask ask, FakeLease lease) =>
        ask.IsSame(lease.Ask.Session, lease.Holds.Select(hold => hold.Want));

    private static RefusedException Mismatch() =>
        new(Reply.Error(409, "lease_mismatch", "You already use this lease_id for something else."));

    private IEnumerable<FakeLease> Of(string user) => state.Leases.Where(lease => lease.Ask.User == user);
}
