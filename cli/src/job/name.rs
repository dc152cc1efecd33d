//! Names of the folders of jobs.

use std::fmt;

use coldamp_core::amp::request::Command;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::hex::DisplayHex as _;

use crate::profile::ShortName;

/// Seconds of a day.
const DAY: u64 = 86_400;

/// `2026-11-29-distribute-PLAIN-f4314e94`: the day (UTC), the job, the asset's short name or the first eight digits of its uuid, and
/// eight hexadecimal digits that tell jobs of a day apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobName {
    /// The day, YYYY-MM-DD.
    pub date: String,
    /// The job.
    pub command: Command,
    /// The asset's short name, or the first digits of its uuid.
    pub asset: String,
    digits: String,
}

impl JobName {
    /// The name of a job that is asked for now, in seconds since 1970. The digits are the first four bytes of SHA-256 of
    /// `JOB ASSET SECONDS NUMBER`: they are known before AMP is asked.
    pub(super) fn new(command: Command, asset: &str, now: u64, number: u64) -> Self {
        let hash = sha256::Hash::hash(format!("{command} {asset} {now} {number}").as_bytes());
        let hash = hash.to_byte_array();
        let digits = hash.first_chunk::<4>().unwrap_or(&[0; 4]).to_lower_hex_string();
        JobName { date: date(now), command, asset: asset.to_owned(), digits }
    }

    /// Reads a folder's name. `None` for any other.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = text.split_at_checked(10)?;
        let (command, rest) = rest.strip_prefix('-')?.split_once('-')?;
        let (asset, digits) = rest.rsplit_once('-')?;
        let is_date = date.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        let is_hex = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
        let is_name = is_date && digits.len() == 8 && digits.bytes().all(is_hex);
        let command = Command::from_name(command).filter(|_| is_name)?;
        let asset = ShortName::parse(asset)?.to_string();
        Some(JobName { date: date.to_owned(), command, asset, digits: digits.to_owned() })
    }
}

impl fmt::Display for JobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}-{}", self.date, self.command, self.asset, self.digits)
    }
}

/// The day of a time in seconds since 1970, as YYYY-MM-DD (UTC). The calendar repeats every 400 years of 146,097 days
/// (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`).
pub fn date(now: u64) -> String {
    // Years begin in March, so that the leap day is a year's last.
    let days = (now / DAY).saturating_add(719_468);
    let (era, day) = (days / 146_097, days % 146_097);
    let leap_days = (day / 1_460).saturating_add(day / 146_096);
    let year = day.saturating_sub(leap_days).saturating_add(day / 36_524) / 365;
    let of_year =
        day.saturating_sub((year.saturating_mul(365)).saturating_add(year / 4).saturating_sub(year / 100));
    let month = (of_year.saturating_mul(5).saturating_add(2)) / 153;
    let of_month =
        of_year.saturating_sub((month.saturating_mul(153).saturating_add(2)) / 5).saturating_add(1);
    let (month, next) = if month < 10 { (month.saturating_add(3), 0) } else { (month.saturating_sub(9), 1) };
    let year = era.saturating_mul(400).saturating_add(year).saturating_add(next);
    format!("{year:04}-{month:02}-{of_month:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_that_of_the_calendar() {
        // `date -u -d @SECONDS +%F`
        for (seconds, day) in [
            (0, "1970-01-01"),
            (951_782_399, "2000-02-28"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_795_910_400, "2026-11-29"),
            (1_798_761_599, "2026-12-31"),
            (1_798_761_600, "2027-01-01"),
            (4_107_542_400, "2100-03-01"),
        ] {
            assert_eq!(date(seconds), day, "{seconds}");
        }
    }

    #[test]
    fn a_name_is_read_as_it_was_written_and_another_is_none() {
        let name = JobName::new(Command::Distribute, "EUR-2026.B", 1_795_910_400, 0);
        let text = name.to_string();
        assert!(text.starts_with("2026-11-29-distribute-EUR-2026.B-") && text.len() == 41, "{text}");
        assert_eq!(JobName::parse(&text), Some(name.clone()));
        assert_ne!(name, JobName::new(Command::Distribute, "EUR-2026.B", 1_795_910_400, 1));
        for other in [
            "",
            "2026-11-29",
            "2026-11-29-distribute-f4314e94",
            "2026-11-29-mint-PLAIN-f4314e94",
            "2026-11-29-burn-PLAIN-F4314E94",
            "2026-11-29-burn-PLAIN-f4314e9",
            "2026/11/29-burn-PLAIN-f4314e94",
            "2026-11-29-burn-..-f4314e94",
            "2026-11-29-burn-é-f4314e94",
        ] {
            assert_eq!(JobName::parse(other), None, "{other}");
        }
    }
}
