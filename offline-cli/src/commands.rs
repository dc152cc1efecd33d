//! The commands, one file each: arguments in; data, words and an exit code out.

use std::path::Path;

use coldamp_cli::{Exit, Failure, output, screen};
use coldamp_core::limits::MAX_DESCRIPTOR_BYTES;

use crate::args::{Arguments, Command};

mod approve;
mod backup;
mod combine;
mod journal;
mod key;
mod policy;
mod profile;
mod qr;
mod restore;
mod review;
mod sign;
mod unlock;

/// Does what the arguments ask for.
///
/// # Errors
/// Whatever stopped the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Key(command) => key::run(command),
        Command::Policy(command) => policy::run(command),
        Command::Backup(arguments) => backup::run(arguments),
        Command::Restore(arguments) => restore::run(arguments),
        Command::Approve(arguments) => approve::run(arguments),
        Command::Journal(command) => journal::run(command),
        Command::Review(arguments) => review::run(arguments),
        Command::Sign(arguments) => sign::run(arguments),
        Command::Combine(arguments) => combine::run(arguments),
        Command::Profile(command) => profile::run(command),
        Command::Qr(command) => qr::run(command),
    }
}

/// Reads the file of a treasury's descriptor. It is not parsed.
///
/// # Errors
/// When it cannot be read, or is not text.
fn read_descriptor(path: &Path) -> Result<String, Failure> {
    let bytes = review::input(path, MAX_DESCRIPTOR_BYTES, "the descriptor")?;
    String::from_utf8(bytes)
        .map_err(|_| Failure::new(Exit::Input, "the descriptor is not UTF-8 text", DESCRIPTOR_FILE))
}

/// For a file that is no descriptor.
const DESCRIPTOR_FILE: &str = "Name the file that `coldamp key watch -o FILE` wrote for the treasury, or that was assembled of its signers' keys. If it is empty, it was written with `>` and the command failed: have it written again with -o.";

/// Writes a text to a new file, or to stdout if no file is named.
///
/// # Errors
/// When the file exists or cannot be written, or stdout takes no data.
fn write_or_print(path: Option<&Path>, text: &str) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(output::print_exact(text.trim_end())?) };
    output::create_file(path, text.as_bytes())?;
    screen::say(&format!("written      {}", screen::printable_path(path)));
    Ok(())
}

/// Says what to do next, a step on each line. What is dangerous to leave out comes first.
fn say_next<'a>(steps: impl IntoIterator<Item = &'a str>) {
    screen::say("Next:");
    for (number, step) in (1_usize..).zip(steps) {
        screen::say(&format!("{number}.  {step}"));
    }
}
