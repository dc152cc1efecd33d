//! What was done about a new asset, by two logs: FILE.log beside the answer, and the one in the state folder, which is of every
//! file that asked AMP for an asset of this ticker and domain. Without the second one, another file name, or a stick that
//! lost FILE.log, would ask AMP again while its list does not show the asset yet.

use coldamp_online::state::log::{Log, LogError, Step};
use coldamp_online::treasury::issue::may_have_been_issued;

use super::log_file::LogFile;

/// Both logs.
pub(crate) struct IssueLog {
    beside: LogFile,
    kept: LogFile,
    steps: Vec<Step>,
}

impl IssueLog {
    /// Both together. What one of them leaves open, the other does not close.
    pub(crate) fn of(beside: LogFile, kept: LogFile) -> Self {
        let open = if may_have_been_issued(kept.steps()) { &kept } else { &beside };
        let steps = open.steps().to_vec();
        IssueLog { beside, kept, steps }
    }
}

impl Log for IssueLog {
    fn steps(&self) -> &[Step] {
        &self.steps
    }

    fn add(&mut self, step: Step) -> Result<(), LogError> {
        self.kept.add(step.clone())?;
        self.beside.add(step.clone())?;
        self.steps.push(step);
        Ok(())
    }
}
