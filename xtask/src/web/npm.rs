//! What npm does: it brings what a lock file names, runs no script of theirs, and builds and tests what is ours.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::step::{Failure, root, target};

/// Bundles the page: `web/dist`, and in it the single file.
pub(super) fn page() -> Result<(), Failure> {
    npm("web", &["ci", "--ignore-scripts"])?;
    npm("web", &["run", "build"])
}

/// The page's own tests, then those in a browser, against the two binaries and the sandbox, which must have been built.
pub(super) fn tests() -> Result<(), Failure> {
    npm("web", &["test"])?;
    npm("tests/browser", &["ci", "--ignore-scripts"])?;
    npm("tests/browser", &["test"])
}

fn npm(folder: &str, arguments: &[&str]) -> Result<(), Failure> {
    eprintln!("xtask: in {folder}: npm {}", arguments.join(" "));
    let mut command = Command::new("npm");
    command.args(arguments).current_dir(root().join(Path::new(folder))).stdin(Stdio::null());
    command.env("COLDAMP_BINARIES", target().join("debug"));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new("npm", format!("npm {} in {folder}: {status}", arguments.join(" ")))),
        Err(error) => Err(Failure::new("npm", format!("cannot start npm: {error}"))),
    }
}
