using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore.Tests;

internal sealed class RotationTests : IDisposable
{
    private readonly RotatingServer _server = new();
    private readonly OctoStoreClient _client;

    public RotationTests()
    {
        _client = _server.Client();
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Test]
    public async Task AWatchThatIsRefusedMeanwhileGoesOnAfterwards()
    {
        Task<string> rotation = await BeginToRotateAsync();
        await using IAsyncEnumerator<WatchUpdate> updates = _client.WatchPrefixAsync("").GetAsyncEnumerator();
        ValueTask<bool> first = updates.MoveNextAsync();
        await _server.Refused;
        _server.AnswerRotation();
        Expect.True(await first && updates.Current is PrefixStateUpdate, "the watch goes on");
        Expect.Equal("new", await rotation);
    }

    [Test]
    public Task CancellingEndsTheWaitOfACall() => ExpectCancellableAsync(cancel => _client.ListLocksAsync(null, cancel));

    [Test]
    public Task CancellingEndsTheWaitOfTheNextRotation() =>
        ExpectCancellableAsync(cancel => _client.RotateTokenAsync(cancel));

    [Test]
    public async Task AFunctionGivesTheTokenAndAnotherOneWhenThatIsRefused()
    {
        string[] tokens = ["old", "new"];
        int asked = 0;
        using OctoStoreClient client = _server.Client(_ => Task.FromResult(tokens[asked++]));
        await using IAsyncEnumerator<WatchUpdate> updates = client.WatchPrefixAsync("").GetAsyncEnumerator();
        Expect.True(await updates.MoveNextAsync(), "the second token is sent");
        Expect.Equal(2, asked);
    }

    [Test]
    public async Task AFunctionThatFailsOrGivesARefusedTokenIsAnAuthenticationError()
    {
        using OctoStoreClient failing = _server.Client(_ => throw new InvalidOperationException());
        var error = await Expect.ThrowsAsync<OctoStoreAuthenticationException>(() => failing.ListLocksAsync());
        Expect.True(error.InnerException is InvalidOperationException, "it says why");
        using OctoStoreClient stubborn = _server.Client(_ => Task.FromResult("old"));
        await Expect.ThrowsAsync<OctoStoreAuthenticationException>(() => stubborn.ListLocksAsync());
    }

    private async Task<Task<string>> BeginToRotateAsync()
    {
        Task<string> rotation = _client.RotateTokenAsync();
        await _server.Rotated;
        return rotation;
    }

    private async Task ExpectCancellableAsync(Func<CancellationToken, Task> call)
    {
        Task<string> rotation = await BeginToRotateAsync();
        using var caller = new CancellationTokenSource();
        Task waiting = call(caller.Token);
        await Task.Delay(100);
        Expect.True(!waiting.IsCompleted, "it waits for the rotation");
        await caller.CancelAsync();
        await Expect.ThrowsAsync<OperationCanceledException>(() => waiting);
        _server.AnswerRotation();
        Expect.Equal("new", await rotation);
    }
}
