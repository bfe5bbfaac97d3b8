using System;
using System.Collections.Generic;

namespace OctoStore.Testing;

/// <summary>What has ended, and is remembered for a while.</summary>
internal sealed class Past(TestClock clock)
{
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly Dictionary<string, Ended> _broken = [];
    private readonly Dictionary<string, Ended> _sessions = [];

    public void Add(FakeLease lease, string by, string reason)
    {
        Func<Reply> answer = Told(Json.Date(clock.GetUtcNow()));
        _broken[lease.Ask.LeaseId] = new Ended(lease.Ask.User, clock.Elapsed, answer);

        Func<Reply> Told(string at) => () => Reply.Error(410, "lease_broken", "The lease was broken.")
            .With("reason", reason)
            .With("broken_by", by)
            .With("broken_at", at);
    }

    public void Add(FakeSession session) =>
        _sessions[session.Id] = new Ended(session.User, session.EndsAt, SessionExpired);

    /// <summary>The answer about a lease that was broken. Null if it was not.</summary>
    public Reply? BrokenLease(string user, string leaseId) => Answer(_broken.GetValueOrDefault(leaseId), user);

    /// <summary>The answer about a session that has expired. Null if it has not.</summary>
    public Reply? ExpiredSession(string user, string id) => Answer(_sessions.GetValueOrDefault(id), user);

    public static Reply SessionExpired() => Reply.Error(410, "session_expired", "The session has expired. Open a new one.");

    private Reply? Answer(Ended? ended, string user) =>
        ended is not null && ended.User == user && ended.At + Memory >= clock.Elapsed ? ended.Answer() : null;

    private sealed record Ended(string User, TimeSpan At, Func<Reply> Answer);
}
