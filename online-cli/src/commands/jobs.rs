//! `coldamp-online jobs`: the folders of jobs, and where each stands. It asks nobody: files and logs say it.

use coldamp_cli::job::{self, Found, JobFolder, JobName, REQUEST};
use coldamp_cli::screen::printable_path;
use coldamp_cli::treasury::network;
use coldamp_cli::{Failure, output, screen};
use coldamp_core::amp::Request;
use coldamp_core::limits::MAX_REQUEST_BYTES;
use coldamp_core::network::{Chain, Network};
use serde::Serialize;

use crate::amount::amount;
use crate::args::JobsArguments;
use crate::hints::HINTS;
use crate::input::read_file;
use crate::job::Stage;
use crate::load;

/// The list as JSON.
#[derive(Serialize)]
struct List {
    format: &'static str,
    jobs: Vec<Row>,
}

/// A folder.
#[derive(Default, Serialize)]
struct Row {
    folder: String,
    job: Option<&'static str>,
    /// The short name in the folder's name, or the first digits of the uuid.
    name: Option<String>,
    asset: Option<String>,
    base_units: Option<u64>,
    stage: Option<&'static str>,
    signatures: Option<usize>,
    needed: Option<usize>,
    /// What does not read.
    problem: Option<String>,
    #[serde(skip)]
    shown_amount: Option<String>,
}

/// Lists the jobs.
///
/// # Errors
/// When the folder of the jobs cannot be read.
pub(super) fn run(arguments: &JobsArguments) -> Result<(), Failure> {
    let jobs = load::named(arguments.jobs.as_deref())?;
    let network = network(arguments.network.unwrap_or(Chain::Liquid), arguments.policy_asset)?;
    let descriptor =
        arguments.descriptor.as_deref().map(|path| load::descriptor(path, &network)).transpose()?;
    let needed = descriptor.map(|descriptor| descriptor.threshold());
    let found = job::list(jobs, &HINTS)?;
    let rows: Vec<Row> = found.into_iter().map(|found| row(found, &network, needed)).collect();
    if arguments.json {
        let list = List { format: "coldamp.jobs/1", jobs: rows };
        let text = serde_json::to_string(&list).map_err(Failure::internal)?;
        return Ok(output::print_exact(&text)?);
    }
    if rows.is_empty() {
        screen::say(&format!("no jobs in {}", printable_path(jobs)));
    }
    for row in rows {
        output::print(&row.line())?;
    }
    Ok(())
}

/// What is known of a folder.
fn row(found: Found, network: &Network, needed: Option<usize>) -> Row {
    let Found { name: folder, job } = found;
    // The name comes from a stick, and JSON does not escape what steers a terminal.
    let folder = screen::visible(&folder);
    let (name, job) = match job {
        Ok(job) => job,
        Err(problem) => return Row { folder, problem: Some(problem.to_string()), ..Row::default() },
    };
    let JobName { command, asset, .. } = name;
    let mut row = Row { folder, job: Some(command.name()), name: Some(asset), ..Row::default() };
    match Stage::of(&job) {
        Ok(stage) => row.stands(stage, needed),
        Err(problem) => row.problem = Some(problem),
    }
    if job.has(REQUEST) {
        match request(&job, network) {
            // The name of a folder proves nothing.
            Ok(request) if request.command() != command => {
                row.problem = Some(format!("its request is a {}", request.command()));
            }
            Ok(request) => {
                row.asset = Some(request.asset.to_string());
                row.base_units = Some(request.total().base_units());
                row.shown_amount = Some(amount(request.total()));
            }
            Err(problem) => row.problem = Some(problem),
        }
    }
    row
}

fn request(job: &JobFolder, network: &Network) -> Result<Request, String> {
    let path = job.file(REQUEST, &HINTS).map_err(|failure| failure.message)?;
    let bytes = read_file(&path, MAX_REQUEST_BYTES, "the request").map_err(|failure| failure.message)?;
    Request::parse(&bytes, network).map_err(|error| format!("the request: {error}"))
}

impl Row {
    fn stands(&mut self, stage: Stage, needed: Option<usize>) {
        self.stage = Some(match stage {
            Stage::New => "new",
            Stage::Asked => "asked",
            Stage::Requested => "requested",
            Stage::Prepared { signatures } => {
                self.signatures = Some(signatures);
                self.needed = needed;
                "prepared"
            }
            Stage::Signed => "signed",
            Stage::Sent => "sent",
            Stage::Reported => "reported",
        });
    }

    /// One line for a person.
    fn line(&self) -> String {
        let stands = match (&self.problem, self.stage, self.signatures, self.needed) {
            (Some(problem), ..) => format!("does not read: {problem}"),
            (None, Some("new"), ..) => "nothing was asked yet".to_owned(),
            (None, Some("asked"), ..) => "AMP was asked, and its answer is not there".to_owned(),
            (None, Some("prepared"), Some(signatures @ 1..), Some(needed)) => {
                format!("signed by {signatures} of the {needed} keys that must sign")
            }
            (None, Some("prepared"), Some(signatures @ 1..), None) => format!("signed by {signatures} keys"),
            (None, Some(stage), ..) => stage.to_owned(),
            (None, None, ..) => String::new(),
        };
        let amount = self.shown_amount.as_ref().map(|amount| format!(", {amount}")).unwrap_or_default();
        let asset = self.asset.as_ref().map(|asset| format!(" of {asset}")).unwrap_or_default();
        format!("{}: {stands}{amount}{asset}", self.folder)
    }
}
