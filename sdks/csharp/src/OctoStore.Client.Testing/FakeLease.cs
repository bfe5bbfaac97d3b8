using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

namespace OctoStore.Testing;

/// <summary>A lock that a request wants.</summary>
internal sealed record Want(string Name, LockMode Mode, int? Limit, int? Permits);

/// <summary>A lock that a lease holds.</summary>
internal sealed record Hold(string Name, LockMode Mode, int? Limit, int[] Slots);

/// <summary>What a request for a lease says.</summary>
internal sealed record Ask(string User, string LeaseId, TimeSpan Ttl, string? Metadata, string? SessionId, Want[] Wants);

/// <summary>A lease.</summary>
internal sealed class FakeLease(Ask ask, long fencingToken, Hold[] holds)
{
    public Ask Ask { get; } = ask;

    /// <summary>Changes when a lock becomes exclusive.</summary>
    public long FencingToken { get; set; } = fencingToken;

    public Hold[] Holds { get; private set; } = holds;

    public TimeSpan EndsAt { get; set; }

    public JsonObject? ReleaseRequested { get; set; }

    public Hold? On(string name) => Holds.SingleOrDefault(hold => hold.Name == name);

    public void Convert(string name, LockMode mode) =>
        Holds = Holds.Select(hold => hold.Name == name ? hold with { Mode = mode } : hold).ToArray();
}

/// <summary>A place in line.</summary>
internal sealed class Place(Ask ask, DateTimeOffset since)
{
    public Ask Ask { get; } = ask;

    public DateTimeOffset Since { get; } = since;

    /// <summary>Gives the answer. Null if no request waits for it, and the place is only kept.</summary>
    public Action<Reply>? Answer { get; set; }

    /// <summary>When its request, or the place itself, ends.</summary>
    public TimeSpan EndsAt { get; set; }

    public bool Wants(string name) => Ask.Wants.Any(want => want.Name == name);
}

/// <summary>Someone has ended a lease.</summary>
internal sealed record Broken(string Reason, string By, DateTimeOffset At);

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
