//! The chores of the workspace: `cargo xtask NAME`. It runs commands and links none of the project's crates, so that
//! it still runs when one of them does not build.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's tool has one reader at a terminal, and no data to keep apart from its words"
)]

mod bench;
mod demo;
mod install;
mod progress;
mod step;
mod test;
mod web;

use std::env;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask COMMAND

  demo   the three jobs of a recorded treasury, every command shown; the page is built meanwhile, then served
  web    the page, into web/dist; `web pkg [DIR]`: only its WASM with JavaScript and types, into web/pkg or DIR
  bench  speed, as ratios; `bench GROUP...`: only these groups, and an unknown name lists them
  test   what CI runs: formatter, lints, build, every test, documentation
";

fn main() -> ExitCode {
    let arguments: Vec<String> =
        env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["demo"] => match demo::run() {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                eprintln!("xtask: demo failed: {why}");
                ExitCode::FAILURE
            }
        },
        ["bench", groups @ ..] => finish(bench::run(groups)),
        ["test"] => finish(test::run()),
        ["web"] => finish(web::page()),
        ["web", "pkg"] => finish(web::package(&web::default_package())),
        ["web", "pkg", folder] => finish(web::package(Path::new(folder))),
        ["help" | "-h" | "--help"] => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        [] => misused("no command given"),
        other => misused(&format!("unknown: {}", other.join(" "))),
    }
}

fn finish(outcome: Result<(), step::Failure>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn misused(why: &str) -> ExitCode {
    eprint!("xtask: {why}\n{USAGE}");
    ExitCode::from(2)
}
