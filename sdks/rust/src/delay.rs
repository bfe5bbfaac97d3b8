use std::time::Duration;

use crate::rules::RULES;

/// How long to wait before the next attempt after so many failures, counted from 1: drawn from 0 up to a bound that
/// doubles with each failure, so that many clients spread out; and no less than the server asked for.
pub(crate) fn delay(failures: u32, retry_after: Option<Duration>) -> Duration {
    let first = Duration::from_millis(RULES.repeat_delay_ms_first);
    let bound = first
        .saturating_mul(1_u32.checked_shl(failures - 1).unwrap_or(u32::MAX))
        .min(Duration::from_millis(RULES.repeat_delay_ms_max));
    bound.mul_f64(fastrand::f64()).max(retry_after.unwrap_or_default())
}
