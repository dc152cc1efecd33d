//! Which job a command works on, and where a job stands, from its files and logs alone.

use std::path::Path;

use coldamp_cli::input::read_file;
use coldamp_cli::job::{self, JobFolder, Picked, REQUEST, SIGNED, UNSIGNED};
use coldamp_cli::profile::Filling;
use coldamp_cli::screen::printable_path;
use coldamp_cli::{Exit, Failure};
use coldamp_core::amp::request::{Command, Uuid};
use coldamp_core::code::Code;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_online::report::was_accepted;
use coldamp_online::state::log::{self, Step};

use crate::args::ChosenAsset;
use crate::hints::HINTS;
use crate::refusal;
use crate::runtime::Clock;
use crate::state::log_file::MAX_LOG_BYTES;

/// The log of a request, and the log of a signed file.
const REQUEST_LOG: &str = "request.json.log";
const SIGNED_LOG: &str = "signed.json.log";

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// There is no request yet, and AMP was not asked.
    New,
    /// There is no request, and AMP was asked: its answer may be lost.
    Asked,
    /// AMP's request is there.
    Requested,
    /// The unsigned PSET is there, and signatures of so many keys.
    Prepared {
        /// Files with signatures alone.
        signatures: usize,
    },
    /// signed.json is there.
    Signed,
    /// The chain has it, by the log.
    Sent,
    /// AMP has the report, by the log.
    Reported,
}

impl Stage {
    /// Of a job.
    ///
    /// # Errors
    /// When a file of it does not read.
    pub(crate) fn of(job: &JobFolder) -> Result<Self, String> {
        if job.has(SIGNED) {
            let bytes = job.signed(&HINTS)?;
            let steps = steps(job, SIGNED_LOG, &bytes)?;
            return Ok(match steps.iter().any(|step| matches!(step, Step::Sent { .. })) {
                _ if was_accepted(&steps) => Stage::Reported,
                true => Stage::Sent,
                false => Stage::Signed,
            });
        }
        if job.has(UNSIGNED) {
            let names = job.signature_names().map_err(|error| error.to_string())?;
            return Ok(Stage::Prepared { signatures: names.len() });
        }
        if job.has(REQUEST) {
            return Ok(Stage::Requested);
        }
        Ok(if asked(job)? { Stage::Asked } else { Stage::New })
    }
}

/// A file of a job.
fn read(job: &JobFolder, name: &str, limit: usize) -> Result<Vec<u8>, String> {
    let path = job.file(name, &HINTS).map_err(|failure| failure.message)?;
    read_file(&path, limit).map_err(|error| format!("{name}: {error}"))
}

/// The steps of a log, without locking it. None where there is no log.
fn steps(job: &JobFolder, name: &str, content: &[u8]) -> Result<Vec<Step>, String> {
    if !job.has(name) {
        return Ok(Vec::new());
    }
    let limit = usize::try_from(MAX_LOG_BYTES).unwrap_or(usize::MAX);
    let text = read(job, name, limit)?;
    let sha256 = sha256::Hash::hash(content).to_byte_array().to_lower_hex_string();
    log::read(&text, &sha256).map(|(steps, _)| steps).map_err(|error| format!("{name}: {error}"))
}

/// What a command works on: see [`job::pick`].
pub(crate) fn pick(
    named: Option<&Path>,
    filling: &Filling<'_>,
    step: &str,
    waits: impl Fn(&JobFolder, Stage) -> bool,
) -> Result<Picked, Failure> {
    job::pick(named, filling.jobs().as_deref(), step, &HINTS, |job| {
        Stage::of(job).map(|stage| waits(job, stage))
    })
}

/// The folder for a new request. A distribution whose answer was lost goes on in its own folder: the log there says that AMP was
/// asked.
///
/// # Errors
/// When there is no folder of jobs, it cannot be read, or several folders have such a log.
pub(crate) fn folder_of_request(
    filling: &Filling<'_>,
    command: Command,
    asset: &ChosenAsset,
) -> Result<JobFolder, Failure> {
    let jobs = filling.jobs().ok_or_else(|| {
        let message =
            "no file is named, and there is no folder of jobs: found neither HOME nor a profile with `jobs`";
        Failure::new(Exit::Usage, message, "Name the file to write with -o, or `jobs` in the profile.")
    })?;
    let found = job::list(&jobs, &HINTS)?;
    let mut asked = Vec::new();
    for (name, folder) in found.into_iter().filter_map(|found| found.job.ok()) {
        if name.command == command && !folder.has(REQUEST) && is_of(&folder, &asset.uuid)? {
            asked.push(folder);
        }
    }
    match asked.as_slice() {
        [] => {}
        [folder] => return Ok(folder.clone()),
        // One of the logs says what AMP was asked. Another one must not take its place.
        several => {
            let count = several.len();
            let message = format!("{count} folders have the log of a {command} of this asset and no request");
            let lines = several.iter().map(|job| format!("  {}", printable_path(job.path()))).collect();
            let hint = "Look at each request.json.log: the one with the step `asking` goes on. Move the others elsewhere, or name the file of the request with -o.";
            return Err(refusal::of(Code::JobAmbiguous, message).with_lines(lines).with_hint(hint));
        }
    }
    let digits = || asset.uuid.to_string().chars().take(8).collect();
    let name = asset.name.as_ref().map_or_else(digits, ToString::to_string);
    Ok(job::new_folder(&jobs, command, &name, Clock.now()))
}

/// Whether the log of a request says that AMP was asked. Of which asset the log is decides nothing here.
fn asked(job: &JobFolder) -> Result<bool, String> {
    if !job.has(REQUEST_LOG) {
        return Ok(false);
    }
    let text = read(job, REQUEST_LOG, usize::try_from(MAX_LOG_BYTES).unwrap_or(usize::MAX))?;
    let steps = log::steps(&text).map_err(|error| format!("{REQUEST_LOG}: {error}"))?;
    Ok(steps.0.contains(&Step::Asking))
}

/// Whether a log of a request is of an asset. One without a line is of none yet, and whoever goes on with it makes it its own.
///
/// # Errors
/// When it does not read: it may be the one that says that AMP was asked.
fn is_of(job: &JobFolder, asset: &Uuid) -> Result<bool, Failure> {
    if !job.has(REQUEST_LOG) {
        return Ok(false);
    }
    let unread = |problem: String| {
        let path = printable_path(&job.path_of(REQUEST_LOG));
        let hint = "Put back the log as it was. It says whether AMP was asked. Or name the file of the request with -o, after you have looked at AMP.";
        refusal::of(Code::Job, format!("the log {path} does not read: {problem}")).with_hint(hint)
    };
    let limit = usize::try_from(MAX_LOG_BYTES).unwrap_or(usize::MAX);
    let text = read(job, REQUEST_LOG, limit).map_err(unread)?;
    let (steps, _) = log::steps(&text).map_err(|error| unread(error.to_string()))?;
    let own = sha256::Hash::hash(asset.to_string().as_bytes()).to_byte_array().to_lower_hex_string();
    match steps.first() {
        None => Ok(true),
        Some(Step::Of { sha256 }) => Ok(*sha256 == own),
        Some(_) => Err(unread("its first line does not say what it is of".to_owned())),
    }
}
