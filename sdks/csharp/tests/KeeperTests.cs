using System;
using System.Threading.Tasks;

namespace OctoStore.Tests;

internal sealed class KeeperTests
{
    [Test]
    public async Task AnAttemptGetsASixthOfTheTtlAndGoesToTheNextServer()
    {
        var second = new TaskCompletionSource<Sending>();
        var keeper = new Keeper(new Renewable
        {
            What = "the lock a",
            Ttl = TimeSpan.FromSeconds(3),
            ProvedAt = Clock.OfSystem.Now,
            Clock = Clock.OfSystem,
            Timeout = TimeSpan.FromSeconds(10),
            Servers = new Servers(["http://a", "http://b"]),
            RenewAsync = FailAsync,
        });
        Sending sending = await second.Task;
        Expect.Equal(TimeSpan.FromSeconds(0.5), sending.Timeout);
        await keeper.StopAsync();

        Task<Instant> FailAsync(Sending sending)
        {
            if (sending.Server == "http://b") second.TrySetResult(sending);
            throw new OctoStoreTimeoutException("no answer");
        }
    }

    [Test]
    public async Task ALossByTimeSaysSo()
    {
        Keeper keeper = Hopeless(TimeSpan.FromSeconds(1));
        await Expect.CancelledAsync(keeper.Lost);
        Expect.Equal(Loss.ByTime, keeper.Loss);
        Expect.True(!keeper.IsGone, "the server has not said so");
    }

    [Test]
    public async Task EndingWhatWasLostByTimeIsOneShortAttemptInTheBackground()
    {
        Keeper keeper = Hopeless(TimeSpan.FromSeconds(1));
        await Expect.CancelledAsync(keeper.Lost);
        var sent = new TaskCompletionSource<Limits>();
        var ending = new Ending(keeper, limits =>
        {
            sent.SetResult(limits);
            return Task.Delay(-1);
        });
        await ending.EndAsync();
        Limits limits = await sent.Task;
        Expect.Equal(1, limits.AttemptsMax);
        Expect.True(limits.Left <= TimeSpan.FromSeconds(1), "it takes a second at most");
    }

    [Test]
    public async Task EndingWhatIsAliveTakesNoLongerThanWhatIsLeft()
    {
        Keeper keeper = Hopeless(TimeSpan.FromSeconds(10));
        Limits? limits = null;
        var ending = new Ending(keeper, given =>
        {
            limits = given;
            return Task.CompletedTask;
        });
        await ending.EndAsync();
        await ending.EndAsync();
        TimeSpan left = limits!.Left;
        bool isLimit = left > TimeSpan.FromSeconds(1) && left <= TimeSpan.FromSeconds(10);
        Expect.True(isLimit, $"what is left is the limit: {left}");
    }

    /// <summary>A keeper whose renewals fail.</summary>
    internal static Keeper Hopeless(TimeSpan ttl) => new(new Renewable
    {
        What = "the lock a",
        Ttl = ttl,
        ProvedAt = Clock.OfSystem.Now,
        Clock = Clock.OfSystem,
        Timeout = TimeSpan.FromSeconds(10),
        Servers = new Servers(["http://a"]),
        RenewAsync = _ => throw new OctoStoreTimeoutException("no answer"),
    });
}
