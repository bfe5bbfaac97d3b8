using System;

namespace OctoStore;

/// <summary>
/// A monotonic clock for systems that have none that counts suspended time. At each look, it compares the wall clock with
/// the monotonic one. If the wall clock has gained more than a second, that counts as passed time too. It may only have been
/// set forward, but then a lease ends too early for its holder, which is safe.
/// </summary>
internal sealed class ComparedClock(Func<TimeSpan> monotonic, Func<DateTimeOffset> wall)
{
    private static readonly TimeSpan SuspendedMin = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private TimeSpan _lastMonotonic = monotonic();
    private DateTimeOffset _lastWall = wall();
    private TimeSpan _suspended;

    public TimeSpan Elapsed()
    {
        lock (_gate)
        {
            (TimeSpan now, DateTimeOffset date) = (monotonic(), wall());
            TimeSpan gained = date - _lastWall - (now - _lastMonotonic);
            (_lastMonotonic, _lastWall) = (now, date);
            if (gained > SuspendedMin) _suspended += gained;
            return now + _suspended;
        }
    }
}
