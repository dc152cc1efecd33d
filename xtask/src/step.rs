//! A step is one cargo command with a name. It is announced before it starts. A list of steps ends at the first that fails.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::progress::{self, spoken};

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

    fn run(&self) -> Result<Duration, String> {
        Ok(progress::run(self.name, &mut cargo(self.arguments, self.environment))?.took)
    }
}

/// A command of cargo in the root of the workspace, with these arguments and with these environment variables besides ours.
pub(crate) fn cargo(arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    // The cargo that runs xtask, so that a `+toolchain` on the command line holds for the steps too.
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    // What cargo told xtask of its own package. ring's build script is run again when these change, so a command by hand
    // would compile the TLS of the online half after each command of xtask.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).envs(environment.iter().copied()).current_dir(root());
    command
}

/// Runs the steps of a command in order, each announced on stderr, and timed, up to the first that fails.
pub(crate) fn run_all(command: &str, steps: &[Step]) -> Result<(), Failure> {
    in_order(steps, |line| eprintln!("xtask {command}: {line}"), Step::run)?;
    eprintln!("xtask {command}: all {} steps passed", steps.len());
    Ok(())
}

fn in_order(
    steps: &[Step],
    mut announce: impl FnMut(String),
    mut run: impl FnMut(&Step) -> Result<Duration, String>,
) -> Result<(), Failure> {
    for (index, step) in steps.iter().enumerate() {
        let title = format!("{}/{} {}", index + 1, steps.len(), step.name);
        announce(format!("{title}: {}", step.typed()));
        let took = run(step).map_err(|why| Failure { step: step.name, why })?;
        announce(format!("{title}: passed in {}", spoken(took)));
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
                if step.name == failing {
                    Err("exit status: 101".to_owned())
                } else {
                    Ok(Duration::from_secs(61))
                }
            },
        );
        (log.into_inner(), outcome)
    }

    #[test]
    fn each_step_is_announced_before_it_runs_and_timed_after() {
        let (log, outcome) = recorded("none");
        assert_eq!(outcome, Ok(()));
        assert_eq!(
            log,
            [
                "1/3 first: cargo one --locked",
                "ran first",
                "1/3 first: passed in 1 min 1 s",
                "2/3 second: FLAGS=\"-D warnings\" cargo two",
                "ran second",
                "2/3 second: passed in 1 min 1 s",
                "3/3 third: cargo three",
                "ran third",
                "3/3 third: passed in 1 min 1 s",
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
    fn a_command_hears_nothing_of_the_package_xtask() {
        // Under cargo both are set for a test too.
        let removed: Vec<_> = cargo(&[], &[])
            .get_envs()
            .filter(|(_, value)| value.is_none())
            .map(|(name, _)| name.to_owned())
            .collect();
        let set = |name: &str| std::env::var_os(name).is_some();
        for name in ["CARGO_PKG_NAME", "CARGO_MANIFEST_DIR"] {
            assert_eq!(removed.iter().any(|removed| removed == name), set(name), "{name}");
        }
    }

    #[test]
    fn what_cargo_exits_with_decides() {
        for (arguments, passes) in [(&["--version"], true), (&["--no-such-option"], false)] {
            let step = Step { name: "any", arguments, environment: &[] };
            assert_eq!(step.run().is_ok(), passes, "{arguments:?}");
        }
    }
}
