using System;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>The address of the server, the user's token, and how the client works.</summary>
public sealed class OctoStoreClientOptions
{
    /// <summary>
    /// <c>OCTOSTORE_BASE_URL</c> by default, or <c>http://localhost:3000</c> if that is not set. If the service runs on
    /// several servers: the URLs of all, separated by commas. The client sends its token to each of them.
    /// </summary>
    public string? BaseUrl { get; init; }

    /// <summary><c>OCTOSTORE_TOKEN</c> by default. Without a token, only public requests work.</summary>
    public string? Token { get; init; }

    /// <summary>
    /// Gives the token, instead of <see cref="Token"/>. Called for the first request, and again each time the server has
    /// refused the last token.
    /// </summary>
    public Func<CancellationToken, Task<string>>? TokenSource { get; init; }

    /// <summary>Whether the client has no token, even if <c>OCTOSTORE_TOKEN</c> is set.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>
    /// Timeout of one HTTP attempt, up to the end of the response. 10 seconds by default, a day at most. An acquire that
    /// waits in line gets its wait on top.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(Rules.TimeoutMsDefault);

    /// <summary>
    /// How long one request waits in line at most, in whole seconds, 1 to 60; 25 by default. A longer wait goes on with
    /// another request.
    /// </summary>
    public TimeSpan WaitSlice { get; init; } = TimeSpan.FromSeconds(Rules.WaitSliceSecondsDefault);

    /// <summary>
    /// Sends the requests, instead of the client's own connections: for proxies, certificates, logging or tests. It must not
    /// follow redirects. The client does not dispose of it.
    /// </summary>
    public HttpMessageHandler? HttpMessageHandler { get; init; }

    /// <summary>
    /// Receives everything that happens to the locks and sessions that the client holds. It is called on any thread and must
    /// return soon. What it throws is written to <see cref="System.Diagnostics.Trace"/> and changes nothing.
    /// </summary>
    public Action<HandleEvent>? Observer { get; init; }

    /// <summary>
    /// Counts leases and times everything else, such as in tests. By default a clock of the system that counts the time for
    /// which the machine was suspended, which <see cref="System.TimeProvider.System"/> does not.
    /// </summary>
    public TimeProvider? TimeProvider { get; init; }

    /// <summary>
    /// Whether the client closes its open handles when the process exits, and on SIGINT and SIGTERM, within one second in
    /// all. Signal handlers of the program keep working. Do not dispose of such a client before that. Off by default.
    /// </summary>
    public bool ReleaseOnExit { get; init; }
}
