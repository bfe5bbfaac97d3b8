//! The clock that leases are counted on. It is monotonic and counts the time for which the machine was suspended.
//!
//! On Linux and Android that is `CLOCK_BOOTTIME`. Elsewhere, it compares the wall clock with the monotonic one.

use std::time::Duration;

/// How long a timer sleeps at most, because timers do not count suspended time.
const SLEEP_MAX: Duration = Duration::from_secs(1);

/// A time on this clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(Duration);

impl Moment {
    /// A moment that never comes.
    pub const NEVER: Self = Self(Duration::MAX);

    pub fn now() -> Self {
        Self(system::now())
    }

    /// The moment after a time, or one that never comes.
    pub fn after(self, time: Duration) -> Self {
        Self(self.0.saturating_add(time))
    }

    /// The time since an earlier moment. Zero if it is later.
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }

    pub fn elapsed(self) -> Duration {
        Self::now().since(self)
    }

    /// The time until this moment. Zero once it has come.
    pub fn left(self) -> Duration {
        self.since(Self::now())
    }

    pub fn has_come(self) -> bool {
        self.left().is_zero()
    }
}

/// Resolves at a moment, or at most a second later if the machine was suspended meanwhile.
pub(crate) async fn sleep_until(moment: Moment) {
    while !moment.has_come() {
        tokio::time::sleep(moment.left().min(SLEEP_MAX)).await;
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod system {
    use std::time::Duration;

    use rustix::time::{ClockId, clock_gettime};

    pub fn now() -> Duration {
        let at = clock_gettime(ClockId::Boottime);
        let seconds = u64::try_from(at.tv_sec).unwrap_or_default();
        Duration::new(seconds, u32::try_from(at.tv_nsec).unwrap_or_default())
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod system {
    use std::sync::{LazyLock, Mutex, PoisonError};
    use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

    use super::WallAided;

    static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);
    static AIDED: Mutex<WallAided> = Mutex::new(WallAided::NEW);

    pub fn now() -> Duration {
        let started = *STARTED;
        let mut aided = AIDED.lock().unwrap_or_else(PoisonError::into_inner);
        aided.at(started.elapsed(), SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
    }
}

/// For systems that do not tell of suspended time. If the wall clock has advanced more than the monotonic one by more than a second
/// since the last look, that counts as passed time. If someone sets the wall clock forward, a lease ends too early for its holder,
/// which is safe.
#[cfg(any(test, not(any(target_os = "linux", target_os = "android"))))]
struct WallAided {
    last: Option<(Duration, Duration)>,
    suspended: Duration,
}

#[cfg(any(test, not(any(target_os = "linux", target_os = "android"))))]
impl WallAided {
    const NEW: Self = Self { last: None, suspended: Duration::ZERO };

    fn at(&mut self, monotonic: Duration, wall: Duration) -> Duration {
        if let Some((last_monotonic, last_wall)) = self.last.replace((monotonic, wall)) {
            let passed = monotonic.saturating_sub(last_monotonic);
            let gained = wall.saturating_sub(last_wall).saturating_sub(passed);
            if gained > Duration::from_secs(1) {
                self.suspended += gained;
            }
        }
        monotonic + self.suspended
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Moment, WallAided};

    #[test]
    fn the_wall_clock_tells_of_suspended_time() {
        let mut aided = WallAided::NEW;
        let (mut monotonic, mut wall) = (Duration::ZERO, Duration::from_secs(1_000_000));
        let mut last = aided.at(monotonic, wall);
        for (advance_ms, wall_advance_ms, passed_ms) in
            [(1000, 1000, 1000), (1000, 3_600_000, 3_600_000), (1000, 1900, 1000), (1000, -100_000, 1000)]
        {
            monotonic += Duration::from_millis(advance_ms);
            let change = Duration::from_millis(i64::unsigned_abs(wall_advance_ms));
            wall = if wall_advance_ms < 0 { wall.saturating_sub(change) } else { wall + change };
            let now = aided.at(monotonic, wall);
            assert_eq!(now.saturating_sub(last), Duration::from_millis(passed_ms), "{wall_advance_ms}");
            last = now;
        }
    }

    #[test]
    fn a_moment_that_never_comes_does_not_overflow() {
        assert_eq!(Moment::now().after(Duration::MAX), Moment::NEVER);
        assert!(!Moment::NEVER.has_come() && Moment::now().has_come());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_clock_counts_from_the_start_of_the_machine() {
        let Ok(text) = std::fs::read_to_string("/proc/uptime") else { return };
        let uptime: f64 = text.split_whitespace().next().unwrap().parse().unwrap();
        let ahead = Moment::now().0.as_secs_f64() - uptime;
        assert!((-1.0..60.0).contains(&ahead), "{ahead}");
    }
}
