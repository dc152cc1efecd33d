//! `coldamp qr`: files across the gap by camera. What holds keys is never shown.

use std::path::Path;

use coldamp_cli::exposed::Exposed;
use coldamp_cli::qr::{Bbqr, BbqrScan, QrCommand, join, show};
use coldamp_cli::{Failure, screen};
use coldamp_core::code::Code;

use crate::hints::HINTS;

/// Shows or joins.
///
/// # Errors
/// When the file is refused, or cannot be read or written.
pub(super) fn run(command: &QrCommand) -> Result<(), Failure> {
    match command {
        QrCommand::Show(arguments) => show(arguments, &HINTS, &Bbqr, refuse_secrets),
        QrCommand::Join(arguments) => join(arguments, &HINTS, &mut [&mut BbqrScan::default()], |_, _| Ok(())),
    }
}

fn refuse_secrets(file: &[u8], path: &Path) -> Result<(), Failure> {
    let Some(found) = Exposed::find(file) else { return Ok(()) };
    let message = format!("{} is not shown: it holds {}", screen::printable_path(path), found.name());
    Err(Failure::coded(Code::QrSecret, message, &HINTS))
}
