using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore.Tests;

internal sealed class WatchTests
{
    private readonly OctoStoreClient _client = Server.Client();
    private readonly string _name = Server.NewName();

    [Test]
    public async Task TellsTheStateAndThenEvents()
    {
        await using IAsyncEnumerator<WatchUpdate> updates = _client.WatchAsync(_name).GetAsyncEnumerator();
        var state = (LockStateUpdate)await NextAsync(updates);
        Expect.True(state.Status.Held is null, "the lock is free");
        Lease lease = await _client.AcquireAsync(_name);
        await _client.ReleaseAsync(_name, lease.LeaseId);
        LockEvent acquired = ((EventUpdate)await NextAsync(updates)).Event;
        Expect.Equal(LockEventType.Acquired, acquired.Type);
        Expect.Equal(lease.FencingToken, acquired.FencingToken);
        LockEvent released = ((EventUpdate)await NextAsync(updates)).Event;
        Expect.Equal(LockEventType.Released, released.Type);
        Expect.Equal(null, released.FencingToken);
    }

    [Test]
    public async Task BreakingEndsIt()
    {
        await foreach (WatchUpdate update in _client.WatchPrefixAsync(_name))
        {
            Expect.True(update is PrefixStateUpdate { IsComplete: true, Locks.Count: 0 }, "nothing is held");
            break;
        }
    }

    [Test]
    public async Task CancellingEndsAWaitForTheNextUpdate()
    {
        using var stop = new CancellationTokenSource();
        await using IAsyncEnumerator<WatchUpdate> updates = _client.WatchAsync(_name).GetAsyncEnumerator(stop.Token);
        await updates.MoveNextAsync();
        Task next = updates.MoveNextAsync().AsTask();
        await stop.CancelAsync();
        await Expect.ThrowsAsync<OperationCanceledException>(() => next);
    }

    [Test]
    public async Task BeginsAnewWhenAskedForAgain()
    {
        IAsyncEnumerable<WatchUpdate> updates = _client.WatchAsync(_name);
        for (int i = 0; i < 2; i++)
        {
            await using IAsyncEnumerator<WatchUpdate> some = updates.GetAsyncEnumerator();
            Expect.True(await NextAsync(some) is LockStateUpdate, "the state comes first");
        }
    }

    [Test]
    public Task FramesAreReadAsTheFormatHasThem()
    {
        var reader = new FrameReader();
        string[] lines = [": comment", "", "id: 7", "event:state", "data: one", "data:  two", "other", "", "data", ""];
        List<Frame> frames = [];
        foreach (string line in lines)
        {
            if (reader.Take(line) is { } frame) frames.Add(frame);
        }
        Expect.Equal(2, frames.Count);
        Expect.Equal(new Frame("state", "7", "one\n two"), frames[0]);
        Expect.Equal(new Frame("", null, ""), frames[1]);
        return Task.CompletedTask;
    }

    private static async Task<WatchUpdate> NextAsync(IAsyncEnumerator<WatchUpdate> updates)
    {
        Expect.True(await updates.MoveNextAsync(), "there is another update");
        return updates.Current;
    }
}
