using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.Json.Nodes;

namespace OctoStore.Testing;

/// <summary>Answers requests.</summary>
internal sealed class FakeRoutes(FakeState state)
{
    private static readonly string[] LeftOut =
        ["watch", "webhooks", "admin", "auth", "metrics", "policy.schema.json", ".well-known", "me", "tokens"];

    private readonly FakeLockRoutes _locks = new(state);

    /// <summary>Answers, or returns a place in line whose request is answered later.</summary>
    public Place? Serve(FakeRequest request, Action<Reply> answer)
    {
        try
        {
            return ServeOrRefuse(request, answer);
        }
        catch (RefusedException refused)
        {
            answer(refused.Reply);
            return null;
        }
    }

    private static Reply Lacking(string what) =>
        Reply.Error(501, "not_in_double", $"FakeOctoStore does not have this: {what}.");

    private Place? ServeOrRefuse(FakeRequest request, Action<Reply> answer)
    {
        string[] path = request.Components;
        if (path is ["health"]) answer(new Reply(HttpStatusCode.OK, null) { Text = "OK" });
        else if (path is ["status"]) answer(Counters());
        else if (request.User is not { } user) answer(Reply.Error(401, "unauthorized", "The token is missing."));
        else if (request.Body.ContainsKey("proof")) answer(Lacking("proof"));
        else if (path is ["locks", var name, "acquire"]) return _locks.Acquire(request, user, name, answer);
        else if (path is ["leases"]) return _locks.Acquire(request, user, null, answer);
        else answer(ReplyTo(request, user));
        return null;
    }

    private Reply ReplyTo(FakeRequest request, string user) => request.Components switch
    {
        ["fences", var name, ..] => FenceReply(request, name),
        ["sessions", ..] => SessionReply(request, user),
        _ => _locks.ReplyTo(request, user) ?? NothingAt(request),
    };

    /// <summary>What the double leaves out is not the same as what the server does not have.</summary>
    private static Reply NothingAt(FakeRequest request) =>
        LeftOut.Contains(request.Components[0]) || request.Components[^1] == "watch"
            ? Lacking(request.ToString())
            : Reply.Error(404, "route_not_found", "There is nothing at this address.");

    private Reply FenceReply(FakeRequest request, string name)
    {
        long highest = state.Fences.GetValueOrDefault(name);
        if (request.Components is [_, _, var verb])
        {
            long token = Validation.FencingToken(request, state.HighestToken);
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
        if (request.Components is ["sessions"]) return Open(user, Validation.SessionTtl(request));
        FakeSession session = state.Session(user, request.Components[1]);
        if (request.Method == "DELETE")
        {
            state.Close(session);
            return new Reply(HttpStatusCode.NoContent, null);
        }
        if (request.Method == "POST") session.EndsAt = state.Now + session.Ttl;
        return Reply.Ok(BodyOf(session));
    }

    private Reply Open(string user, TimeSpan ttl)
    {
        var session = new FakeSession(Guid.NewGuid().ToString(), user, ttl) { EndsAt = state.Now + ttl };
        state.Sessions[session.Id] = session;
        return new Reply(HttpStatusCode.Created, BodyOf(session));
    }

    private JsonObject BodyOf(FakeSession session) => new()
    {
        ["session_id"] = session.Id,
        ["expires_at"] = Json.Date(state.DateOf(session.EndsAt)),
        ["keepalive_interval_secs"] = (int)session.Ttl.TotalSeconds / 2,
        ["user_id"] = Json.UserId(session.User),
        ["lock_count"] = state.LeasesOf(session).Sum(lease => lease.Holds.Length),
        ["active"] = true,
    };

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
