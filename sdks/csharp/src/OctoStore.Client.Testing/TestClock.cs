using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore.Testing;

/// <summary>A clock that stands still until a test moves it.</summary>
public sealed class TestClock : TimeProvider
{
    private readonly object _gate = new();
    private readonly List<TestTimer> _timers = [];
    private readonly DateTimeOffset _start;
    private TimeSpan _elapsed;
    private long _settings;

    /// <summary>Creates a clock that shows this date and time; midnight of 1 January 2030, UTC, by default.</summary>
    public TestClock(DateTimeOffset? start = null)
    {
        _start = start ?? new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How far it has been moved.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_gate) return _elapsed;
        }
    }

    /// <summary>
    /// Moves the clock. Timers fire on the way, one after the other, each when the clock shows its time. What a client of a
    /// <see cref="FakeOctoStore"/> does in the background, such as renewing, happens before this returns. What your own code
    /// does then, for example when a lock is lost, can take longer.
    /// </summary>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        TimeSpan target = Elapsed + time;
        SynchronizationContext? context = SynchronizationContext.Current;
        // Otherwise what awaits a timer would be posted to the context, such as that of a test runner, and happen later.
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            while (NextUntil(target) is { } timer) timer.Fire();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => Elapsed.Ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + Elapsed;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new TestTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>The next timer until then, with the clock moved to its time. If there is none: null, at the end.</summary>
    private TestTimer? NextUntil(TimeSpan target)
    {
        lock (_gate)
        {
            TestTimer? next = _timers.Where(timer => timer.Due <= target).MinBy(timer => (timer.Due, timer.Setting));
            TimeSpan now = next?.Due ?? target;
            if (now > _elapsed) _elapsed = now;
            next?.Count();
            return next;
        }
    }

    private sealed class TestTimer(TestClock clock, Action callback) : ITimer
    {
        private TimeSpan _period;

        public TimeSpan Due { get; private set; }

        /// <summary>Of timers that are due at the same time, the one that was set first fires first.</summary>
        public long Setting { get; private set; }

        public void Fire() => callback();

        /// <summary>It is about to fire.</summary>
        public void Count()
        {
            if (_period > TimeSpan.Zero) Due += _period;
            else clock._timers.Remove(this);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime < TimeSpan.Zero) return true;
                (Due, _period, Setting) = (clock._elapsed + dueTime, period, clock._settings++);
                clock._timers.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
