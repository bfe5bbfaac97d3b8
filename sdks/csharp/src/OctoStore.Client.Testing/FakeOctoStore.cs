using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore.Testing;

/// <summary>
/// An OctoStore in memory, for unit tests. The clients that it creates are real: only what sends their requests is replaced,
/// and their time is that of <see cref="Clock"/>. It grants exclusive, shared and counted locks, alone and together, in the
/// order in which they are asked for, with strictly increasing fencing tokens. Leases and sessions expire. It has
/// conversions, breaks, delays, requests to release, lines and fences. It has no proofs, watches, webhooks or limits: what
/// needs one of these gets an error that says so.
/// </summary>
public sealed class FakeOctoStore : HttpMessageHandler
{
    /// <summary>The login and token of the administrator, who may break locks.</summary>
    public const string Administrator = "administrator";

    private readonly object _gate = new();
    private readonly FakeState _state;
    private readonly FakeRoutes _routes;
    private readonly ITimer _timer;
    private readonly List<Action> _answers = [];
    private readonly List<string> _requests = [];

    /// <summary>Creates an OctoStore without any lock.</summary>
    public FakeOctoStore()
    {
        _state = new FakeState(Clock);
        _routes = new FakeRoutes(_state);
        _timer = Clock.CreateTimer(_ => Do(() => { }), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Its time, and that of its clients.</summary>
    public TestClock Clock { get; } = new();

    /// <summary>Whether it is unreachable: requests fail without a connection.</summary>
    public bool IsDown { get; set; }

    /// <summary>What was asked so far, such as <c>POST /locks/a%2Fb/acquire</c>.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_gate) return _requests.ToArray();
        }
    }

    /// <summary>A client of a user, whose token is its login.</summary>
    public OctoStoreClient NewClient(string user = "user") => new(Options(user));

    /// <summary>A client that may break locks.</summary>
    public OctoStoreClient NewAdministratorClient() => NewClient(Administrator);

    /// <summary>What such a client is made of, with an observer.</summary>
    public OctoStoreClientOptions Options(string user = "user", Action<HandleEvent>? observer = null) => new()
    {
        BaseUrl = "http://octostore.test",
        Token = user,
        HttpMessageHandler = this,
        TimeProvider = Clock,
        Observer = observer,
    };

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        if (IsDown)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "The fake OctoStore is down.");
        }
        FakeRequest asked = FakeRequest.Of(request);
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        Place? place = null;
        Do(() =>
        {
            _requests.Add(asked.ToString());
            place = _routes.Serve(asked, reply => _answers.Add(() => answer.TrySetResult(reply.Message(request))));
        });
        if (place is null || answer.Task.IsCompleted) return answer.Task;
        return AwaitAsync(answer, place, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _timer.Dispose();
        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> AwaitAsync(
        TaskCompletionSource<HttpResponseMessage> answer, Place place, CancellationToken cancel)
    {
        using CancellationTokenRegistration registration = cancel.UnsafeRegister(_ => Leave(answer, place, cancel), null);
        return await answer.Task.ConfigureAwait(false);
    }

    private void Leave(TaskCompletionSource<HttpResponseMessage> answer, Place place, CancellationToken cancel)
    {
        Do(() => _state.Places.Remove(place));
        answer.TrySetCanceled(cancel);
    }

    /// <summary>Does something and what follows from it. Only then answers, because that runs code of clients.</summary>
    private void Do(Action act)
    {
        Action[] answers;
        lock (_gate)
        {
            _state.Settle();
            act();
            _state.Settle();
            answers = _answers.ToArray();
            _answers.Clear();
            TimeSpan next = _state.NextEnd() is { } end ? end - _state.Now : Timeout.InfiniteTimeSpan;
            _timer.Change(next, Timeout.InfiniteTimeSpan);
        }
        foreach (Action answer in answers) answer();
    }
}
