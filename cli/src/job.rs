//! A job as a folder: `2026-11-29-distribute-PLAIN-f4314e94`, with a file of a fixed name for each step. Both programs take the
//! folder in place of a file, or find the one job that waits for the step.
//!
//! A folder comes over a stick, so nothing in it is trusted: a name finds a file and proves nothing, and no link is followed.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use coldamp_core::amp::request::Command;
use coldamp_core::code::{Code, Hints};

use crate::failure::{Exit, Failure};
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
const MAX_JOBS: usize = 10_000;

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

    /// Whether something has this name in it, a link to nothing too.
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
            Err(error) => format!("the job has no {}: {error}", printable_path(&path)),
        };
        Err(Failure::coded(Code::Job, problem, hints))
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
        for entry in fs::read_dir(&self.path)?.take(MAX_JOBS) {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.starts_with(SIGNATURES) && name.ends_with(".json") {
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
    /// What the name says; `None` for another name.
    pub job: Option<(JobName, JobFolder)>,
}

/// The folders in the folder of the jobs, newest first. One that does not exist has none. Links to folders are left out.
///
/// # Errors
/// When the folder cannot be read.
pub fn list(jobs: &Path, hints: &Hints) -> Result<Vec<Found>, Failure> {
    let read = || -> io::Result<Vec<(Option<String>, SystemTime, Found)>> {
        let entries = match fs::read_dir(jobs) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry?;
            if !entry.file_type()?.is_dir() {
                continue;
            }
            if found.len() >= MAX_JOBS {
                return Err(io::Error::other(format!("it has more than {MAX_JOBS} folders")));
            }
            let name = entry.file_name().to_string_lossy().into_owned();
            let job = JobName::parse(&name).map(|job| (job, JobFolder::at(&entry.path())));
            let day = job.as_ref().map(|(job, _)| job.date.clone());
            // Of one day, by when AMP's answer came.
            let request = entry.path().join(REQUEST);
            let changed = fs::symlink_metadata(request).and_then(|request| request.modified());
            let changed = changed.or_else(|_| entry.metadata()?.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
            found.push((day, changed, Found { name, job }));
        }
        Ok(found)
    };
    let mut found = read().map_err(|error| {
        let message = format!("cannot read the folder of the jobs, {}: {error}", printable_path(jobs));
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
/// then said. `step` is the command's name.
///
/// # Errors
/// When nothing is named and no job waits for the step (JOB), or several do (JOB_AMBIGUOUS): a wrong job must not be signed or sent by
/// accident.
pub fn pick(
    named: Option<&Path>,
    jobs: Option<&Path>,
    step: &str,
    hints: &Hints,
    waits: impl Fn(&JobFolder) -> bool,
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
    let found = list(jobs, hints)?;
    let mut waiting = found.into_iter().filter_map(|found| found.job).map(|(_, job)| job).filter(waits);
    let first = waiting.next();
    let others: Vec<JobFolder> = waiting.collect();
    match (first, others.is_empty()) {
        (Some(job), true) => {
            say(&format!("job            {}", printable_path(job.path())));
            Ok(Picked::Job(job))
        }
        (Some(first), false) => {
            let count = others.len().saturating_add(1);
            let message = format!("{count} jobs wait for `{step}`");
            let lines =
                std::iter::once(&first).chain(&others).map(|job| format!("  {}", printable_path(job.path())));
            Err(Failure::coded(Code::JobAmbiguous, message, hints).with_lines(lines.collect()))
        }
        (None, _) => {
            let message =
                format!("no file is named, and no job in {} waits for `{step}`", printable_path(jobs));
            Err(Failure::coded(Code::Job, message, hints).with_exit(Exit::Usage))
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
