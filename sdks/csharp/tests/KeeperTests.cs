using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore.Tests;

internal sealed class KeeperTests
{
    [Test]
    public async Task AnAttemptIsGivenUpWhenItHasTakenTooLong()
    {
        var givenUp = new TaskCompletionSource();
        var keeper = new Keeper(new Renewable
        {
            Ttl = TimeSpan.FromSeconds(3),
            ProvedAt = Instant.Now,
            Timeout = TimeSpan.FromMilliseconds(50),
            RenewAsync = HangAsync,
        });
        await givenUp.Task;
        Expect.True(!keeper.IsLost, "it was given up in time for another one");
        await keeper.StopAsync();

        async Task<Instant> HangAsync(CancellationToken cancel)
        {
            await Expect.CancelledAsync(cancel);
            givenUp.TrySetResult();
            throw new OperationCanceledException(cancel);
        }
    }
}
