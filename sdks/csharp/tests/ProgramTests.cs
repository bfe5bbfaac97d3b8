using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using OctoStore.Testing;

namespace OctoStore.Tests;

/// <summary>What a program can give the client, and what it can replace.</summary>
internal sealed class ProgramTests
{
    private static readonly HoldOptions Short = new() { Ttl = TimeSpan.FromSeconds(30) };

    private readonly FakeOctoStore _fake = new();

    [Test]
    public async Task AnObserverIsToldOfEverythingInOrder()
    {
        Channel<HandleEvent> events = Channel.CreateUnbounded<HandleEvent>();
        await using var client = new OctoStoreClient(_fake.Options("ada", happened => events.Writer.TryWrite(happened)));
        LockHandle held = await client.HoldAllAsync(["a", "b"], new HoldAllOptions { Ttl = TimeSpan.FromSeconds(30) });
        HandleEvent acquired = await events.Reader.ReadAsync();
        Expect.Equal((HandleEventType.Acquired, held.FencingToken), (acquired.Type, acquired.FencingToken));
        Expect.Equal("a b", string.Join(' ', acquired.Locks));
        _fake.Clock.Advance(TimeSpan.FromSeconds(10));
        Expect.Equal(HandleEventType.Renewed, (await events.Reader.ReadAsync()).Type);
        _fake.IsDown = true;
        _fake.Clock.Advance(TimeSpan.FromSeconds(10));
        HandleEvent failed = await events.Reader.ReadAsync();
        Expect.True(failed is { Type: HandleEventType.RenewalFailed, Error: OctoStoreNetworkException }, $"{failed}");
        _fake.Clock.Advance(TimeSpan.FromSeconds(30));
        HandleEvent lost = await AfterFailuresAsync(events.Reader);
        Expect.True(lost is { Type: HandleEventType.Lost, Error: OctoStoreLossException }, $"{lost}");
        Expect.True(!$"{acquired}{lost}".Contains(held.LeaseId), "no event has the lease id");
    }

    [Test]
    public async Task AnObserverIsToldOfSessionsAndReleases()
    {
        Channel<HandleEvent> events = Channel.CreateUnbounded<HandleEvent>();
        await using var client = new OctoStoreClient(_fake.Options("ada", happened => events.Writer.TryWrite(happened)));
        string id;
        await using (SessionHandle session = await client.OpenSessionAsync()) id = session.SessionId;
        HandleEvent opened = await events.Reader.ReadAsync();
        HandleEvent closed = await events.Reader.ReadAsync();
        Expect.Equal((HandleEventType.Acquired, id, null), (opened.Type, opened.SessionId, opened.FencingToken));
        Expect.Equal((HandleEventType.Released, id), (closed.Type, closed.SessionId));
    }

    [Test]
    public async Task AnObserverThatThrowsIsWarnedOfAndDoesNoHarm()
    {
        const string Error = "System.FormatException: a bad observer";
        using var warned = new Warned($"The observer of an OctoStoreClient has failed: {Error}");
        await using var client = new OctoStoreClient(
            _fake.Options("ada", _ => throw new FormatException("a bad observer")));
        await using LockHandle held = await client.HoldAsync("a", Short);
        await warned.Heard;
        _fake.Clock.Advance(TimeSpan.FromMinutes(5));
        Expect.True(!held.IsLost, "it is renewed");
    }

    [Test]
    public async Task DisposingOfAClientClosesWhatItHasOpen()
    {
        OctoStoreClient client = _fake.NewClient("ada");
        SessionHandle session = await client.OpenSessionAsync();
        LockHandle held = await client.HoldAsync("a", Short);
        var leading = new TaskCompletionSource();
        Election election = client.StartElection("b", null, async (_, stop) =>
        {
            leading.SetResult();
            await Expect.CancelledAsync(stop);
        });
        await leading.Task;
        await client.DisposeAsync();
        await election.Ended;
        await using OctoStoreClient other = _fake.NewClient("bob");
        Expect.Equal((0L, 0L), ((await other.ListLocksAsync()).Count, (await other.GetStatusCountersAsync()).Sessions));
        Expect.True(!held.IsLost && !session.IsLost, "what is closed is not lost");
        await Expect.ThrowsAsync<ObjectDisposedException>(() => client.ListLocksAsync());
    }

    [Test]
    public async Task DisposingOfAWatchEndsIt()
    {
        await using OctoStoreClient client = Server.Client();
        await using Watch watch = client.WatchPrefixAsync(Server.NewName());
        await using IAsyncEnumerator<WatchUpdate> updates = watch.GetAsyncEnumerator();
        Expect.True(await updates.MoveNextAsync() && updates.Current is PrefixStateUpdate, "the state comes first");
        ValueTask<bool> next = updates.MoveNextAsync();
        await watch.DisposeAsync();
        Expect.True(!await next, "there is no other update");
    }

    [Test]
    public async Task DisposingOfAClientEndsItsWatches()
    {
        OctoStoreClient client = Server.Client();
        await using IAsyncEnumerator<WatchUpdate> updates = client.WatchPrefixAsync(Server.NewName()).GetAsyncEnumerator();
        Expect.True(await updates.MoveNextAsync(), "the state comes first");
        ValueTask<bool> next = updates.MoveNextAsync();
        await client.DisposeAsync();
        Expect.True(!await next, "there is no other update");
    }

    [Test]
    public Task AHandlerThatFollowsRedirectsIsRefused()
    {
        foreach (HttpMessageHandler handler in new HttpMessageHandler[]
        {
            new HttpClientHandler(),
            new SocketsHttpHandler(),
            new Logging { InnerHandler = new HttpClientHandler() },
        })
        {
            Expect.Throws<OctoStoreValidationException>(() => ClientWith(handler));
        }
        ClientWith(new SocketsHttpHandler { AllowAutoRedirect = false }).Dispose();
        return Task.CompletedTask;
    }

    [Test]
    public async Task AnAnswerFromAnotherAddressIsRefused()
    {
        using OctoStoreClient client = ClientWith(new Handler(request =>
        {
            request.RequestUri = new Uri("http://elsewhere.test/");
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{\"token\":\"theirs\"}") };
        }));
        await Expect.ThrowsAsync<OctoStoreServerException>(() => client.RotateTokenAsync());
    }

    [Test]
    public async Task WhateverAHandlerThrowsIsAnErrorOfTheNetwork()
    {
        using OctoStoreClient client = ClientWith(new Handler(_ => throw new InvalidOperationException("an open circuit")));
        var error = await Expect.ThrowsAsync<OctoStoreNetworkException>(() => client.RotateTokenAsync());
        Expect.True(error.WasSent && error.InnerException is InvalidOperationException, $"{error}");
    }

    [Test]
    public async Task AHandlerOfTheProgramIsNotDisposedOf()
    {
        var handler = new Handler(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("OK") });
        ClientWith(handler).Dispose();
        using OctoStoreClient client = ClientWith(handler);
        Expect.Equal("OK", await client.GetHealthAsync());
    }

    [Test]
    public async Task AProgramCanReplaceTheClient()
    {
        IOctoStoreClient client = _fake.NewClient("ada");
        await using ILockHandle held = await client.HoldAsync("a", Short);
        await using ISessionHandle session = await client.OpenSessionAsync();
        await using ILockHandle tied = await client.HoldAsync("b", new HoldOptions { Session = session });
        Expect.Equal("ab", held.Name + tied.Name);
        Expect.Equal(3, await client.WithLockAsync("c", null, (_, _) => Task.FromResult(3)));
        await client.WithLockAsync("c", null, (_, _) => Task.CompletedTask);
        Expect.Equal(1, (await client.Fences.AdvanceAsync("f", 1)).Highest);
        await client.DisposeAsync();
    }

    [Test]
    public Task ATestCanBuildResultsAndErrors()
    {
        var held = new LockHeldException("no")
        {
            Code = "lock_held",
            StatusCode = HttpStatusCode.Conflict,
            Lock = "a",
            Holder = "ada",
            HolderId = null,
            ExpiresAt = DateTimeOffset.UnixEpoch,
            Metadata = null,
        };
        Expect.Equal("lock_held ada", $"{held.Code} {held.Holder}");
        Exception[] errors =
        [
            new OctoStoreAuthenticationException("no"), new OctoStoreValidationException("no"),
            new OctoStoreNotFoundException("no"), new OctoStoreLimitException("no"), new OctoStorePermissionException("no"),
            new OctoStoreUnavailableException("no"), new OctoStoreServerException("no"), new OctoStoreTimeoutException("no"),
            new OctoStoreNetworkException("no", wasSent: false), new OctoStoreSignatureException("no"),
            new LockLostException("a"), new OctoStoreLossException("no"),
            new StaleFencingTokenException("no") { Highest = 7 },
            new LeaseBrokenException("no") { Reason = "why", BrokenBy = "ada", BrokenAt = DateTimeOffset.UnixEpoch },
        ];
        Expect.True(errors.All(error => error is OctoStoreException), "all are errors of this library");
        return Task.CompletedTask;
    }

    [Test]
    public async Task TheClockOfTheProgramTimesTimeouts()
    {
        var clock = new TestClock();
        var never = new Handler(null);
        using var client = new OctoStoreClient(new OctoStoreClientOptions
        {
            BaseUrl = "http://octostore.test",
            Token = "a-token",
            HttpMessageHandler = never,
            TimeProvider = clock,
            Timeout = TimeSpan.FromHours(2),
        });
        Task<string> rotation = client.RotateTokenAsync();
        clock.Advance(TimeSpan.FromHours(1));
        Expect.True(!rotation.IsCompleted, "there is time left");
        clock.Advance(TimeSpan.FromHours(1));
        await Expect.ThrowsAsync<OctoStoreTimeoutException>(() => rotation);
    }

    private static OctoStoreClient ClientWith(HttpMessageHandler handler) => new(new OctoStoreClientOptions
    {
        BaseUrl = "http://octostore.test",
        Token = "a-token",
        HttpMessageHandler = handler,
    });

    private static async Task<HandleEvent> AfterFailuresAsync(ChannelReader<HandleEvent> events)
    {
        HandleEvent next;
        do next = await events.ReadAsync();
        while (next.Type == HandleEventType.RenewalFailed);
        return next;
    }

    private sealed class Logging : DelegatingHandler;

    /// <summary>Answers with a function, or never.</summary>
    private sealed class Handler(Func<HttpRequestMessage, HttpResponseMessage>? answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
        {
            if (answer is null) await Task.Delay(Timeout.Infinite, cancel);
            return answer!(request);
        }
    }
}
