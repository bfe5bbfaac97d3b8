using System;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// A user's access to an OctoStore server. Safe to share between threads. All methods throw an
/// <see cref="OctoStoreException"/> if they fail, and <see cref="OperationCanceledException"/> if you cancel them. The
/// README says which error to expect when, and which calls are retried.
/// </summary>
public sealed partial class OctoStoreClient : IOctoStoreClient, IDisposable
{
    private readonly Caller _caller;
    private readonly LockApi _locks;
    private readonly SessionApi _sessions;

    /// <summary>Creates a client. It connects on first use.</summary>
    /// <exception cref="OctoStoreValidationException">The base URL, token or timeout is not valid.</exception>
    public OctoStoreClient(OctoStoreClientOptions? options = null)
    {
        options ??= new OctoStoreClientOptions();
        string? baseUrl = options.BaseUrl ?? Variable("OCTOSTORE_BASE_URL");
        var source = options.IsAnonymous ? null : options.TokenSource;
        string? token = options.IsAnonymous || source is not null ? null : options.Token ?? Variable("OCTOSTORE_TOKEN");
        if (token is not null) Checks.Token(token);
        Checks.RequestTimeout(options.Timeout);
        Checks.WaitSlice(options.WaitSlice);
        var servers = new Servers(Checks.BaseUrls(baseUrl ?? Rules.DefaultBaseUrl));
        Clock clock = options.TimeProvider is { } given ? new Clock(given) : Clock.OfSystem;
        var settings = new CallSettings
        {
            Timeout = options.Timeout,
            WaitSlice = options.WaitSlice,
            Clock = clock,
            Open = new OpenThings(options.ReleaseOnExit ? AtExit.Handles : null),
            Observer = options.Observer is { } observer ? new Observing(observer) : null,
        };
        var transport = new Transport(options.HttpMessageHandler, clock);
        _caller = new Caller(servers, transport, new Bearer(token, source), settings);
        _locks = new LockApi(_caller);
        _sessions = new SessionApi(_caller);
        Fences = new FenceApi(_caller);
        Leases = new LeaseApi(_caller);
        Webhooks = new WebhookApi(_caller);
    }

    /// <summary>Remember the highest fencing token that a resource has seen.</summary>
    public FenceApi Fences { get; }

    /// <summary>Your leases by their ids, whatever they lock.</summary>
    public LeaseApi Leases { get; }

    /// <summary>The calls for webhooks.</summary>
    public WebhookApi Webhooks { get; }

    /// <summary>
    /// Closes all connections at once. Dispose of handles, and end watches and elections, first, or use
    /// <see cref="DisposeAsync"/>.
    /// </summary>
    public void Dispose()
    {
        _caller.Bearer.Dispose();
        _caller.Transport.Dispose();
    }

    /// <summary>
    /// Stops all elections of the client, closes its handles and ends its watches, then closes all connections. Never fails,
    /// and takes no longer than what is left of each lease, once the functions of leaders have returned.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _caller.Open.CloseAllAsync().ConfigureAwait(false);
        Dispose();
    }

    /// <summary>For logs and debugging, without the token.</summary>
    public override string ToString() => $"OctoStoreClient({_caller.Servers})";

    /// <summary>Returns <c>OK</c> if the server is healthy.</summary>
    public Task<string> GetHealthAsync(CancellationToken cancellationToken = default) =>
        GetAsync("/health", ReadHealth, cancellationToken);

    /// <summary>The server's counters.</summary>
    public Task<StatusCounters> GetStatusCountersAsync(CancellationToken cancellationToken = default) =>
        GetAsync("/status", text => Readers.StatusCounters(Fields.Parse(text)), cancellationToken);

    /// <summary>
    /// Replaces the token and returns the new one. The old one stops working immediately. This client and everything it has
    /// under way use the new one. Rotations run one at a time. Not retried if the outcome is unknown.
    /// </summary>
    /// <exception cref="OctoStoreAuthenticationException">The current token is not valid.</exception>
    public Task<string> RotateTokenAsync(CancellationToken cancellationToken = default)
    {
        var call = new Call<string>(
            () => new Request(HttpMethod.Post, "/auth/token/rotate"), text => Fields.Parse(text).Text("token"))
        {
            IsSafe = false,
        };
        return _caller.Bearer.RotateAsync(
            token => _caller.WithToken(token).GetAsync(call, cancellationToken), cancellationToken);
    }

    // An empty variable counts as not set.
    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string ReadHealth(string text) =>
        text.Trim() == "OK" ? "OK" : throw new FormatException("not the answer of a healthy server");

    /// <summary>For the requests that need no token.</summary>
    private Task<T> GetAsync<T>(string path, Func<string, T> read, CancellationToken cancel) =>
        _caller.GetAsync(new Call<T>(() => new Request(HttpMethod.Get, path), read) { IsPublic = true }, cancel);
}
