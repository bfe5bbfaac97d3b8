using System;

namespace OctoStore;

/// <summary>A moment on the clock that leases are counted on.</summary>
/// <param name="SinceStart">How long after the start of the clock.</param>
/// <param name="Clock">The clock.</param>
internal readonly record struct Instant(TimeSpan SinceStart, Clock Clock)
{
    /// <summary>Later by that time, or the latest possible moment if that is out of range.</summary>
    public static Instant operator +(Instant start, TimeSpan time)
    {
        bool isOutOfRange = time > TimeSpan.MaxValue - start.SinceStart;
        return start with { SinceStart = isOutOfRange ? TimeSpan.MaxValue : start.SinceStart + time };
    }

    public static TimeSpan operator -(Instant end, Instant start) => end.SinceStart - start.SinceStart;

    public static bool operator <(Instant one, Instant other) => one.SinceStart < other.SinceStart;

    public static bool operator >(Instant one, Instant other) => one.SinceStart > other.SinceStart;

    /// <summary>How long until this moment. Zero if it has passed.</summary>
    public TimeSpan FromNow() => Spans.Max(TimeSpan.Zero, this - Clock.Now);
}
