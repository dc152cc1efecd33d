//! What npm does: it brings what a lock file names, runs no script of theirs, and builds and tests what is ours.

use std::process::Command;

use crate::progress::{self, Running, spoken};
use crate::step::{Failure, root, target};

/// What brings the packages that a lock file names.
const INSTALL: [&str; 2] = ["ci", "--ignore-scripts"];

/// Starts to bring what the page is bundled with.
pub(super) fn install() -> Result<Running, Failure> {
    Running::start("npm ci", &mut npm("web", &INSTALL)).map_err(|why| failed("web", &INSTALL, &why))
}

/// Bundles the page: `web/dist`, and in it the single file.
pub(super) fn page(packages: Running) -> Result<(), Failure> {
    packages.end().map_err(|why| failed("web", &INSTALL, &why))?;
    run("web", &["run", "build"])
}

/// The page's own tests, then those in a browser, against the two binaries and the sandbox, which must have been built.
pub(super) fn tests() -> Result<(), Failure> {
    run("web", &["test"])?;
    run("tests/browser", &INSTALL)?;
    run("tests/browser", &["test"])
}

fn run(folder: &str, arguments: &[&str]) -> Result<(), Failure> {
    let title = format!("in {folder}: npm {}", arguments.join(" "));
    eprintln!("xtask: {title}");
    let ended = progress::run(&title, &mut npm(folder, arguments));
    let ended = ended.map_err(|why| failed(folder, arguments, &why))?;
    eprintln!("xtask: {title}: passed in {}", spoken(ended.took));
    Ok(())
}

fn npm(folder: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.args(arguments).current_dir(root().join(folder));
    command.env("COLDAMP_BINARIES", target().join("debug"));
    command
}

fn failed(folder: &str, arguments: &[&str], why: &str) -> Failure {
    Failure::new("npm", format!("npm {} in {folder}: {why}", arguments.join(" ")))
}
