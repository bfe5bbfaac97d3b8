using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>Pauses of any length. One timer can run for only so long.</summary>
internal static class Pauses
{
    private static readonly TimeSpan TimerMax = TimeSpan.FromDays(1);

    /// <summary>
    /// How often a pause looks at the clock, because timers may not count the time of a suspended machine.
    /// </summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    public static Task ForAsync(TimeSpan time, CancellationToken cancel) => Task.Delay(Spans.Min(time, TimerMax), cancel);

    /// <summary>Until a moment on the clock of leases.</summary>
    public static async Task UntilAsync(Instant due, CancellationToken cancel)
    {
        do
        {
            await Task.Delay(Spans.Min(due.FromNow(), LookEvery), cancel).ConfigureAwait(false);
        }
        while (Instant.Now < due);
    }
}
