using System;

namespace OctoStore;

/// <summary>
/// A moment on the clock that leases are counted on: see <see cref="LeaseClock"/>. No one can set it, and it counts the time
/// for which the machine was suspended.
/// </summary>
internal readonly record struct Instant(TimeSpan SinceStart)
{
    public static Instant Now => new(LeaseClock.Elapsed());

    /// <summary>Later by that time, or the latest possible moment if that is out of range.</summary>
    public static Instant operator +(Instant start, TimeSpan time) =>
        new(time > TimeSpan.MaxValue - start.SinceStart ? TimeSpan.MaxValue : start.SinceStart + time);

    public static TimeSpan operator -(Instant end, Instant start) => end.SinceStart - start.SinceStart;

    public static bool operator <(Instant one, Instant other) => one.SinceStart < other.SinceStart;

    public static bool operator >(Instant one, Instant other) => one.SinceStart > other.SinceStart;

    /// <summary>How long until this moment. Zero if it has passed.</summary>
    public TimeSpan FromNow() => Spans.Max(TimeSpan.Zero, this - Now);
}
