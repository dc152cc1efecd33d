//! The commands, one file each: arguments in; data, words and an exit code out.

use std::path::Path;

use coldamp_cli::{Failure, output, screen};

use crate::args::{Arguments, Command};

mod approve;
mod backup;
mod combine;
mod journal;
mod key;
mod policy;
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
    }
}

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
