using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// Counts leases, and times pauses and timeouts. The clock of the system cannot be set, and counts the time for which the
/// machine was suspended: see <see cref="LeaseClock"/>. A program can give another one, such as one that its tests move.
/// </summary>
/// <param name="given">The program's.</param>
internal sealed class Clock(TimeProvider? given)
{
    public static readonly Clock OfSystem = new(given: null);

    private static readonly TimeSpan TimerMax = TimeSpan.FromDays(1);

    /// <summary>
    /// How often a pause looks at the clock, because timers may not count the time of a suspended machine.
    /// </summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    public Instant Now => new(given is null ? LeaseClock.Elapsed() : given.GetElapsedTime(0), this);

    /// <summary>Date and time.</summary>
    public DateTimeOffset Date => Timers.GetUtcNow();

    /// <summary>For timers and timeouts.</summary>
    public TimeProvider Timers => given ?? TimeProvider.System;

    /// <summary>Pauses. One timer can run for only so long.</summary>
    public Task PauseAsync(TimeSpan time, CancellationToken cancel) =>
        Task.Delay(Spans.Min(time, TimerMax), Timers, cancel);

    public async Task PauseUntilAsync(Instant due, CancellationToken cancel)
    {
        do
        {
            await PauseAsync(Spans.Min(due.FromNow(), LookEvery), cancel).ConfigureAwait(false);
        }
        while (Now < due);
    }
}
