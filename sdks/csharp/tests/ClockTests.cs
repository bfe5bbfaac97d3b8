using System;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;

namespace OctoStore.Tests;

internal sealed class ClockTests
{
    private TimeSpan _monotonic = TimeSpan.FromSeconds(100);
    private DateTimeOffset _wall = DateTimeOffset.UnixEpoch;

    [Test]
    public Task OnLinuxItIsTheTimeSinceTheBoot()
    {
        if (!OperatingSystem.IsLinux()) return Task.CompletedTask;
        TimeSpan before = Clock.OfSystem.Now.SinceStart;
        double uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        TimeSpan after = Clock.OfSystem.Now.SinceStart;
        // The file rounds to hundredths.
        TimeSpan slack = TimeSpan.FromSeconds(0.02);
        bool isBetween = before - slack <= TimeSpan.FromSeconds(uptime) && TimeSpan.FromSeconds(uptime) <= after + slack;
        Expect.True(isBetween, $"{uptime} s is between {before} and {after}");
        return Task.CompletedTask;
    }

    [Test]
    public Task TimeThatOnlyTheWallClockCountsHasPassedToo()
    {
        ComparedClock clock = NewClock();
        Advance(monotonicSeconds: 1, wallSeconds: 61);
        Expect.Equal(TimeSpan.FromSeconds(161), clock.Elapsed());
        Advance(monotonicSeconds: 1, wallSeconds: 1);
        Expect.Equal(TimeSpan.FromSeconds(162), clock.Elapsed());
        return Task.CompletedTask;
    }

    [Test]
    public Task SmallCorrectionsOfTheWallClockAndStepsBackDoNotCount()
    {
        ComparedClock clock = NewClock();
        Advance(monotonicSeconds: 1, wallSeconds: 2);
        Expect.Equal(TimeSpan.FromSeconds(101), clock.Elapsed());
        Advance(monotonicSeconds: 1, wallSeconds: -3600);
        Expect.Equal(TimeSpan.FromSeconds(102), clock.Elapsed());
        return Task.CompletedTask;
    }

    private ComparedClock NewClock() => new(() => _monotonic, () => _wall);

    private void Advance(int monotonicSeconds, int wallSeconds)
    {
        _monotonic += TimeSpan.FromSeconds(monotonicSeconds);
        _wall += TimeSpan.FromSeconds(wallSeconds);
    }
}
