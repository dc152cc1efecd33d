//! `coldamp-online qr`: files across the gap by camera. A file with signing keys is refused in both directions.

use coldamp_cli::Failure;
use coldamp_cli::qr::{QrCommand, join, show};

use crate::hints::HINTS;
use crate::input::refuse_keys;

/// Shows or joins.
///
/// # Errors
/// When the file is refused, or cannot be read or written.
pub(super) fn run(command: &QrCommand) -> Result<(), Failure> {
    match command {
        QrCommand::Show(arguments) => {
            show(arguments, &HINTS, |file, path| refuse_keys(file, path, "the file"))
        }
        QrCommand::Join(arguments) => {
            join(arguments, &HINTS, |file, path| refuse_keys(file, path, "what was scanned for"))
        }
    }
}
