using System;
using System.Diagnostics;
using System.Threading.Tasks;

namespace OctoStore.Tests;

internal sealed class ExitTests
{
    private readonly OpenHandles _open = new();

    [Test]
    public async Task ExitClosesWhatIsOpen()
    {
        var closed = new TaskCompletionSource();
        Keeper keeper = KeeperTests.Hopeless(TimeSpan.FromSeconds(60));
        _open.Add(EndingOf(keeper, closed.SetResult), keeper);
        _open.CloseAll();
        await closed.Task;
        Expect.True(keeper.Over.IsCancellationRequested, "it is no longer renewed");
    }

    [Test]
    public async Task WhatIsClosedOrLostIsForgotten()
    {
        Keeper[] keepers = [KeeperTests.Hopeless(TimeSpan.FromSeconds(60)), KeeperTests.Hopeless(TimeSpan.FromSeconds(1))];
        foreach (Keeper keeper in keepers) _open.Add(EndingOf(keeper, () => { }), keeper);
        await EndingOf(keepers[0], () => { }).EndAsync();
        while (_open.Count > 0) await Task.Delay(20);
    }

    [Test]
    public Task ExitTakesASecondAtMost()
    {
        Keeper keeper = KeeperTests.Hopeless(TimeSpan.FromSeconds(60));
        _open.Add(new Ending(keeper, _ => Task.Delay(-1)), keeper);
        var time = Stopwatch.StartNew();
        _open.CloseAll();
        Expect.True(time.Elapsed < TimeSpan.FromSeconds(20), $"it is given up: {time.Elapsed}");
        return Task.CompletedTask;
    }

    private static Ending EndingOf(Keeper keeper, Action close) => new(keeper, _ =>
    {
        close();
        return Task.CompletedTask;
    });
}
