//! `coldamp-online qr`: files across the gap by camera. A file with signing keys is refused in both directions.

mod ur;

use coldamp_cli::Failure;
use coldamp_cli::qr::{Bbqr, BbqrScan, Form, join, show};

use crate::args::QrCommand;
use crate::hints::HINTS;
use crate::input::refuse_keys;
use ur::{Ur, UrScan};

/// Shows or joins.
///
/// # Errors
/// When the file is refused, or cannot be read or written.
pub(super) fn run(command: &QrCommand) -> Result<(), Failure> {
    match command {
        QrCommand::Show(arguments) => {
            let form: &dyn Form = if arguments.ur { &Ur } else { &Bbqr };
            show(&arguments.shown, &HINTS, form, |file, path| refuse_keys(file, path, "the file"))
        }
        QrCommand::Join(arguments) => {
            let (mut ur, mut bbqr) = (UrScan::default(), BbqrScan::default());
            let inspect = |file: &[u8], path: &_| refuse_keys(file, path, "what was scanned for");
            join(arguments, &HINTS, &mut [&mut ur, &mut bbqr], inspect)
        }
    }
}
