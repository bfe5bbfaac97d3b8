using System;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>The routes of sessions.</summary>
internal sealed class SessionApi(Caller caller)
{
    public Caller Caller => caller;

    /// <summary>Returns the session, and when its request was sent. The session cannot have begun earlier.</summary>
    public async Task<Result<CreatedSession>> CreateAsync(TimeSpan ttl, CancellationToken cancel)
    {
        Checks.SessionTtl(ttl);
        var body = new JsonObject { ["ttl_seconds"] = (int)ttl.TotalSeconds };
        var call = new Call<CreatedSession>(
            () => new Request(HttpMethod.Post, "/sessions") { Body = body },
            text => Readers.CreatedSession(Fields.Parse(text)))
        {
            IsSafe = false,
        };
        return await caller.CallAsync(call, cancel).ConfigureAwait(false);
    }

    public Task<KeptSession> KeepaliveAsync(string sessionId, CancellationToken cancel) =>
        caller.GetAsync(Keepalive(sessionId), cancel);

    /// <summary>One attempt at a keepalive. Returns when it was sent.</summary>
    public async Task<Instant> KeepaliveOnceAsync(string sessionId, Sending sending) =>
        (await caller.AttemptAsync(Keepalive(sessionId), sending).ConfigureAwait(false)).SentAt;

    public Task<SessionStatus> StatusAsync(string sessionId, CancellationToken cancel)
    {
        var call = new Call<SessionStatus>(
            () => new Request(HttpMethod.Get, Paths.Session(sessionId)),
            text => Readers.SessionStatus(Fields.Parse(text)));
        return caller.GetAsync(call, cancel);
    }

    public Task EndAsync(string sessionId, Limits limits, CancellationToken cancel)
    {
        var call = new Call<Nothing>(
            () => new Request(HttpMethod.Delete, Paths.Session(sessionId)), Answers.ReadNothing)
        {
            IfGone = () => default,
            Limits = limits,
        };
        return caller.CallAsync(call, cancel);
    }

    private static Call<KeptSession> Keepalive(string sessionId) => new(
        () => new Request(HttpMethod.Post, $"{Paths.Session(sessionId)}/keepalive"),
        text => Readers.KeptSession(Fields.Parse(text)));
}
