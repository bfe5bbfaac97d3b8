using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>Campaigns for a lock and leads in turn.</summary>
internal static class Campaign
{
    public static async Task RunAsync(
        Func<HoldOptions, CancellationToken, Task<LockHandle>> hold,
        ElectOptions options,
        Clock clock,
        Func<LockHandle, CancellationToken, Task> lead,
        CancellationToken stop)
    {
        do
        {
            LockHandle? held = await HoldAsync(hold, options, clock, stop).ConfigureAwait(false);
            if (held is null) return;
            await using (held.ConfigureAwait(false)) await LeadAsync(held, lead, stop).ConfigureAwait(false);
        }
        while (!options.Once);
    }

    /// <summary>The lock once it is acquired, or null if the election is stopped first.</summary>
    private static async Task<LockHandle?> HoldAsync(
        Func<HoldOptions, CancellationToken, Task<LockHandle>> hold,
        ElectOptions options,
        Clock clock,
        CancellationToken stop)
    {
        var holding = new HoldOptions
        {
            Ttl = options.Ttl,
            Wait = Timeout.InfiniteTimeSpan,
            WaitSlice = options.WaitSlice,
            Metadata = options.Metadata,
            LockDelay = options.LockDelay,
            MinHold = options.MinHold,
            Session = options.Session,
        };
        for (int failures = 1; ; failures++)
        {
            try
            {
                return await hold(holding, stop).ConfigureAwait(false);
            }
            catch (OctoStoreException error) when (!error.IsFinal)
            {
                TimeSpan pause = Backoff.Delay(failures, error.RetryAfter);
                if (await IsStoppedWithinAsync(pause, clock, stop).ConfigureAwait(false)) return null;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    private static async Task LeadAsync(
        LockHandle held, Func<LockHandle, CancellationToken, Task> lead, CancellationToken stop)
    {
        using var told = CancellationTokenSource.CreateLinkedTokenSource(held.Lost, stop);
        try
        {
            await lead(held, told.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (told.IsCancellationRequested)
        {
            // It stopped as told.
        }
    }

    private static async Task<bool> IsStoppedWithinAsync(TimeSpan time, Clock clock, CancellationToken stop)
    {
        await clock.PauseAsync(time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return stop.IsCancellationRequested;
    }
}
