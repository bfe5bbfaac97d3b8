using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// A user's access to an OctoStore server. Safe to share between threads. All methods throw an
/// <see cref="OctoStoreException"/> if they fail, and <see cref="OperationCanceledException"/> if you cancel them. The
/// README says which error to expect when, and which calls are retried.
/// </summary>
public sealed class OctoStoreClient : IDisposable
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
        OpenHandles? open = options.ReleaseOnExit ? OpenHandles.OfProcess : null;
        var settings = new CallSettings(options.Timeout, options.WaitSlice, open);
        _caller = new Caller(servers, new Transport(), new Bearer(token, source), settings);
        _locks = new LockApi(_caller);
        _sessions = new SessionApi(_caller);
        Webhooks = new WebhookApi(_caller);
    }

    /// <summary>The calls for webhooks.</summary>
    public WebhookApi Webhooks { get; }

    /// <summary>Closes all connections. Dispose of handles, and end watches and elections, first.</summary>
    public void Dispose() => _caller.Transport.Dispose();

    /// <summary>For logs and debugging, without the token.</summary>
    public override string ToString() => $"OctoStoreClient({_caller.Servers})";

    /// <summary>Acquires a lock and renews it in the background until the handle is disposed of.</summary>
    /// <exception cref="LockHeldException">It was still held after <see cref="HoldOptions.Wait"/>.</exception>
    public Task<LockHandle> HoldAsync(
        string name, HoldOptions? options = null, CancellationToken cancellationToken = default) =>
        LockHandle.OpenAsync(_locks, name, options ?? new HoldOptions(), isBrief: false, cancellationToken);

    /// <summary>
    /// Runs a function while holding a lock, and returns or throws what the function does. If the function fails after the
    /// lock was lost, the <see cref="Exception.Data"/> of its error has the <see cref="LockLostException"/>, by the name of
    /// that type.
    /// </summary>
    /// <param name="name">Name of the lock.</param>
    /// <param name="options">How to hold it.</param>
    /// <param name="use">It must stop when its token is cancelled: the lock is lost, or you have cancelled.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="LockHeldException">It was still held after <see cref="HoldOptions.Wait"/>.</exception>
    /// <exception cref="LockLostException">
    /// The lock was lost while the function ran. The function itself has returned, or has stopped as its token told it to.
    /// </exception>
    public async Task<T> WithLockAsync<T>(
        string name,
        HoldOptions? options,
        Func<LockHandle, CancellationToken, Task<T>> use,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(use);
        LockHandle held = await HoldAsync(name, options, cancellationToken).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            return await LockUse.RunAsync(held, use, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="WithLockAsync{T}"/>
    public Task WithLockAsync(
        string name,
        HoldOptions? options,
        Func<LockHandle, CancellationToken, Task> use,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(use);
        return WithLockAsync<Nothing>(name, options, UseAsync, cancellationToken);

        async Task<Nothing> UseAsync(LockHandle held, CancellationToken stop)
        {
            await use(held, stop).ConfigureAwait(false);
            return default;
        }
    }

    /// <summary>
    /// Campaigns for a lock and runs a function while holding it, again and again, until you cancel. Then it completes
    /// normally, after the function has returned and the lock is released.
    /// </summary>
    /// <param name="name">Name of the lock.</param>
    /// <param name="options">How to take part.</param>
    /// <param name="lead">
    /// What the leader does. Its token tells it to stop, because the lock is lost or the election has been stopped. The
    /// election waits for it: no one else leads before it has returned, unless the lock was lost.
    /// </param>
    /// <param name="cancellationToken">Stops the election.</param>
    /// <exception cref="OctoStoreException">Retrying cannot fix it, for example if the token is not valid.</exception>
    /// <seealso cref="StartElection"/>
    public Task ElectAsync(
        string name,
        ElectOptions? options,
        Func<LockHandle, CancellationToken, Task> lead,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lead);
        options ??= new ElectOptions();
        return Campaign.RunAsync((holding, stop) => HoldBrieflyAsync(name, holding, stop), options, lead, cancellationToken);
    }

    /// <summary>
    /// Starts such an election in the background. It runs until you stop it, or it fails: <see cref="Election.Ended"/>
    /// tells. An error that you do not ask for is written to <see cref="System.Diagnostics.Trace"/>.
    /// </summary>
    /// <inheritdoc cref="ElectAsync"/>
    public Election StartElection(
        string name,
        ElectOptions? options,
        Func<LockHandle, CancellationToken, Task> lead,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(lead);
        return new Election(name, stop => ElectAsync(name, options, lead, stop), cancellationToken);
    }

    /// <summary>Acquires a lock without renewing it. Prefer <see cref="HoldAsync"/>.</summary>
    /// <exception cref="LockHeldException">It was still held after <see cref="AcquireOptions.Wait"/>.</exception>
    public async Task<Lease> AcquireAsync(
        string name, AcquireOptions? options = null, CancellationToken cancellationToken = default) =>
        (await _locks
            .AcquireAsync(name, options ?? new AcquireOptions(), isBrief: false, cancellationToken)
            .ConfigureAwait(false)).Value;

    /// <summary>Renews a lease, so that it ends that long from now: whole seconds, 1 to 3600.</summary>
    /// <exception cref="OctoStoreNotFoundException">You no longer have it.</exception>
    public async Task<Lease> RenewAsync(
        string name, string leaseId, TimeSpan ttl, CancellationToken cancellationToken = default) =>
        (await _locks.RenewAsync(name, leaseId, ttl, _caller.Timeout, cancellationToken).ConfigureAwait(false)).Value;

    /// <summary>Releases a lease.</summary>
    /// <exception cref="OctoStoreNotFoundException">You no longer have it.</exception>
    public Task ReleaseAsync(string name, string leaseId, CancellationToken cancellationToken = default) =>
        _locks.ReleaseAsync(name, leaseId, Limits.None, cancellationToken);

    /// <summary>The current status of a lock.</summary>
    public Task<LockStatus> GetLockStatusAsync(string name, CancellationToken cancellationToken = default) =>
        _locks.StatusAsync(name, cancellationToken);

    /// <summary>All locks that are held, sorted by name.</summary>
    public Task<IReadOnlyList<HeldLock>> ListLocksAsync(
        ListOptions? options = null, CancellationToken cancellationToken = default) =>
        _locks.ListAsync(options ?? new ListOptions(), cancellationToken);

    /// <summary>
    /// The state of a lock, then everything that happens to it, until you break or cancel. After a disconnect, it resumes
    /// without a gap or a repeat.
    /// </summary>
    /// <exception cref="OctoStoreValidationException">It is not a lock name.</exception>
    public IAsyncEnumerable<WatchUpdate> WatchAsync(string name, CancellationToken cancellationToken = default)
    {
        Checks.Name(name);
        return Watch.RunAsync(_caller, $"{Paths.Lock(name)}/watch", ReadState, cancellationToken);

        static WatchUpdate ReadState(Fields fields) => new LockStateUpdate(Readers.LockStatus(fields));
    }

    /// <summary>The same for all locks whose names begin with the prefix.</summary>
    public IAsyncEnumerable<WatchUpdate> WatchPrefixAsync(string prefix, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        string path = Paths.WithQuery("/watch", ("prefix", prefix));
        return Watch.RunAsync(_caller, path, ReadState, cancellationToken);

        static WatchUpdate ReadState(Fields fields) =>
            new PrefixStateUpdate(fields.Objects("locks", Readers.HeldLock), fields.Flag("complete"));
    }

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

    private static TimeSpan DefaultSessionTtl => TimeSpan.FromSeconds(Rules.SessionTtlSecondsDefault);

    // An empty variable counts as not set.
    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string ReadHealth(string text) =>
        text.Trim() == "OK" ? "OK" : throw new FormatException("not the answer of a healthy server");

    /// <summary>For the requests that need no token.</summary>
    private Task<T> GetAsync<T>(string path, Func<string, T> read, CancellationToken cancel) =>
        _caller.GetAsync(new Call<T>(() => new Request(HttpMethod.Get, path), read) { IsPublic = true }, cancel);

    /// <summary>If it is stopped meanwhile, there is only one short attempt to leave the line.</summary>
    private Task<LockHandle> HoldBrieflyAsync(string name, HoldOptions options, CancellationToken cancel) =>
        LockHandle.OpenAsync(_locks, name, options, isBrief: true, cancel);
}
