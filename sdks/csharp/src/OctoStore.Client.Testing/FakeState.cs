using System;
using System.Collections.Generic;
using System.Linq;

namespace OctoStore.Testing;

/// <summary>Leases, lines, sessions and fences. Its users hold its gate.</summary>
internal sealed class FakeState(TestClock clock)
{
    private static readonly TimeSpan PlaceKept = TimeSpan.FromSeconds(15);

    private long _fencingToken;

    public List<FakeLease> Leases { get; } = [];

    /// <summary>In order of arrival.</summary>
    public List<Place> Places { get; } = [];

    public Dictionary<string, FakeSession> Sessions { get; } = [];

    public Dictionary<string, long> Fences { get; } = [];

    public Dictionary<string, Broken> BrokenLeases { get; } = [];

    public long HighestToken => _fencingToken;

    public TimeSpan Now => clock.Elapsed;

    public DateTimeOffset Date => clock.GetUtcNow();

    public IEnumerable<FakeLease> On(string name) => Leases.Where(lease => lease.On(name) is not null);

    public FakeLease? Lease(string user, string id) =>
        Leases.Find(lease => lease.Ask.LeaseId == id && lease.Ask.User == user);

    public FakeSession? Session(string user, string id) =>
        Sessions.TryGetValue(id, out FakeSession? session) && session.User == user ? session : null;

    /// <summary>When something ends next. Null if nothing does.</summary>
    public TimeSpan? NextEnd()
    {
        IEnumerable<TimeSpan> ends = Leases.Select(lease => lease.EndsAt)
            .Concat(Places.Select(place => place.EndsAt))
            .Concat(Sessions.Values.Select(session => session.EndsAt));
        return ends.Select(end => (TimeSpan?)end).Min();
    }

    public long NextToken() => ++_fencingToken;

    public DateTimeOffset DateOf(TimeSpan moment) => Date + (moment - Now);

    /// <summary>Grants a lease, or returns null if one of its locks cannot be had now.</summary>
    public FakeLease? Grant(Ask ask)
    {
        if (Obstacle(ask) is not null) return null;
        Hold[] holds = ask.Wants.Select(want =>
        {
            IEnumerable<Hold> others = On(want.Name).Select(lease => lease.On(want.Name)!);
            return new Hold(want.Name, want.Mode, want.Limit, Slots.Free(want, others)!);
        }).ToArray();
        var lease = new FakeLease(ask, NextToken(), holds) { EndsAt = Now + ask.Ttl };
        Leases.Add(lease);
        return lease;
    }

    /// <summary>The first lock that cannot be had now. Null if all can.</summary>
    public Want? Obstacle(Ask ask) => ask.Wants.FirstOrDefault(want => !IsFree(want) || IsBehind(ask, want.Name));

    /// <summary>Grants to those in line what they can have, and ends what is over.</summary>
    public void Settle()
    {
        foreach (FakeSession session in Sessions.Values.Where(session => session.EndsAt <= Now).ToArray()) End(session);
        Leases.RemoveAll(lease => lease.EndsAt <= Now);
        foreach (Place place in Places.ToArray())
        {
            if (place.Answer is not { } answer) continue;
            if (Grant(place.Ask) is not { } lease) continue;
            Places.Remove(place);
            answer(Shapes.Lease(this, lease, "acquired"));
        }
        foreach (Place place in Places.Where(place => place.EndsAt <= Now).ToArray()) EndOf(place);
    }

    public void End(FakeSession session)
    {
        Sessions.Remove(session.Id);
        Leases.RemoveAll(lease => lease.Ask.SessionId == session.Id);
    }

    /// <summary>Its request is over. The place is kept for a while, because the client may ask again.</summary>
    public void EndOf(Place place)
    {
        if (place.Answer is not { } answer)
        {
            Places.Remove(place);
            return;
        }
        place.Answer = null;
        place.EndsAt = Now + PlaceKept;
        Want obstacle = Obstacle(place.Ask) ?? place.Ask.Wants[0];
        int position = 1 + Places.TakeWhile(other => other != place).Count(other => other.Wants(obstacle.Name));
        answer(Shapes.Conflict(this, obstacle)
            .With("position", position)
            .With("waiters", Waiters(obstacle.Name)));
    }

    public int Waiters(string name) => Places.Count(place => place.Answer is not null && place.Wants(name));

    /// <summary>Whether no lease keeps the lock from such a request.</summary>
    public bool IsFree(Want want)
    {
        Hold[] others = On(want.Name).Select(lease => lease.On(want.Name)!).ToArray();
        if (others.Any(hold => hold.Mode != want.Mode || hold.Limit != want.Limit)) return false;
        return want.Mode switch
        {
            LockMode.Exclusive => others.Length == 0,
            LockMode.Shared => true,
            _ => Slots.Free(want, others) is not null,
        };
    }

    /// <summary>Whether someone who came earlier waits for this lock.</summary>
    private bool IsBehind(Ask ask, string name) => Places
        .TakeWhile(place => place.Ask.LeaseId != ask.LeaseId)
        .Any(place => place.Answer is not null && place.Wants(name));
}
