using System;
using System.Collections.Generic;
using System.Linq;

namespace OctoStore.Testing;

/// <summary>Leases, lines, sessions and fences. Its users hold its gate.</summary>
internal sealed class FakeState(TestClock clock)
{
    private static readonly TimeSpan PlaceKept = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, TimeSpan> _delays = [];
    private long _fencingToken;

    public List<FakeLease> Leases { get; } = [];

    /// <summary>In order of arrival.</summary>
    public List<Place> Places { get; } = [];

    public Dictionary<string, FakeSession> Sessions { get; } = [];

    public Dictionary<string, long> Fences { get; } = [];

    public Past Past { get; } = new(clock);

    public long HighestToken => _fencingToken;

    public TimeSpan Now => clock.Elapsed;

    public DateTimeOffset Date => clock.GetUtcNow();

    public IEnumerable<FakeLease> On(string name) => Leases.Where(lease => lease.On(name) is not null);

    public IEnumerable<Place> PlacesOf(string user, string leaseId) =>
        Places.Where(place => place.Ask.LeaseId == leaseId && place.Ask.User == user);

    public FakeSession Session(string user, string id) =>
        Sessions.TryGetValue(id, out FakeSession? session) && session.User == user
            ? session
            : throw new RefusedException(Past.ExpiredSession(user, id) ?? Reply.NotFound("session"));

    /// <summary>Until when no one gets a lock. Null if it is not kept from everyone.</summary>
    public TimeSpan? DelayOf(string name) =>
        _delays.TryGetValue(name, out TimeSpan until) && until > Now ? until : null;

    /// <summary>Whether there was a delay.</summary>
    public bool EndDelay(string name) => DelayOf(name) is not null && _delays.Remove(name);

    /// <summary>When something ends next. Null if nothing does.</summary>
    public TimeSpan? NextEnd()
    {
        IEnumerable<TimeSpan> ends = Leases.Select(lease => lease.EndsAt)
            .Concat(Places.Select(place => place.EndsAt))
            .Concat(Sessions.Values.Select(session => session.EndsAt))
            .Concat(_delays.Values);
        return ends.Select(end => (TimeSpan?)end).Min();
    }

    public long NextToken() => ++_fencingToken;

    public DateTimeOffset DateOf(TimeSpan moment) => Date + (moment - Now);

    /// <summary>Grants a lease, or returns null if one of its locks cannot be had now.</summary>
    public FakeLease? Grant(Ask ask, Place? place)
    {
        if (Obstacle(ask, place) is not null) return null;
        Hold[] holds = ask.Wants.Select(want =>
        {
            IEnumerable<Hold> others = On(want.Name).Select(lease => lease.On(want.Name)!);
            return new Hold(want.Name, want.Mode, want.Limit, Slots.Free(want, others)!);
        }).ToArray();
        var lease = new FakeLease(ask, NextToken(), holds, Now);
        Leases.Add(lease);
        return lease;
    }

    /// <summary>The first lock that cannot be had now. Null if all can.</summary>
    /// <param name="ask">What is asked for.</param>
    /// <param name="place">Its place in line, if it has one.</param>
    public Want? Obstacle(Ask ask, Place? place) => ask.Wants.FirstOrDefault(
        want => !IsFree(want) || DelayOf(want.Name) is not null || PositionOf(place, want.Name) > 1);

    /// <summary>A place among the requests that wait for a lock, or that it would have. The first one is 1.</summary>
    public int PositionOf(Place? place, string name) =>
        1 + Places.TakeWhile(other => other != place).Count(other => other.Answer is not null && other.Wants(name));

    /// <summary>Grants to those in line what they can have, and ends what is over.</summary>
    public void Settle()
    {
        foreach (FakeSession session in Sessions.Values.Where(session => session.EndsAt <= Now).ToArray()) Expire(session);
        foreach (FakeLease lease in Leases.Where(lease => lease.EndsAt <= Now).ToArray()) Expire(lease);
        foreach (string name in _delays.Keys.Where(name => DelayOf(name) is null).ToArray()) _delays.Remove(name);
        foreach (Place place in Places.ToArray())
        {
            if (place.Answer is not { } answer) continue;
            if (Grant(place.Ask, place) is not { } lease) continue;
            Places.Remove(place);
            answer(Shapes.Lease(this, lease, "acquired", lease.Ask.Lock));
        }
        foreach (Place place in Places.Where(place => place.EndsAt <= Now).ToArray()) EndOf(place);
    }

    /// <summary>The client ends the session.</summary>
    public void Close(FakeSession session)
    {
        Leave(session, () => Reply.NotFound("session"));
        foreach (FakeLease lease in LeasesOf(session)) Release(lease);
    }

    /// <summary>The holder gives the locks back.</summary>
    public void Release(FakeLease lease) => End(lease, lease.KeptUntil);

    /// <summary>Someone else ends the lease.</summary>
    public void Break(FakeLease lease, string by, string reason)
    {
        Past.Add(lease, by, reason);
        End(lease, Now + lease.Ask.LockDelay);
    }

    /// <summary>Gives up a place. A request that waits in it is refused.</summary>
    public void GiveUp(Place place)
    {
        Reply answer = Shapes.Conflict(this, Obstacle(place.Ask, place) ?? place.Ask.Wants[0]);
        Places.Remove(place);
        place.Answer?.Invoke(answer);
    }

    /// <summary>Keeps a place for a while, if the client can ask for it again.</summary>
    public void FallSilent(Place place)
    {
        place.Answer = null;
        place.EndsAt = Now + PlaceKept;
        if (!place.Ask.IsChosen) Places.Remove(place);
    }

    public int Waiters(string name) => Places.Count(place => place.Answer is not null && place.Wants(name));

    public FakeLease[] LeasesOf(FakeSession session) => Leases.Where(lease => lease.Ask.Session == session).ToArray();

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

    /// <summary>The time of its request, or of the place itself, is over.</summary>
    private void EndOf(Place place)
    {
        if (place.Answer is not { } answer)
        {
            Places.Remove(place);
            return;
        }
        place.Answer = null;
        answer(Shapes.ConflictOf(this, place));
        FallSilent(place);
    }

    private void Expire(FakeSession session)
    {
        Past.Add(session);
        Leave(session, Past.SessionExpired);
        foreach (FakeLease lease in LeasesOf(session)) Expire(lease);
    }

    private void Expire(FakeLease lease) => End(lease, lease.EndsAt + lease.Ask.LockDelay);

    /// <summary>Nothing is granted to a session that has ended.</summary>
    private void Leave(FakeSession session, Func<Reply> answer)
    {
        Sessions.Remove(session.Id);
        foreach (Place place in Places.Where(place => place.Ask.Session == session).ToArray())
        {
            Places.Remove(place);
            place.Answer?.Invoke(answer());
        }
    }

    private void End(FakeLease lease, TimeSpan keptUntil)
    {
        Leases.Remove(lease);
        if (keptUntil <= Now) return;
        foreach (Hold hold in lease.Holds.Where(hold => hold.Mode == LockMode.Exclusive)) _delays[hold.Name] = keptUntil;
    }
}
