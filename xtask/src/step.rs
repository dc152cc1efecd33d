//! A step is one cargo command with a name. It is announced before it starts. A list of steps ends at the first that fails.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// Where cargo builds to.
pub(crate) fn target() -> PathBuf {
    let named = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    root().join(named.unwrap_or_else(|| PathBuf::from("target")))
}

/// One cargo command.
pub(crate) struct Step {
    /// What it is for, in a word or two.
    pub(crate) name: &'static str,
    /// The arguments of `cargo`.
    pub(crate) arguments: &'static [&'static str],
    /// Environment variables it gets besides ours.
    pub(crate) environment: &'static [(&'static str, &'static str)],
}

/// The step that failed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    step: &'static str,
    why: String,
}

impl Failure {
    /// What failed, and why.
    pub(crate) fn new(step: &'static str, why: String) -> Self {
        Failure { step, why }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} failed ({})", self.step, self.why)
    }
}

impl Step {
    /// The command as one would type it.
    fn typed(&self) -> String {
        let mut line = String::new();
        for (name, value) in self.environment {
            line.push_str(&format!("{name}={} ", quoted(value)));
        }
        line.push_str("cargo");
        for argument in self.arguments {
            line.push_str(&format!(" {}", quoted(argument)));
        }
        line
    }

    fn run(&self) -> Result<(), String> {
        judged(self.command().status())
    }

    fn command(&self) -> Command {
        cargo(self.arguments, self.environment)
    }
}

/// A command of cargo in the root of the workspace, with these arguments and with these environment variables besides ours.
pub(crate) fn cargo(arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    // The cargo that runs xtask, so that a `+toolchain` on the command line holds for the steps too.
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(root())
        // A step that asks a question would wait in CI forever.
        .stdin(Stdio::null());
    command
}

fn judged(status: io::Result<ExitStatus>) -> Result<(), String> {
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(status.to_string()),
        Err(error) => Err(format!("cannot start cargo: {error}")),
    }
}

/// Runs the steps of a command in order, each announced on stderr, up to the first that fails.
pub(crate) fn run_all(command: &str, steps: &[Step]) -> Result<(), Failure> {
    in_order(steps, |line| eprintln!("xtask {command}: {line}"), Step::run)?;
    eprintln!("xtask {command}: all {} steps passed", steps.len());
    Ok(())
}

fn in_order(
    steps: &[Step],
    mut announce: impl FnMut(String),
    mut run: impl FnMut(&Step) -> Result<(), String>,
) -> Result<(), Failure> {
    for (index, step) in steps.iter().enumerate() {
        announce(format!("{}/{} {}: {}", index + 1, steps.len(), step.name, step.typed()));
        run(step).map_err(|why| Failure { step: step.name, why })?;
    }
    Ok(())
}

fn quoted(word: &str) -> String {
    if word.contains(' ') { format!("\"{word}\"") } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    const STEPS: &[Step] = &[
        Step { name: "first", arguments: &["one", "--locked"], environment: &[] },
        Step { name: "second", arguments: &["two"], environment: &[("FLAGS", "-D warnings")] },
        Step { name: "third", arguments: &["three"], environment: &[] },
    ];

    fn recorded(failing: &str) -> (Vec<String>, Result<(), Failure>) {
        let log = RefCell::new(Vec::new());
        let outcome = in_order(
            STEPS,
            |line| log.borrow_mut().push(line),
            |step| {
                log.borrow_mut().push(format!("ran {}", step.name));
                if step.name == failing { Err("exit status: 101".to_owned()) } else { Ok(()) }
            },
        );
        (log.into_inner(), outcome)
    }

    #[test]
    fn each_step_is_announced_before_it_runs() {
        let (log, outcome) = recorded("none");
        assert_eq!(outcome, Ok(()));
        assert_eq!(
            log,
            [
                "1/3 first: cargo one --locked",
                "ran first",
                "2/3 second: FLAGS=\"-D warnings\" cargo two",
                "ran second",
                "3/3 third: cargo three",
                "ran third",
            ]
        );
    }

    #[test]
    fn the_first_failure_ends_the_list_and_is_named() {
        let (log, outcome) = recorded("second");
        assert_eq!(log.last().map(String::as_str), Some("ran second"));
        let said = outcome.map_err(|failure| failure.to_string());
        assert_eq!(said, Err("second failed (exit status: 101)".to_owned()));
    }

    #[test]
    fn what_cargo_exits_with_decides() {
        for (argument, passes) in [("--version", true), ("--no-such-option", false)] {
            let step = Step { name: "any", arguments: &[], environment: &[] };
            let status = step.command().arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status();
            assert_eq!(judged(status).is_ok(), passes, "{argument}");
        }
    }
}
