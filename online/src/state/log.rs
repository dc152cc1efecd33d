//! What was done with a file, step by step, each recorded before it is taken: FILE.log beside it, lines of JSON that are
//! only ever added to.
//!
//! A step without its outcome may have happened or not. Whoever continues looks first: at the
//! chain for a transaction, at AMP for a report or a distribution.

use serde::{Deserialize, Serialize};

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// The first line: which file this log is of.
    Of {
        /// SHA-256 of the file, hexadecimal.
        sha256: String,
    },
    /// The transaction is about to be sent.
    Sending {
        /// The transaction.
        txid: String,
    },
    /// The chain has it.
    Sent {
        /// The transaction.
        txid: String,
    },
    /// The report is about to be posted.
    Posting {
        /// SHA-256 of the body, hexadecimal.
        sha256: String,
    },
    /// AMP has the report.
    Accepted {
        /// Whether AMP's answer said so, or AMP's own record was found to have it.
        by: Acceptance,
    },
    /// AMP does not take the report.
    Refused {
        /// The status.
        status: u16,
    },
    /// The report never left: no connection to AMP came about.
    Unposted,
    /// A distribution is about to be asked for, which makes it.
    Asking,
    /// What came of it is known: AMP answered, or it was not asked.
    Answered,
    /// An assignment is about to be locked.
    Locking {
        /// AMP's number of the assignment.
        assignment: u64,
    },
    /// It is locked.
    Locked {
        /// AMP's number of the assignment.
        assignment: u64,
        /// Whether AMP's list shows it, or only AMP's answer said so.
        by: Shown,
    },
    /// AMP refused to lock it, so it is not ours to unlock.
    NotLocked {
        /// AMP's number of the assignment.
        assignment: u64,
    },
    /// An assignment is about to be unlocked.
    Unlocking {
        /// AMP's number of the assignment.
        assignment: u64,
    },
    /// It is not locked any more, or there is nothing left to unlock.
    Unlocked {
        /// AMP's number of the assignment.
        assignment: u64,
    },
    /// A new asset is about to be asked for, which issues it.
    Issuing,
}

impl Step {
    /// Whether it is about the report.
    pub fn is_about_report(&self) -> bool {
        matches!(self, Step::Posting { .. } | Step::Accepted { .. } | Step::Refused { .. } | Step::Unposted)
    }
}

/// How it is known that AMP has a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Acceptance {
    /// AMP answered with success.
    Answer,
    /// AMP's record shows it.
    Record,
}

/// How it is known that an assignment is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// AMP's list of assignments shows it.
    List,
    /// AMP's answer to the lock says so. Its list shows no difference.
    Answer,
}

/// Why a log is not gone on with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// A line that is not a step.
    #[error("line {line}: found no step, expected one of a log of this version")]
    Line {
        /// Counted from 1.
        line: usize,
    },
    /// The log of another file.
    #[error("it is the log of another file: found SHA-256 {found}, expected {expected}")]
    OtherFile {
        /// What its first line says.
        found: String,
        /// The file's.
        expected: String,
    },
    /// A step could not be recorded, and so was not taken.
    #[error("cannot record a step: {reason}")]
    Write {
        /// What the system said.
        reason: String,
    },
}

/// A log that steps can be added to. Whoever implements it brings each to the disk before it returns.
pub trait Log {
    /// The steps so far.
    fn steps(&self) -> &[Step];

    /// Records a step.
    ///
    /// # Errors
    /// When it is not on the disk; then the step must not be taken.
    fn add(&mut self, step: Step) -> Result<(), LogError>;
}

/// How every line of a log begins.
const LINE_START: &[u8] = br#"{"step":"#;

/// The steps of a log's whole lines, and how many bytes these are. The beginning of a line behind the last line break was cut
/// off while it was written, before the step was taken. Whoever goes on with the log removes it.
///
/// # Errors
/// When a line is no step, the text behind the last line break is not the beginning of a step, or the first line says that it
/// is of another file. Then the file may be anything, and must not be changed.
pub fn read(text: &[u8], sha256: &str) -> Result<(Vec<Step>, usize), LogError> {
    let (steps, whole) = steps(text)?;
    match steps.first() {
        None => {}
        Some(Step::Of { sha256: found }) if found == sha256 => {}
        Some(Step::Of { sha256: found }) => {
            let (found, expected) = (found.chars().take(64).collect(), sha256.to_owned());
            return Err(LogError::OtherFile { found, expected });
        }
        Some(_) => return Err(LogError::Line { line: 1 }),
    }
    Ok((steps, whole))
}

/// The same of whichever file the log is.
///
/// # Errors
/// When a line is no step, or the text behind the last line break is not the beginning of a step.
pub fn steps(text: &[u8]) -> Result<(Vec<Step>, usize), LogError> {
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end.saturating_add(1));
    let (lines, rest) = text.split_at(whole);
    let mut steps = Vec::new();
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    for (number, line) in (1..).zip(lines) {
        steps.push(serde_json::from_slice(line).map_err(|_| LogError::Line { line: number })?);
    }
    if !(rest.starts_with(LINE_START) || LINE_START.starts_with(rest)) {
        return Err(LogError::Line { line: steps.len().saturating_add(1) });
    }
    Ok((steps, whole))
}

/// The steps of a file by its own log, and by the log that is kept of all copies of it. A step about the report is recorded in
/// the second one first. If the first one has nothing that the second one lacks, the second one says how the report went.
/// Else both count: what one of them leaves open is not closed by the other.
pub fn joined(own: &[Step], kept: &[Step]) -> Vec<Step> {
    let (own_reports, others): (Vec<&Step>, Vec<&Step>) = own.iter().partition(|step| step.is_about_report());
    let kept: Vec<&Step> = kept.iter().filter(|step| step.is_about_report()).collect();
    let first = if kept.starts_with(&own_reports) { others } else { own.iter().collect() };
    first.into_iter().chain(kept).cloned().collect()
}

/// A step as its line.
///
/// # Errors
/// Never for what a step can hold; the writer's error is passed on all the same.
pub fn line(step: &Step) -> Result<String, LogError> {
    let text = serde_json::to_string(step).map_err(|error| LogError::Write { reason: error.to_string() })?;
    Ok(format!("{text}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{may_have_arrived, was_accepted};

    fn of(sha256: &str) -> Step {
        Step::Of { sha256: sha256.to_owned() }
    }

    #[test]
    fn steps_are_read_as_they_were_written() {
        let steps = vec![
            of("aa"),
            Step::Sending { txid: "00".to_owned() },
            Step::Sent { txid: "00".to_owned() },
            Step::Posting { sha256: "bb".to_owned() },
            Step::Refused { status: 400 },
            Step::Unposted,
            Step::Accepted { by: Acceptance::Record },
            Step::Asking,
            Step::Answered,
            Step::Locking { assignment: 7 },
            Step::Locked { assignment: 7, by: Shown::List },
            Step::NotLocked { assignment: 8 },
            Step::Unlocking { assignment: 7 },
            Step::Unlocked { assignment: 7 },
            Step::Issuing,
        ];
        let text: String = steps.iter().map(|step| line(step).unwrap()).collect();
        assert_eq!(read(text.as_bytes(), "aa"), Ok((steps, text.len())));
    }

    #[test]
    fn a_line_that_was_cut_off_was_never_taken_and_one_within_is_refused() {
        let first = line(&of("aa")).unwrap();
        let sending = line(&Step::Sending { txid: "00".to_owned() }).unwrap();
        let whole = format!("{first}{sending}");
        for cut in first.len()..whole.len() {
            let (steps, bytes) = read(&whole.as_bytes()[..cut], "aa").unwrap();
            assert_eq!((steps.len(), bytes), (1, first.len()), "{cut}");
        }
        let broken = format!("{first}{{\"step\":\"sen\n{sending}");
        assert_eq!(read(broken.as_bytes(), "aa"), Err(LogError::Line { line: 2 }));
    }

    #[test]
    fn a_file_that_is_no_log_is_refused_also_without_a_line_break() {
        let first = line(&of("aa")).unwrap();
        for (text, at) in [
            ("precious".to_owned(), 1),
            ("{".repeat(20), 1),
            ("{\"version\":1}".to_owned(), 1),
            (format!("{first}precious"), 2),
            (format!("{first} "), 2),
        ] {
            assert_eq!(read(text.as_bytes(), "aa"), Err(LogError::Line { line: at }), "{text}");
        }
    }

    #[test]
    fn two_logs_of_one_file_are_joined_and_neither_takes_back_what_the_other_leaves_open() {
        let posting = || Step::Posting { sha256: "bb".to_owned() };
        let accepted = || Step::Accepted { by: Acceptance::Answer };
        let refused = || Step::Refused { status: 400 };
        let sent = || Step::Sent { txid: "00".to_owned() };
        // A copy without a log of its own, and one whose log ends before the last step.
        assert_eq!(
            joined(&[of("aa")], &[of("tt"), posting(), accepted()]),
            [of("aa"), posting(), accepted()]
        );
        let behind = joined(&[of("aa"), posting(), sent()], &[of("tt"), posting(), refused()]);
        assert_eq!(behind, [of("aa"), sent(), posting(), refused()]);
        assert!(!may_have_arrived(&behind));
        // A log from before the second one was kept.
        let alone = [of("aa"), posting(), accepted()];
        assert_eq!(joined(&alone, &[of("tt")]), alone);
        // One that was altered: what the kept one leaves open stays so.
        let altered = joined(&[of("aa"), posting(), refused()], &[of("tt"), posting()]);
        assert!(may_have_arrived(&altered), "{altered:?}");
        assert!(was_accepted(&joined(&[of("aa"), posting()], &[of("tt"), accepted()])));
    }

    #[test]
    fn the_log_of_another_file_is_not_gone_on_with() {
        let text = line(&of("bb")).unwrap();
        assert!(matches!(read(text.as_bytes(), "aa"), Err(LogError::OtherFile { .. })));
        let headless = line(&Step::Refused { status: 400 }).unwrap();
        assert_eq!(read(headless.as_bytes(), "aa"), Err(LogError::Line { line: 1 }));
        assert_eq!(read(b"", "aa"), Ok((vec![], 0)));
    }
}
