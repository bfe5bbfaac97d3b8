using System;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OctoStore;

/// <summary>
/// A monotonic clock that counts the time for which the machine was suspended. On Linux, that is CLOCK_BOOTTIME, and on
/// macOS CLOCK_MONOTONIC_RAW. <see cref="Stopwatch"/> would leave the time out there. On Windows, it counts it. On other
/// systems, or if the system refuses, the clock is a <see cref="ComparedClock"/>.
/// </summary>
internal static class LeaseClock
{
    private const int LinuxBootTime = 7;
    private const int MacMonotonicRaw = 4;

    private static readonly Func<TimeSpan> Source = SourceOfThisSystem();

    public static TimeSpan Elapsed() => Source();

    private static Func<TimeSpan> SourceOfThisSystem()
    {
        if (OperatingSystem.IsWindows()) return () => Stopwatch.GetElapsedTime(0);
        if (OperatingSystem.IsLinux() && TryRead(LinuxBootTime) is not null) return () => Read(LinuxBootTime);
        if (OperatingSystem.IsMacOS() && TryRead(MacMonotonicRaw) is not null) return () => Read(MacMonotonicRaw);
        return new ComparedClock(() => Stopwatch.GetElapsedTime(0), () => DateTimeOffset.UtcNow).Elapsed;
    }

    private static TimeSpan Read(int clock) =>
        TryRead(clock) ?? throw new InvalidOperationException($"the clock {clock} has stopped working");

    private static TimeSpan? TryRead(int clock)
    {
        try
        {
            bool isRead = clock_gettime(clock, out TimeSpec time) == 0;
            return isRead ? TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / 100)) : null;
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    [DllImport("libc")]
    private static extern int clock_gettime(int clock, out TimeSpec time);

    /// <summary>Both members have the size of a C <c>long</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public CLong SecondsPart;
        public CLong NanosecondsPart;

        public readonly long Seconds => SecondsPart.Value;

        public readonly long Nanoseconds => NanosecondsPart.Value;
    }
}
