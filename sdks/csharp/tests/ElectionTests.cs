using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore.Tests;

internal sealed class ElectionTests
{
    private static readonly ElectOptions Short = new() { Ttl = TimeSpan.FromSeconds(2) };

    private readonly OctoStoreClient _client = Server.Client();
    private readonly string _name = Server.NewName();

    [Test]
    public async Task CancellingStopsTheLeaderAndThenReleases()
    {
        using var stop = new CancellationTokenSource();
        bool hasReturned = false;
        await _client.ElectAsync(_name, Short, LeadAsync, stop.Token);
        Expect.True(hasReturned, "the leader was waited for");
        Expect.True((await _client.GetLockStatusAsync(_name)).Held is null, "the lock is free");

        async Task LeadAsync(LockHandle held, CancellationToken told)
        {
            await stop.CancelAsync();
            await Expect.CancelledAsync(told);
            LockStatus status = await _client.GetLockStatusAsync(_name);
            Expect.Equal(held.LeaseId, status.Held?.LeaseId);
            hasReturned = true;
            told.ThrowIfCancellationRequested();
        }
    }

    [Test]
    public async Task CancelledBeforeItLeadsNever()
    {
        await _client.ElectAsync(
            _name, Short, (_, _) => throw new InvalidOperationException("it led"), new CancellationToken(canceled: true));
    }

    [Test]
    public async Task LeadsAgainAfterItsFunctionHasReturnedAndAfterALoss()
    {
        using var stop = new CancellationTokenSource();
        int terms = 0;
        long lastToken = 0;
        await _client.ElectAsync(_name, Short, LeadAsync, stop.Token);
        Expect.Equal(3, terms);

        async Task LeadAsync(LockHandle held, CancellationToken told)
        {
            Expect.True(held.FencingToken > lastToken, "the fencing token has grown");
            lastToken = held.FencingToken;
            terms++;
            if (terms == 2)
            {
                await _client.ReleaseAsync(_name, held.LeaseId);
                await Task.Delay(Timeout.Infinite, told);
            }
            if (terms == 3) await stop.CancelAsync();
        }
    }

    [Test]
    public async Task LeadsOnceIfAsked()
    {
        int terms = 0;
        await _client.ElectAsync(_name, new ElectOptions { Once = true }, (_, _) =>
        {
            terms++;
            return Task.CompletedTask;
        });
        Expect.Equal(1, terms);
    }

    [Test]
    public async Task EndsWithWhatItsFunctionThrows()
    {
        await Expect.ThrowsAsync<InvalidOperationException>(
            () => _client.ElectAsync(_name, Short, (_, _) => throw new InvalidOperationException()));
        await Expect.ThrowsAsync<OperationCanceledException>(
            () => _client.ElectAsync(_name, Short, (_, _) => throw new OperationCanceledException("its own affair")));
        Expect.True((await _client.GetLockStatusAsync(_name)).Held is null, "the lock is free");
    }

    [Test]
    public async Task AnElectionInTheBackgroundTellsHowItEnded()
    {
        await using Election stopped = _client.StartElection(_name, Short, (_, told) => Expect.CancelledAsync(told));
        await stopped.StopAsync();
        await stopped.Ended;
        await using Election failed = _client.StartElection(_name, Short, (_, _) => throw new InvalidOperationException());
        await Expect.ThrowsAsync<InvalidOperationException>(() => failed.Ended);
        Expect.Equal($"Election({_name})", failed.ToString());
    }

    [Test]
    public async Task CancellingStopsAnElectionInTheBackground()
    {
        using var stop = new CancellationTokenSource();
        Election election = _client.StartElection(_name, Short, (_, told) => Expect.CancelledAsync(told), stop.Token);
        await stop.CancelAsync();
        await election.Ended;
    }

    [Test]
    public async Task AFinalErrorIsToldEvenIfItIsStoppedBefore()
    {
        var stopped = new CancellationToken(canceled: true);
        Election election = _client.StartElection("a//b", Short, (_, _) => Task.CompletedTask, stopped);
        await Expect.ThrowsAsync<OctoStoreValidationException>(() => election.Ended);
    }

    [Test]
    public async Task AnErrorThatNobodyAsksForIsWarnedOf()
    {
        const string Error = "System.InvalidOperationException: no disk";
        using var warned = new Warned($"The election of the lock {_name} has ended: {Error}");
        _client.StartElection(_name, Short, (_, _) => throw new InvalidOperationException("no disk"));
        await warned.Heard;
    }
}
