using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// A session that is kept alive in the background until it is ended or lost. The locks held in it end with it. Disposing it
/// ends the session and never fails.
/// </summary>
public sealed class SessionHandle : KeptHandle
{
    private readonly SessionApi _api;

    private SessionHandle(SessionApi api, string sessionId, Renewable thing)
        : base(thing)
    {
        _api = api;
        SessionId = sessionId;
    }

    /// <summary>Names the session in other calls.</summary>
    public string SessionId { get; }

    /// <summary>Ends the session and frees its locks. That it had been lost is no error.</summary>
    /// <param name="cancellationToken">Ends the wait for it; the session is ended regardless.</param>
    /// <exception cref="OctoStoreException">
    /// The server could not be told. The session ends when its time is over.
    /// </exception>
    public Task EndAsync(CancellationToken cancellationToken = default) => GiveUpAsync(cancellationToken);

    /// <summary>Creates a session and keeps it alive.</summary>
    internal static async Task<SessionHandle> OpenAsync(SessionApi api, TimeSpan ttl, CancellationToken cancel)
    {
        (CreatedSession session, Instant sentAt) = await api.CreateAsync(ttl, cancel).ConfigureAwait(false);
        return new SessionHandle(api, session.SessionId, new Renewable
        {
            Ttl = ttl,
            ProvedAt = sentAt,
            Timeout = api.Timeout,
            RenewAsync = stop => api.KeepaliveOnceAsync(session.SessionId, stop),
        });
    }

    private protected override Task TellAsync() => _api.EndAsync(SessionId, CancellationToken.None);
}
