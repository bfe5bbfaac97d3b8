using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <content>Sessions.</content>
public sealed partial class OctoStoreClient
{
    private static TimeSpan DefaultSessionTtl => TimeSpan.FromSeconds(Rules.SessionTtlSecondsDefault);

    /// <summary>Opens a session and keeps it alive in the background until the handle is disposed of.</summary>
    /// <param name="ttl">Whole seconds, 10 to 300; 60 by default.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<SessionHandle> OpenSessionAsync(TimeSpan? ttl = null, CancellationToken cancellationToken = default) =>
        SessionHandle.OpenAsync(_sessions, ttl ?? DefaultSessionTtl, cancellationToken);

    /// <summary>Creates a session without keeping it alive. Prefer <see cref="OpenSessionAsync"/>.</summary>
    /// <param name="ttl">Whole seconds, 10 to 300; 60 by default.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<CreatedSession> CreateSessionAsync(
        TimeSpan? ttl = null, CancellationToken cancellationToken = default) =>
        (await _sessions.CreateAsync(ttl ?? DefaultSessionTtl, cancellationToken).ConfigureAwait(false)).Value;

    /// <summary>Extends a session by its TTL from now.</summary>
    /// <exception cref="OctoStoreNotFoundException">It has ended.</exception>
    public Task<KeptSession> KeepaliveAsync(string sessionId, CancellationToken cancellationToken = default) =>
        _sessions.KeepaliveAsync(sessionId, cancellationToken);

    /// <summary>The current status of a session.</summary>
    /// <exception cref="OctoStoreNotFoundException">It has ended.</exception>
    public Task<SessionStatus> GetSessionStatusAsync(string sessionId, CancellationToken cancellationToken = default) =>
        _sessions.StatusAsync(sessionId, cancellationToken);

    /// <summary>Ends a session and releases its locks.</summary>
    /// <exception cref="OctoStoreNotFoundException">It has ended.</exception>
    public Task EndSessionAsync(string sessionId, CancellationToken cancellationToken = default) =>
        _sessions.EndAsync(sessionId, Limits.None, cancellationToken);
}
