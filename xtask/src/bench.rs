//! The benchmarks: built with the binary and the WASM that they measure, then run.

use std::process::Command;

use crate::step::{Failure, Step, run_all, target};
use crate::web;

/// In one command, so that nothing is compiled a second time with other features.
const BUILD: Step = Step {
    name: "benchmarks, and the binary that they start",
    arguments: &["build", "--profile", "speed", "--locked", "-p", "coldamp-benches", "-p", "coldamp"],
    environment: &[],
};

/// Runs the groups that are named, or all of them.
pub(crate) fn run(groups: &[&str]) -> Result<(), Failure> {
    if groups.is_empty() || groups.contains(&"wasm") {
        web::package(&web::default_package())?;
    }
    run_all("bench", &[BUILD])?;
    let folder = target().join("speed");
    let mut command = Command::new(folder.join("coldamp-benches"));
    command.args(groups).env("COLDAMP_BINARIES", &folder).env("CRITERION_HOME", target().join("criterion"));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new("bench", status.to_string())),
        Err(error) => Err(Failure::new("bench", format!("cannot start the benchmarks: {error}"))),
    }
}
