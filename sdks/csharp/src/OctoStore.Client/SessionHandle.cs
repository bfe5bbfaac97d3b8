using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// A session that is kept alive in the background until it is ended or lost. All locks held in it end with it. Disposing it
/// ends the session and never fails.
/// </summary>
public sealed class SessionHandle : KeptHandle, ISessionHandle
{
    private SessionHandle(SessionApi api, string sessionId, Renewable thing)
        : base(thing, limits => api.EndAsync(sessionId, limits, CancellationToken.None), api.Caller.Open)
    {
        SessionId = sessionId;
    }

    /// <inheritdoc/>
    public string SessionId { get; }

    /// <inheritdoc/>
    public Task EndAsync(CancellationToken cancellationToken = default) => GiveUpAsync(cancellationToken);

    /// <summary>For logs and debugging.</summary>
    public override string ToString() => $"SessionHandle({SessionId}, {LeftText})";

    /// <summary>Creates a session and keeps it alive.</summary>
    internal static async Task<SessionHandle> OpenAsync(SessionApi api, TimeSpan ttl, CancellationToken cancel)
    {
        (CreatedSession session, Instant sentAt) = await api.CreateAsync(ttl, cancel).ConfigureAwait(false);
        return new SessionHandle(api, session.SessionId, new Renewable
        {
            What = $"the session {session.SessionId}",
            Ttl = ttl,
            ProvedAt = sentAt,
            Timeout = api.Caller.Timeout,
            Servers = api.Caller.Servers,
            Clock = api.Caller.Clock,
            RenewAsync = sending => api.KeepaliveOnceAsync(session.SessionId, sending),
            Tell = api.Caller.Observer?.Of(session.SessionId),
        });
    }
}
