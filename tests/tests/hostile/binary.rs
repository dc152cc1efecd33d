//! The same files through the binary: whatever core refuses, `coldamp sign` refuses too, with the exit code that scripts
//! go by and the name that people do, and leaves no file.

use std::collections::BTreeMap;

use coldamp_tests::{Desk, KEYS, Scenario};

use super::job::JobName;

/// The code of no PSET: were the rule missing, the approval would stop the file, under a name that no row expects.
const NOBODYS_CODE: &str = "0000-0000-0000-0000-0000-0000-0000-0000";

/// A file that must not be signed.
pub(crate) struct Hostile {
    /// Whose keystore it is brought to.
    pub(crate) job: JobName,
    /// What was done to it.
    pub(crate) attack: String,
    pub(crate) file: Vec<u8>,
    /// Flags of `sign` that let pass what is otherwise refused.
    pub(crate) flags: &'static str,
    /// 3 for a rule that failed, 6 for what does not decode.
    pub(crate) exit: i32,
    /// What stderr must say: the name of the rule, in its place.
    pub(crate) words: String,
}

/// Whether the files go through the binary too. Looking for mutants of the review starts these tests hundreds of times,
/// and core alone must catch each one.
pub(crate) fn is_wanted() -> bool {
    std::env::var_os("COLDAMP_HOSTILE_IN_CORE_ONLY").is_none()
}

/// Brings each file to the cold machine it was made for, and lists every one that is not refused as it must be. One
/// process a file, one after the other: the harness runs as many of these lists at once as there are cores.
pub(crate) fn failures(files: impl IntoIterator<Item = Hostile>) -> Vec<String> {
    if !is_wanted() {
        return Vec::new();
    }
    let mut desks = BTreeMap::new();
    let failure = |hostile: Hostile| {
        let scenario = hostile.job.1;
        let desk = desks.entry(scenario).or_insert_with(|| Desk::cold_copy(&Scenario::load(scenario)));
        hostile.failure(desk)
    };
    files.into_iter().filter_map(failure).collect()
}

impl Hostile {
    fn failure(&self, desk: &Desk) -> Option<String> {
        desk.write("hostile.pset", &self.file);
        let before = desk.files();
        let sign = format!("sign hostile.pset {KEYS} --approve {NOBODYS_CODE} -o out.json {}", self.flags);
        let run = desk.run("coldamp", &sign);
        let left = desk.files();
        let is_named = run.stderr.contains(&self.words);
        // The review of what decodes, without anything that approves it.
        let is_shown = run.stdout.contains("\nNOT TO BE SIGNED: ") || self.exit == 6 && run.stdout.is_empty();
        let approves = run.stdout.contains("\napproval ") || run.stdout.contains("Checks passed");
        let is_refused = run.code == self.exit && is_named && is_shown && !approves && left == before;
        (!is_refused).then(|| {
            let Hostile { job: (kind, _), attack, exit, words, .. } = self;
            let found =
                format!("the binary ended with {}, left {left:?}, and said\n{}", run.code, run.stderr);
            format!("{} ({attack}): expected {exit} and {words:?}; {found}", kind.name())
        })
    }
}
