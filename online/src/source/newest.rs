//! How old the newest block of a source is. A source that is still syncing, or has lost its peers, calls spent coins
//! unspent and does not know what confirmed since. Its answers look like those of any other source.

use std::fmt::Display;
use std::time::Duration;

/// The newest block that a source has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewestBlock {
    /// Its height.
    pub height: u32,
    /// Its own time, in seconds since 1970.
    pub time: u64,
    /// The height that the source has yet to reach, if it says that it is catching up.
    pub catching_up_to: Option<u32>,
}

/// Liquid makes a block a minute; half an hour without one is an outage of the network or of the source.
const STALE: Duration = Duration::from_secs(30 * 60);

impl NewestBlock {
    /// As [`NewestBlock::warning`], of a source's answer. One that does not say how old its newest block is may be behind too.
    pub fn warning_of(
        newest: Result<NewestBlock, impl Display>,
        now: u64,
        makes_blocks_by_itself: bool,
    ) -> Option<String> {
        match newest {
            Ok(newest) => newest.warning(now, makes_blocks_by_itself),
            Err(error) => Some(format!("it is not known whether the chain source is up to date: {error}")),
        }
    }

    /// The warning for a source whose newest block is this, `now` in seconds since 1970; none where it is up to date.
    /// `makes_blocks_by_itself` is false of a private chain, where the age of a block says nothing.
    pub fn warning(&self, now: u64, makes_blocks_by_itself: bool) -> Option<String> {
        let NewestBlock { height, time, catching_up_to } = *self;
        let age = Duration::from_secs(now.saturating_sub(time));
        if let Some(known) = catching_up_to {
            let of = if known > height { format!(" of {known}") } else { String::new() };
            return Some(format!(
                "the chain source is still syncing: it has block {height}{of}. It may show spent coins as unspent; wait until it has caught up"
            ));
        }
        (makes_blocks_by_itself && age >= STALE).then(|| {
            format!(
                "the newest block of the chain source, {height}, is {} old. It may show spent coins as unspent and miss what has confirmed since; check the source, and this machine's clock",
                in_words(age)
            )
        })
    }
}

fn in_words(age: Duration) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let seconds = age.as_secs();
    let (count, unit) = match seconds {
        0..HOUR => (seconds / MINUTE, "minute"),
        HOUR..DAY => (seconds / HOUR, "hour"),
        _ => (seconds / DAY, "day"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000;

    fn told(age: u64, catching_up_to: Option<u32>, by_itself: bool) -> Option<String> {
        NewestBlock { height: 7, time: NOW - age, catching_up_to }.warning(NOW, by_itself)
    }

    #[test]
    fn a_source_that_is_behind_is_told_with_its_age_and_one_that_is_not_is_not() {
        assert_eq!(told(0, None, true), None);
        assert_eq!(told(29 * 60, None, true), None);
        for (age, words) in [
            (30 * 60, "30 minutes old"),
            (3_600, "1 hour old"),
            (3 * 3_600, "3 hours old"),
            (50 * 3_600, "2 days old"),
        ] {
            assert!(told(age, None, true).is_some_and(|told| told.contains(words)), "{words}");
        }
        assert_eq!(told(50 * 3_600, None, false), None, "a private chain makes blocks on demand");
        let syncing = told(0, Some(9), false).unwrap();
        assert!(syncing.contains("still syncing") && syncing.contains("block 7 of 9"), "{syncing}");
        // If this machine's clock is behind the chain's time, no age is known.
        let ahead = NewestBlock { height: 7, time: NOW + 600, catching_up_to: None };
        assert_eq!(ahead.warning(NOW, true), None);
        assert_eq!(NewestBlock::warning_of(Ok::<_, &str>(ahead), NOW, true), None);
        let unknown = NewestBlock::warning_of(Err("it is too busy"), NOW, true).unwrap();
        assert!(unknown.contains("not known") && unknown.ends_with("it is too busy"), "{unknown}");
    }
}
