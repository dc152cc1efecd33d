//! A job as a folder: `2026-11-29-distribute-PLAIN-f4314e94`, with a file of a fixed name for each step. Both programs take the
//! folder in place of a file, or find the one job that waits for the step.
//!
//! A folder comes over a stick, so nothing in it is trusted: a name finds a file and proves nothing, and no link is followed.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use coldamp_core::amp::request::Command;
use coldamp_core::code::{Code, Hints};
use coldamp_core::elements::OutPoint;
use coldamp_core::limits::{MAX_PSET_FILE_BYTES, MAX_SIGNED_BYTES};
use coldamp_core::pset::UnsignedPset;
use coldamp_core::signed::SignedFile;

use crate::failure::{Exit, Failure};
use crate::input::read_file;
use crate::profile::default_jobs;
use crate::screen::{printable_path, say};

mod name;

pub use name::{JobName, date};

/// AMP's request, byte for byte.
pub const REQUEST: &str = "request.json";
/// The unsigned PSET.
pub const UNSIGNED: &str = "unsigned.pset";
/// An approver's approval.
pub const APPROVAL: &str = "approval.json";
/// The signed transaction and its report.
pub const SIGNED: &str = "signed.json";

/// What the file of one signer of several begins with; its fingerprint and `.json` follow.
const SIGNATURES: &str = "signatures-";

/// Folders that are looked at. A treasury that has more moves old jobs elsewhere.
const MAX_JOBS: usize = 1_000;

/// Files in the folder of a job. A job has less than thirty.
const MAX_FILES: usize = 1_000;

/// Keys that a treasury can have, and so files with signatures.
const MAX_SIGNERS: usize = 15;

/// The folder of one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobFolder {
    path: PathBuf,
}

impl JobFolder {
    /// The job in a folder. The folder's own name may be any.
    pub fn at(path: &Path) -> Self {
        JobFolder { path: path.to_owned() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the folder has an entry of this name, even a broken link.
    pub fn has(&self, name: &str) -> bool {
        fs::symlink_metadata(self.path.join(name)).is_ok()
    }

    /// Where a file is or would be.
    pub fn path_of(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A file that a step reads.
    ///
    /// # Errors
    /// When it is missing, or no regular file: whoever carries the folder must not choose another file of this machine.
    pub fn file(&self, name: &str, hints: &Hints) -> Result<PathBuf, Failure> {
        let path = self.path.join(name);
        let problem = match fs::symlink_metadata(&path) {
            Ok(found) if found.is_file() => return Ok(path),
            Ok(_) => format!("{} is a link or no regular file", printable_path(&path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                format!(
                    "the job has no {} yet: the step that writes it was not taken, or its file is elsewhere",
                    printable_path(&path)
                )
            }
            Err(error) => format!("cannot read {}: {error}", printable_path(&path)),
        };
        Err(Failure::coded(Code::Job, problem, hints))
    }

    /// The bytes of signed.json. A file of that name that is none, or spends other coins than the PSET beside it, could hide a job that
    /// waits.
    ///
    /// # Errors
    /// When it is no signed file, or not one of this PSET.
    pub fn signed(&self, hints: &Hints) -> Result<Vec<u8>, String> {
        let read = |name: &str, limit| {
            let path = self.file(name, hints).map_err(|failure| failure.message)?;
            read_file(&path, limit).map_err(|error| format!("{name}: {error}"))
        };
        let bytes = read(SIGNED, MAX_SIGNED_BYTES)?;
        let signed = SignedFile::read(&bytes).map_err(|error| format!("{SIGNED}: {error}"))?;
        if self.has(UNSIGNED) {
            let pset = UnsignedPset::read(&read(UNSIGNED, MAX_PSET_FILE_BYTES)?);
            let pset = pset.map_err(|error| format!("{UNSIGNED}: {error}"))?;
            let of_signed: BTreeSet<OutPoint> =
                signed.transaction().input.iter().map(|input| input.previous_output).collect();
            if of_signed != pset.inputs.iter().map(|input| input.outpoint).collect() {
                return Err(format!("{SIGNED} spends other coins than {UNSIGNED}"));
            }
        }
        Ok(bytes)
    }

    /// The name of the file with the signatures of this key.
    pub fn signatures_name(fingerprint: impl std::fmt::Display) -> String {
        format!("{SIGNATURES}{fingerprint}.json")
    }

    /// The files with signatures alone, in the order of their names.
    ///
    /// # Errors
    /// When the folder cannot be read, or one of them is a link.
    pub fn signatures(&self, hints: &Hints) -> Result<Vec<PathBuf>, Failure> {
        let names = self.signature_names().map_err(|error| {
            let message = format!("cannot read the folder {}: {error}", printable_path(&self.path));
            Failure::coded(Code::Job, message, hints)
        })?;
        names.iter().map(|name| self.file(name, hints)).collect()
    }

    /// The names of the files with signatures alone.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn signature_names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for (number, entry) in fs::read_dir(&self.path)?.enumerate() {
            // Cut off in silence, junk would hide signatures.
            if number >= MAX_FILES {
                return Err(io::Error::other(format!("it has more than {MAX_FILES} files")));
            }
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.starts_with(SIGNATURES) && name.ends_with(".json") {
                if names.len() >= MAX_SIGNERS {
                    return Err(io::Error::other(format!(
                        "it has more than {MAX_SIGNERS} files with signatures"
                    )));
                }
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// Makes the folder, for its owner alone.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(&self) -> Result<(), Failure> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&self.path);
        Ok(made.map_err(|reason| crate::output::OutputError::File { path: self.path.clone(), reason })?)
    }

    /// Removes the folder if nothing is in it.
    pub fn remove_if_empty(&self) {
        // A folder with a file in it stays: the system refuses to remove it.
        let _ = fs::remove_dir(&self.path);
    }
}

/// What is in the folder of the jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The name of the folder.
    pub name: String,
    /// The folder, with what its name says.
    ///
    /// # Errors
    /// Why it is not one of a job.
    pub job: Result<(JobName, JobFolder), NoJob>,
}

/// Why something in the folder of the jobs is no job.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoJob {
    /// A link. It is not followed.
    #[error("it is a link")]
    Link,
    /// A folder with the files of a job, under another name.
    #[error("its name is not that of a job, but it has the files of one")]
    Renamed,
    /// Another folder.
    #[error("its name is not that of a job")]
    Other,
}

/// The folders in the folder of the jobs, newest first. The default folder has none before the first job.
///
/// # Errors
/// When the folder cannot be read. Where the profile names it, a missing one is refused too: it lies on a stick that is not there, and
/// an empty list would read as "nothing is open".
pub fn list(jobs: &Path, hints: &Hints) -> Result<Vec<Found>, Failure> {
    let is_default = default_jobs().as_deref() == Some(jobs);
    let read = || -> io::Result<Vec<(Option<String>, SystemTime, Found)>> {
        let entries = match fs::read_dir(jobs) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && is_default => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry?;
            let kind = entry.file_type()?;
            if !kind.is_dir() && !kind.is_symlink() {
                continue;
            }
            if found.len() >= MAX_JOBS {
                return Err(io::Error::other(format!("it has more than {MAX_JOBS} folders")));
            }
            let name = entry.file_name().to_string_lossy().into_owned();
            let folder = JobFolder::at(&entry.path());
            let job = match JobName::parse(&name) {
                _ if kind.is_symlink() => Err(NoJob::Link),
                Some(job) => Ok((job, folder)),
                None if [REQUEST, UNSIGNED, SIGNED].iter().any(|file| folder.has(file)) => {
                    Err(NoJob::Renamed)
                }
                None => Err(NoJob::Other),
            };
            let day = job.as_ref().ok().map(|(job, _)| job.date.clone());
            // Of one day, by when AMP's answer came.
            let request = entry.path().join(REQUEST);
            let changed = fs::symlink_metadata(request).and_then(|request| request.modified());
            let changed = changed.or_else(|_| entry.metadata()?.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
            found.push((day, changed, Found { name, job }));
        }
        Ok(found)
    };
    let mut found = read().map_err(|error| {
        let message = match error.kind() {
            io::ErrorKind::NotFound => format!(
                "the folder of the jobs, {}, is not there. If it is on a stick, insert and mount the stick. If it is new, make it with mkdir",
                printable_path(jobs)
            ),
            _ => format!("cannot read the folder of the jobs, {}: {error}", printable_path(jobs)),
        };
        Failure::coded(Code::Job, message, hints)
    })?;
    found.sort_by(|a, b| (&b.0, b.1, &b.2.name).cmp(&(&a.0, a.1, &a.2.name)));
    Ok(found.into_iter().map(|(.., found)| found).collect())
}

/// What a command works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picked {
    /// A file that the command line names.
    File(PathBuf),
    /// A job.
    Job(JobFolder),
}

/// What a command works on: the file or folder that the command line names, else the one job that waits for this step, which is
/// then said. `step` is the command's name. `waits` says whether a job waits for it, or why that cannot be told.
///
/// # Errors
/// When nothing is named and no job waits for the step (JOB), or several do (JOB_AMBIGUOUS): a wrong job must not be signed or sent by
/// accident. A folder that does not read counts as one that may wait: whoever carries the folders could hide the right one so.
pub fn pick(
    named: Option<&Path>,
    jobs: Option<&Path>,
    step: &str,
    hints: &Hints,
    waits: impl Fn(&JobFolder) -> Result<bool, String>,
) -> Result<Picked, Failure> {
    if let Some(named) = named {
        return Ok(match named.is_dir() {
            true => Picked::Job(JobFolder::at(named)),
            false => Picked::File(named.to_owned()),
        });
    }
    let Some(jobs) = jobs else {
        let message =
            "no file is named, and there is no folder of jobs: found neither HOME nor a profile with `jobs`";
        return Err(Failure::coded(Code::Job, message, hints).with_exit(Exit::Usage));
    };
    let (mut waiting, mut unread) = (Vec::new(), Vec::new());
    for Found { name, job } in list(jobs, hints)? {
        match job.map(|(_, job)| (waits(&job), job)) {
            Ok((Ok(true), job)) => waiting.push(job),
            Ok((Ok(false), _)) | Err(NoJob::Other) => {}
            Ok((Err(problem), job)) => {
                unread.push(format!("  {}: does not read: {problem}", printable_path(job.path())));
            }
            Err(problem) => {
                unread.push(format!("  {}: does not read: {problem}", printable_path(&jobs.join(name))));
            }
        }
    }
    let lines: Vec<String> =
        waiting.iter().map(|job| format!("  {}", printable_path(job.path()))).chain(unread.clone()).collect();
    match (waiting.as_slice(), unread.len()) {
        ([job], 0) => {
            say(&format!("job            {}", printable_path(job.path())));
            Ok(Picked::Job(job.clone()))
        }
        ([], 0) => {
            let message =
                format!("no file is named, and no job in {} waits for `{step}`", printable_path(jobs));
            Err(Failure::coded(Code::Job, message, hints).with_exit(Exit::Usage))
        }
        (jobs, 0) => {
            let message = format!("{} jobs wait for `{step}`", jobs.len());
            Err(Failure::coded(Code::JobAmbiguous, message, hints).with_lines(lines))
        }
        (jobs, unread) => {
            let message = format!(
                "it is not clear which job waits for `{step}`: {} do, and {unread} folders do not read",
                jobs.len()
            );
            Err(Failure::coded(Code::JobAmbiguous, message, hints).with_lines(lines))
        }
    }
}

/// The folder for a new job: of the name, or with the next eight digits where that is taken.
pub fn new_folder(jobs: &Path, command: Command, asset: &str, now: u64) -> JobFolder {
    // Each is another name, and few are taken.
    (0..u64::MAX)
        .map(|number| JobName::new(command, asset, now, number))
        .map(|name| JobFolder::at(&jobs.join(name.to_string())))
        .find(|folder| fs::symlink_metadata(folder.path()).is_err())
        .unwrap_or_else(|| JobFolder::at(jobs))
}

#[cfg(test)]
mod tests;
