using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

namespace OctoStore.Testing;

/// <summary>A lock that a request wants. It has a limit and permits only if it is counted.</summary>
internal sealed record Want(string Name, LockMode Mode, int? Limit, int? Permits);

/// <summary>A lock that a lease holds.</summary>
internal sealed record Hold(string Name, LockMode Mode, int? Limit, int[] Slots)
{
    /// <summary>What a request says to get it.</summary>
    public Want Want => new(Name, Mode, Limit, Limit is null ? null : Slots.Length);
}

/// <summary>What a request for a lease says.</summary>
internal sealed record Ask(string User, string LeaseId, FakeSession? Session, Want[] Wants)
{
    /// <summary>Its lock. Null if it asks by the route of several.</summary>
    public string? Lock { get; init; }

    /// <summary>Whether the client knows the lease id, and so can come back to its place in line.</summary>
    public bool IsChosen { get; init; }

    public required TimeSpan Ttl { get; init; }

    public TimeSpan Wait { get; init; }

    public TimeSpan LockDelay { get; init; }

    public TimeSpan MinHold { get; init; }

    public string? Metadata { get; init; }

    public bool IsAbout(IEnumerable<string> names) => names.Any(name => Wants.Any(want => want.Name == name));

    /// <summary>Whether it asks for the same locks in the same way, in any order.</summary>
    public bool IsSame(FakeSession? session, IEnumerable<Want> wants) =>
        Session == session && Wants.ToHashSet().SetEquals(wants);
}

/// <summary>A lease.</summary>
internal sealed class FakeLease(Ask ask, long fencingToken, Hold[] holds, TimeSpan grantedAt)
{
    private TimeSpan _renewedAt = grantedAt;
    private TimeSpan _ttl = ask.Ttl;

    public Ask Ask { get; } = ask;

    /// <summary>Changes when a lock becomes exclusive.</summary>
    public long FencingToken { get; set; } = fencingToken;

    public Hold[] Holds { get; private set; } = holds;

    /// <summary>It ends with its session, if that comes first.</summary>
    public TimeSpan EndsAt => Ask.Session is { } session && session.EndsAt < OwnEnd ? session.EndsAt : OwnEnd;

    /// <summary>Until when no one else gets its locks, even if it is released sooner.</summary>
    public TimeSpan KeptUntil { get; } = grantedAt + ask.MinHold;

    public JsonObject? ReleaseRequested { get; set; }

    private TimeSpan OwnEnd => _renewedAt + _ttl;

    public Hold? On(string name) => Holds.SingleOrDefault(hold => hold.Name == name);

    public void Convert(string name, LockMode mode) =>
        Holds = Holds.Select(hold => hold.Name == name ? hold with { Mode = mode } : hold).ToArray();

    public void Renew(TimeSpan ttl, TimeSpan now) => (_ttl, _renewedAt) = (ttl, now);

    /// <summary>How long until the next renewal: a third of the TTL after the last one.</summary>
    public TimeSpan RenewAfter(TimeSpan now)
    {
        TimeSpan left = (_ttl / 3) - (now - _renewedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}

/// <summary>A place in line.</summary>
internal sealed class Place(Ask ask, DateTimeOffset since)
{
    public Ask Ask { get; set; } = ask;

    public DateTimeOffset Since { get; } = since;

    /// <summary>Gives the answer. Null if no request waits for it, and the place is only kept.</summary>
    public Action<Reply>? Answer { get; set; }

    /// <summary>When its request, or the place itself, ends.</summary>
    public TimeSpan EndsAt { get; set; }

    public bool Wants(string name) => Ask.Wants.Any(want => want.Name == name);
}

/// <summary>A session.</summary>
internal sealed class FakeSession(string id, string user, TimeSpan ttl)
{
    public string Id { get; } = id;

    public string User { get; } = user;

    public TimeSpan Ttl { get; } = ttl;

    public TimeSpan EndsAt { get; set; }
}

/// <summary>Which slots are free.</summary>
internal static class Slots
{
    /// <summary>The lowest that no lease has. Null if there are too few.</summary>
    public static int[]? Free(Want want, IEnumerable<Hold> others)
    {
        if (want.Limit is not { } limit) return [];
        int[] free = Enumerable.Range(0, limit).Except(others.SelectMany(hold => hold.Slots)).ToArray();
        int wanted = want.Permits ?? 1;
        return free.Length < wanted ? null : free[..wanted];
    }
}
