using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.Json.Nodes;

namespace OctoStore.Testing;

/// <summary>Answers requests.</summary>
internal sealed class FakeRoutes(FakeState state)
{
    private static readonly string[] Missing = ["lock_delay_seconds", "min_hold_seconds", "proof"];

    private readonly FakeLockRoutes _locks = new(state);

    /// <summary>Answers, or returns a place in line whose request is answered later.</summary>
    public Place? Serve(FakeRequest request, Action<Reply> answer)
    {
        string[] path = request.Components;
        if (path is ["health"]) answer(new Reply(HttpStatusCode.OK, null) { Text = "OK" });
        else if (path is ["status"]) answer(Counters());
        else if (request.User is not { } user) answer(Reply.Error(401, "unauthorized", "The token is missing."));
        else if (Missing.FirstOrDefault(request.Body.ContainsKey) is { } name) answer(Lacking(name));
        else if (path is ["locks", _, "acquire"] or ["leases"]) return _locks.Acquire(request, user, answer);
        else answer(ReplyTo(request, user));
        return null;
    }

    private static Reply Lacking(string what) =>
        Reply.Error(400, "validation_failed", $"FakeOctoStore does not have this: {what}.");

    private Reply ReplyTo(FakeRequest request, string user) => request.Components switch
    {
        ["locks", ..] => _locks.ReplyTo(request, user) ?? Lacking(request.ToString()),
        ["leases", var id, ..] => _locks.ReplyOfLease(request, user, id),
        ["queues", var name, ..] => QueueReply(request, user, name),
        ["fences", var name, ..] => FenceReply(request, name),
        ["sessions", ..] => SessionReply(request, user),
        _ => Lacking(request.ToString()),
    };

    private Reply QueueReply(FakeRequest request, string user, string name)
    {
        if (request.Components is not [_, _, var leaseId]) return Shapes.Queue(state, name, user);
        int left = state.Places.RemoveAll(place => place.Ask.LeaseId == leaseId && place.Ask.User == user);
        return left == 0
            ? Reply.NotFound("place")
            : Reply.Ok(new JsonObject { ["status"] = "left", ["message"] = "You have left the line." });
    }

    private Reply FenceReply(FakeRequest request, string name)
    {
        long highest = state.Fences.GetValueOrDefault(name);
        if (request.Components is [_, _, var verb])
        {
            long token = request.Number("fencing_token");
            if (token < highest)
            {
                return Reply
                    .Error(409, "stale_fencing_token", "The fence has seen a higher fencing token.")
                    .With("highest", highest);
            }
            if (verb == "advance") state.Fences[name] = highest = token;
        }
        return Reply.Ok(new JsonObject { ["name"] = name, ["highest"] = highest });
    }

    private Reply SessionReply(FakeRequest request, string user)
    {
        if (request.Components is ["sessions"]) return Open(user, request.Seconds("ttl_seconds"));
        if (state.Session(user, request.Components[1]) is not { } session) return Reply.NotFound("session");
        if (request.Method == "DELETE")
        {
            state.End(session);
            return new Reply(HttpStatusCode.NoContent, null);
        }
        if (request.Method == "POST") session.EndsAt = state.Now + session.Ttl;
        return Reply.Ok(new JsonObject
        {
            ["session_id"] = session.Id,
            ["expires_at"] = Json.Date(state.DateOf(session.EndsAt)),
            ["user_id"] = Json.UserId(user),
            ["lock_count"] = state.Leases.Where(lease => lease.Ask.SessionId == session.Id).Sum(lease => lease.Holds.Length),
            ["active"] = true,
        });
    }

    private Reply Open(string user, TimeSpan ttl)
    {
        var session = new FakeSession(Guid.NewGuid().ToString(), user, ttl) { EndsAt = state.Now + ttl };
        state.Sessions[session.Id] = session;
        return new Reply(HttpStatusCode.Created, new JsonObject
        {
            ["session_id"] = session.Id,
            ["expires_at"] = Json.Date(state.DateOf(session.EndsAt)),
            ["keepalive_interval_secs"] = (int)ttl.TotalSeconds / 3,
        });
    }

    private Reply Counters() => Reply.Ok(new JsonObject
    {
        ["service"] = "octostore",
        ["version"] = "1.0.0",
        ["status"] = "ready",
        ["uptime_seconds"] = (long)state.Now.TotalSeconds,
        ["locks_held"] = state.Leases.Sum(lease => lease.Holds.Length),
        ["sessions"] = state.Sessions.Count,
        ["waiters"] = state.Places.Count(place => place.Answer is not null),
    });
}
