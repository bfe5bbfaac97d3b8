use std::time::Duration;

use crate::rules::RULES;

/// How long to wait before the next attempt after a number of failures, from 1. Random between 0 and a bound that
/// doubles with each failure, so that many clients spread out, but never less than the server asked for.
pub(crate) fn delay(failures: u32, retry_after: Option<Duration>) -> Duration {
    let first = Duration::from_millis(RULES.repeat_delay_ms_first);
    let bound = first
        .saturating_mul(1_u32.checked_shl(failures - 1).unwrap_or(u32::MAX))
        .min(Duration::from_millis(RULES.repeat_delay_ms_max));
    bound.mul_f64(fastrand::f64()).max(retry_after.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::delay;

    #[test]
    fn delays_have_a_bound_that_doubles_up_to_another_one() {
        for (failures, bound_ms) in [(1, 100), (2, 200), (5, 1600), (6, 2000), (1000, 2000)] {
            let bound = Duration::from_millis(bound_ms);
            let longest = (0..1000).map(|_| delay(failures, None)).max().unwrap_or_default();
            assert!(longest <= bound && longest > bound / 2, "{failures}: {longest:?}");
        }
    }

    #[test]
    fn no_delay_is_shorter_than_the_server_asked_for() {
        assert_eq!(delay(1, Some(Duration::from_secs(3))), Duration::from_secs(3));
    }
}
