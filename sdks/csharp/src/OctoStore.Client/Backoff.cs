using System;

namespace OctoStore;

/// <summary>How long to pause before the next attempt.</summary>
internal static class Backoff
{
    /// <summary>
    /// Random between zero and a bound that doubles with each failure, so that many clients spread out, but never less than
    /// the server asked for.
    /// </summary>
    /// <param name="failures">How many attempts have failed, from 1.</param>
    /// <param name="retryAfter">What the server asked for, if anything.</param>
    public static TimeSpan Delay(int failures, TimeSpan? retryAfter)
    {
        double boundMs = Math.Min(Rules.RepeatDelayMsMax, Math.ScaleB(Rules.RepeatDelayMsFirst, failures - 1));
        TimeSpan drawn = TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * boundMs);
        return Spans.Max(retryAfter ?? TimeSpan.Zero, drawn);
    }
}
