//! What was done about the report of a transaction, by two logs: FILE.log beside this copy of the signed file, and the one in
//! the state folder, which is of every copy. Without the second one AMP would be told twice from a second copy, wherever its
//! record does not show the report yet.

use std::path::Path;

use coldamp_cli::Failure;
use coldamp_online::report::was_accepted;
use coldamp_online::state::log::{Log, LogError, Step, joined};

use crate::state::log_file::LogFile;

/// Both logs.
pub(crate) struct ReportLog {
    beside: LogFile,
    kept: LogFile,
    steps: Vec<Step>,
}

impl ReportLog {
    /// Opens the log beside a signed file, or starts it, and reads it together with the `kept` one.
    ///
    /// # Errors
    /// As [`LogFile::beside`].
    pub(crate) fn open(path: &Path, content: &[u8], kept: LogFile) -> Result<Self, Failure> {
        let beside = LogFile::beside(path, content)?;
        let steps = joined(beside.steps(), kept.steps());
        Ok(ReportLog { beside, kept, steps })
    }

    /// Where the log is that says that AMP took the report; the one beside the file where both do.
    pub(crate) fn accepted_in(&self) -> &Path {
        if was_accepted(self.beside.steps()) { self.beside.path() } else { self.kept.path() }
    }
}

impl Log for ReportLog {
    fn steps(&self) -> &[Step] {
        &self.steps
    }

    fn add(&mut self, step: Step) -> Result<(), LogError> {
        // In this order: the log beside the file then never has a step that the other one lacks.
        if step.is_about_report() {
            self.kept.add(step.clone())?;
        }
        self.beside.add(step.clone())?;
        self.steps.push(step);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "the tests read files as an operator does")]

    use super::*;
    use coldamp_core::code::Code;

    #[test]
    fn a_second_copy_of_the_file_knows_what_the_first_one_reported() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let open = |name: &str, content: &[u8]| {
            ReportLog::open(&path(name), content, LogFile::at(path("kept"), b"txid").unwrap()).unwrap()
        };
        let posting = || Step::Posting { sha256: "bb".to_owned() };
        let sending = Step::Sending { txid: "00".to_owned() };
        let mut first = open("first", b"first");
        first.add(sending.clone()).unwrap();
        first.add(posting()).unwrap();
        drop(first);
        let text = |name: &str| std::fs::read_to_string(path(name)).unwrap();
        assert!(text("first.log").contains("posting") && text("kept").contains("posting"));
        assert!(!text("kept").contains("sending"));
        // Another copy, of other bytes.
        let second = open("second", b"second");
        assert!(second.steps().contains(&posting()) && !second.steps().contains(&sending));
        assert!(!text("second.log").contains("posting"));
        // One at a time, whichever copy it is.
        let busy = LogFile::at(path("kept"), b"txid").err().unwrap();
        assert_eq!(busy.code, Some(Code::LogBusy));
    }
}
