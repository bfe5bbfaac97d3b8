using System;
using System.Threading;

namespace OctoStore;

/// <summary>How long an acquire waits in line, and how long one request does.</summary>
internal sealed class LineWait(Clock clock, TimeSpan wait, TimeSpan slice)
{
    public Instant Until { get; } = clock.Now + (wait == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : wait);

    /// <summary>How long the next request may wait.</summary>
    public int NextSeconds => (int)Math.Min(slice.TotalSeconds, Math.Ceiling(Until.FromNow().TotalSeconds));
}
