//! The test binaries: built by one command, together with the binaries that they start, then run two at a time. `cargo test`
//! runs them one after another, and one with a single long test leaves all other cores idle.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use serde_json::Value;

use super::OFFLINE;
use crate::progress::{self, spoken};
use crate::step::{Failure, cargo, target};

/// How many run at once. Each gets its share of the cores.
const AT_ONCE: usize = 2;

/// The longest ones. They start first, so that none of them runs alone at the end.
const LONGEST: [&str; 4] = ["hostile", "records", "properties", "online"];

/// What every test binary is built with. All features, so that nothing is compiled a second time.
const BUILD: [&str; 7] = [
    "test",
    "--workspace",
    "--all-features",
    "--locked",
    "--no-run",
    "--message-format",
    "json-render-diagnostics",
];

/// A test binary.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Suite {
    /// Its package and its target.
    name: String,
    executable: PathBuf,
    /// The package's folder, in which cargo runs it.
    folder: PathBuf,
}

/// How many tests were skipped, by reason.
pub(super) type Skipped = BTreeMap<String, usize>;

/// What the binaries have said so far.
#[derive(Default)]
struct Results {
    failed: Vec<String>,
    skipped: Skipped,
}

/// Builds all test binaries, and the binaries that they start into the folder `debug`.
pub(super) fn build() -> Result<Vec<Suite>, Failure> {
    eprintln!("xtask test: build of all tests: cargo {}", BUILD.join(" "));
    let ended = progress::run("build of all tests", &mut cargo(&BUILD, &[OFFLINE])).map_err(failed)?;
    eprintln!("xtask test: build of all tests: passed in {}", spoken(ended.took));
    let mut suites: Vec<Suite> = ended.stdout.lines().filter_map(Suite::of_message).collect();
    if suites.is_empty() {
        return Err(failed("cargo built no test".to_owned()));
    }
    suites.sort_by_key(|suite| !LONGEST.iter().any(|long| suite.name == format!("coldamp-tests {long}")));
    Ok(suites)
}

/// Runs them all, also after one has failed: a failure hides no other.
pub(super) fn run(suites: Vec<Suite>) -> Result<Skipped, Failure> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads = cores.div_ceil(AT_ONCE).to_string();
    let count = suites.len();
    let waiting = Mutex::new(VecDeque::from(suites));
    let results = Mutex::new(Results::default());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(suite) = next(&waiting) {
                    let output = suite.command(&threads).output();
                    lock(&results).add(&suite.name, output);
                }
            });
        }
    });
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    match results.failed.as_slice() {
        [] => {
            eprintln!("xtask test: all {count} test binaries passed");
            Ok(results.skipped)
        }
        failed => Err(Failure::new("tests", failed.join(", "))),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// By itself, so that the lock is held for no longer than this takes.
fn next(waiting: &Mutex<VecDeque<Suite>>) -> Option<Suite> {
    lock(waiting).pop_front()
}

fn failed(why: String) -> Failure {
    Failure::new("build of all tests", why)
}

impl Suite {
    /// The test binary that a message of cargo's tells of, if it tells of one.
    fn of_message(line: &str) -> Option<Suite> {
        let message: Value = serde_json::from_str(line).ok()?;
        if message.get("reason")? != "compiler-artifact" || message.get("profile")?.get("test")? != true {
            return None;
        }
        let folder = PathBuf::from(message.get("manifest_path")?.as_str()?).parent()?.to_owned();
        let package = folder.file_name()?.to_string_lossy().into_owned();
        let package = if package == "tests" { "coldamp-tests".to_owned() } else { package };
        let target = message.get("target")?.get("name")?.as_str()?;
        let executable = PathBuf::from(message.get("executable")?.as_str()?);
        Some(Suite { name: format!("{package} {target}"), executable, folder })
    }

    fn command(&self, threads: &str) -> Command {
        let mut command = Command::new(&self.executable);
        command.args(["--test-threads", threads]).current_dir(&self.folder).stdin(Stdio::null());
        // As cargo sets it.
        command.env("CARGO_MANIFEST_DIR", &self.folder).env(OFFLINE.0, OFFLINE.1);
        command.env("COLDAMP_BINARIES", target().join("debug"));
        command
    }
}

impl Results {
    /// Takes a binary's result, and prints it.
    fn add(&mut self, name: &str, output: std::io::Result<Output>) {
        let output = match output {
            Ok(output) => output,
            Err(error) => {
                eprintln!("xtask test: {name}: cannot start: {error}");
                self.failed.push(name.to_owned());
                return;
            }
        };
        let (words, notes) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        for reason in skips(&notes) {
            *self.skipped.entry(reason.to_owned()).or_default() += 1;
        }
        if output.status.success() {
            let result = words.lines().find(|line| line.starts_with("test result: ")).unwrap_or("no tests");
            eprintln!("xtask test: {name}: {result}");
        } else {
            eprintln!("xtask test: {name} failed ({}):\n{words}\n{notes}", output.status);
            self.failed.push(name.to_owned());
        }
    }
}

/// The reasons in lines `SKIPPED: TEST: REASON`. The name of a test has `::` and no `: `.
fn skips(notes: &str) -> impl Iterator<Item = &str> {
    let skipped = notes.lines().filter_map(|line| line.strip_prefix("SKIPPED: "));
    skipped.map(|line| line.split_once(": ").map_or(line, |(_, reason)| reason))
}

/// The lines of a summary.
pub(super) fn summary(skipped: &Skipped) -> Vec<String> {
    if skipped.is_empty() {
        return vec!["no test was skipped".to_owned()];
    }
    skipped.iter().map(|(reason, count)| format!("SKIPPED: {count} tests: {reason}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_about_a_test_names_binary_and_folder() {
        let message = |test: bool, executable: &str| {
            format!(
                r#"{{"reason":"compiler-artifact","manifest_path":"/w/tests/Cargo.toml","target":{{"name":"hostile"}},"profile":{{"test":{test}}},"executable":{executable}}}"#
            )
        };
        let suite = Suite {
            name: "coldamp-tests hostile".to_owned(),
            executable: PathBuf::from("/t/debug/deps/hostile-1"),
            folder: PathBuf::from("/w/tests"),
        };
        assert_eq!(Suite::of_message(&message(true, r#""/t/debug/deps/hostile-1""#)), Some(suite));
        for other in [
            message(false, r#""/t/debug/coldamp""#),
            message(true, "null"),
            r#"{"reason":"build-finished","success":true}"#.to_owned(),
            "not JSON".to_owned(),
        ] {
            assert_eq!(Suite::of_message(&other), None, "{other}");
        }
    }

    #[test]
    fn skipped_tests_are_counted_by_reason_also_where_the_binary_fails() {
        let mut results = Results::default();
        let notes = "SKIPPED: job::a: X names no node\nnoise\nSKIPPED: job::b: X names no node\nSKIPPED: page: Y is not built\n";
        for (name, program) in [("passes", "true"), ("fails", "false")] {
            let status = Command::new(program).status();
            let output = status.map(|status| Output { status, stdout: Vec::new(), stderr: notes.into() });
            results.add(name, output);
        }
        assert_eq!(results.failed, ["fails"]);
        assert_eq!(
            summary(&results.skipped),
            ["SKIPPED: 4 tests: X names no node", "SKIPPED: 2 tests: Y is not built"]
        );
        assert_eq!(summary(&Skipped::new()), ["no test was skipped"]);
    }

    #[test]
    fn a_binary_that_does_not_start_has_failed() {
        let missing = Suite {
            name: "missing".to_owned(),
            executable: PathBuf::from("/nowhere"),
            folder: PathBuf::from("/"),
        };
        assert_eq!(run(vec![missing]), Err(Failure::new("tests", "missing".to_owned())));
    }
}
