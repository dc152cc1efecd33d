//! Times as AMP writes them. There is no clock: a block's time follows from its height.

use serde_json::{Value, json};

/// 2025-01-01, the time of block 0.
const START: u64 = 1_735_689_600;

/// One Liquid block a minute.
const BLOCK_SECONDS: u64 = 60;

/// The time of a block; null without one.
pub(super) fn of_block(height: Option<u32>) -> Value {
    let seconds = |height: u32| u64::from(height).saturating_mul(BLOCK_SECONDS).saturating_add(START);
    height.map_or(Value::Null, |height| json!(of_unix(seconds(height))))
}

/// Unix seconds as `2025-01-01T00:00:00Z` (days to dates after Howard Hinnant's "chrono-compatible algorithms").
pub(super) fn of_unix(seconds: u64) -> String {
    let (days, time) = (seconds / 86_400, seconds % 86_400);
    // Years begin in March here, so that the leap day comes last.
    let days = days.saturating_add(719_468);
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let leaps = (day_of_era / 1_460).saturating_add(day_of_era / 146_096);
    let year_of_era = day_of_era.saturating_add(day_of_era / 36_524).saturating_sub(leaps) / 365;
    let before = (365 * year_of_era + year_of_era / 4).saturating_sub(year_of_era / 100);
    let day_of_year = day_of_era.saturating_sub(before);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year.saturating_sub((153 * shifted + 2) / 5).saturating_add(1);
    let (month, carried) = if shifted < 10 { (shifted + 3, 0) } else { (shifted.saturating_sub(9), 1) };
    let year = era.saturating_mul(400).saturating_add(year_of_era).saturating_add(carried);
    let (hour, minute, second) = (time / 3_600, time / 60 % 60, time % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_dates() {
        // From `date -u -d @SECONDS`.
        for (seconds, date) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_210_096, "2024-02-29T12:34:56Z"),
            (1_735_689_599, "2024-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(of_unix(seconds), date);
        }
        assert_eq!(of_block(Some(1)), json!("2025-01-01T00:01:00Z"));
        assert_eq!(of_block(None), Value::Null);
    }
}
