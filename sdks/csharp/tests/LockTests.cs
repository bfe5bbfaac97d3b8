using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore.Tests;

internal sealed class LockTests
{
    private static readonly HoldOptions Shortest = new() { Ttl = TimeSpan.FromSeconds(2) };
    private static readonly HoldOptions Short = new() { Ttl = TimeSpan.FromSeconds(10) };

    private readonly OctoStoreClient _client = Server.Client();
    private readonly string _name = Server.NewName();

    [Test]
    public async Task BlockReleasesWhenItEnds()
    {
        await using (LockHandle held = await _client.HoldAsync(_name, Short))
        {
            Expect.True((await _client.GetLockStatusAsync(_name)).Held?.LeaseId == held.LeaseId, "the lock is held");
        }
        await ExpectFreeAsync();
    }

    [Test]
    public async Task BlockReleasesWhenItThrows()
    {
        await Expect.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using LockHandle held = await _client.HoldAsync(_name, Short);
            throw new InvalidOperationException();
        });
        await ExpectFreeAsync();
    }

    [Test]
    public async Task WithLockPassesOnWhatItsFunctionReturns()
    {
        long token = await _client.WithLockAsync(_name, Short, (held, _) => Task.FromResult(held.FencingToken));
        Expect.True(token > 0, "the fencing token came through");
        await ExpectFreeAsync();
    }

    [Test]
    public async Task WithLockReleasesWhenItsFunctionThrows()
    {
        await Expect.ThrowsAsync<InvalidOperationException>(
            () => _client.WithLockAsync(_name, Short, (_, _) => throw new InvalidOperationException()));
        await ExpectFreeAsync();
    }

    [Test]
    public async Task WithLockTellsItsFunctionWhenTheCallerCancels()
    {
        using var caller = new CancellationTokenSource();
        await Expect.ThrowsAsync<OperationCanceledException>(
            () => _client.WithLockAsync(_name, Short, UseAsync, caller.Token));
        await ExpectFreeAsync();

        async Task UseAsync(LockHandle held, CancellationToken stop)
        {
            await caller.CancelAsync();
            await Task.Delay(Timeout.Infinite, stop);
        }
    }

    [Test]
    public async Task WithLockTellsItsFunctionOfTheLoss()
    {
        LockLostException error = await Expect.ThrowsAsync<LockLostException>(
            () => _client.WithLockAsync(_name, Shortest, async (held, stop) =>
            {
                await LoseAsync(held);
                await Expect.CancelledAsync(stop);
                Expect.True(held.IsLost && held.Lost.IsCancellationRequested, "the handle knows");
                Expect.Equal(TimeSpan.Zero, held.Remaining);
                return "a result";
            }));
        Expect.Equal(_name, error.Lock);
        Expect.Equal("a result", error.Result);
        Expect.Equal("lock_not_found", error.Code);
        Expect.True(error.InnerException is OctoStoreNotFoundException, "it says why");
    }

    [Test]
    public async Task WithLockSaysThatItsFunctionWasStoppedByTheLoss()
    {
        LockLostException error = await Expect.ThrowsAsync<LockLostException>(
            () => _client.WithLockAsync(_name, Shortest, async (held, stop) =>
            {
                await LoseAsync(held);
                await Task.Delay(Timeout.Infinite, stop);
            }));
        Expect.True(error.InnerException is OperationCanceledException, "it says where the function was stopped");
    }

    [Test]
    public async Task WithLockThrowsWhatItsFunctionThrowsEvenIfTheLockWasLost()
    {
        var error = await Expect.ThrowsAsync<InvalidOperationException>(
            () => _client.WithLockAsync(_name, Shortest, async (held, _) =>
            {
                await LoseAsync(held);
                throw new InvalidOperationException();
            }));
        Expect.True(error.Data[nameof(LockLostException)] is LockLostException, "the loss goes with it");
    }

    [Test]
    public async Task WithLockThatWasReleasedByHandHasNotLostIt()
    {
        await _client.WithLockAsync(_name, Short, (held, _) => held.ReleaseAsync());
    }

    [Test]
    public async Task TextFormsSayHowMuchIsLeftAndHaveNoLeaseId()
    {
        LockHandle held = await _client.HoldAsync(_name, Short);
        Expect.True(held.ToString().StartsWith($"LockHandle({_name}, fencing token {held.FencingToken}, "), $"{held}");
        Expect.True(held.ToString().EndsWith(" s left)") && !held.ToString().Contains(held.LeaseId), $"{held}");
        await held.DisposeAsync();
        Expect.True(held.ToString().EndsWith(", closed)"), $"{held}");
        LockHandle lost = await _client.HoldAsync(_name, Shortest);
        await LoseAsync(lost);
        Expect.True(lost.ToString().EndsWith(", lost)"), $"{lost}");
    }

    [Test]
    public async Task ReleasingTwiceAndDisposingDoesNothingMore()
    {
        LockHandle held = await _client.HoldAsync(_name, Short);
        await held.ReleaseAsync();
        await held.ReleaseAsync();
        await held.DisposeAsync();
        Expect.True(!held.IsLost && !held.Lost.IsCancellationRequested, "a lock that was released is not lost");
    }

    [Test]
    public async Task DisposingNeverFailsWithoutAClient()
    {
        var client = new OctoStoreClient();
        LockHandle held = await client.HoldAsync(_name, Short);
        client.Dispose();
        await held.DisposeAsync();
        await Expect.ThrowsAsync<ObjectDisposedException>(() => held.ReleaseAsync());
        await _client.ReleaseAsync(_name, held.LeaseId);
    }

    [Test]
    public async Task ListenersOfTheLossThatThrowDoNoHarm()
    {
        await using LockHandle held = await _client.HoldAsync(_name, new HoldOptions { Ttl = TimeSpan.FromSeconds(2) });
        var heard = new TaskCompletionSource();
        held.Lost.Register(() => heard.SetResult());
        held.Lost.Register(() => throw new InvalidOperationException("a bad listener"));
        await _client.ReleaseAsync(_name, held.LeaseId);
        await heard.Task;
    }

    [Test]
    public async Task CancellingAWaitLeavesTheQueue()
    {
        using OctoStoreClient other = Server.OtherClient();
        await using LockHandle held = await other.HoldAsync(_name, Short);
        using var caller = new CancellationTokenSource();
        var waiting = new HoldOptions { Ttl = Short.Ttl, Wait = Timeout.InfiniteTimeSpan };
        Task<LockHandle> hold = _client.HoldAsync(_name, waiting, caller.Token);
        await ExpectWaitersAsync(1);
        await caller.CancelAsync();
        OperationCanceledException error = await Expect.ThrowsAsync<OperationCanceledException>(() => hold);
        Expect.Equal(caller.Token, error.CancellationToken);
        await ExpectWaitersAsync(0);
    }

    [Test]
    public async Task NothingIsSentAfterCancelling()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Expect.ThrowsAsync<OperationCanceledException>(() => _client.AcquireAsync(_name, null, cancelled));
        await ExpectFreeAsync();
    }

    [Test]
    public async Task ALockOfSomebodyElseSaysWhoseItIs()
    {
        using OctoStoreClient other = Server.OtherClient();
        await using LockHandle held = await other.HoldAsync(_name, new HoldOptions { Ttl = Short.Ttl, Metadata = "a note" });
        LockHeldException error = await Expect.ThrowsAsync<LockHeldException>(() => _client.HoldAsync(_name));
        Expect.Equal("a note", error.Metadata);
        Expect.True(error.ExpiresAt > DateTimeOffset.UtcNow, "it says until when");
        Expect.True(error.RetryAfter > TimeSpan.Zero && error.RequestId is not null, "it says when to come back");
    }

    private async Task ExpectFreeAsync() =>
        Expect.True((await _client.GetLockStatusAsync(_name)).Held is null, "the lock is free");

    private async Task LoseAsync(LockHandle held)
    {
        await _client.ReleaseAsync(_name, held.LeaseId);
        await Expect.CancelledAsync(held.Lost);
    }

    private async Task ExpectWaitersAsync(long count)
    {
        while ((await _client.GetLockStatusAsync(_name)).Waiters != count) await Task.Delay(20);
    }
}
