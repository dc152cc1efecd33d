//! UR codes, for signers that read no BBQr.

use coldamp_cli::qr::{Codes, Form, Refused, Scan};
use coldamp_core::code::Code;
use coldamp_core::transport::bbqr::FileType;
use coldamp_core::transport::kind::{Kind, as_written};
use coldamp_online::ur::{UrError, UrJoin, shown};

/// A blinded PSET as `ur:crypto-psbt`.
pub(super) struct Ur;

/// What was scanned of it.
#[derive(Default)]
pub(super) struct UrScan(UrJoin);

/// Sparrow, the wallet that most such signers are used with, shows pieces of 400 bytes: this is the version that holds them.
const USUAL_VERSION: u8 = 16;

fn refused(error: &UrError) -> Refused {
    Refused { code: error.code(), message: error.to_string() }
}

impl Form for Ur {
    fn usual_version(&self) -> u8 {
        USUAL_VERSION
    }

    fn codes(&self, _: Kind, file: &[u8], characters: usize) -> Result<Codes, Refused> {
        let shown = shown(file, characters).map_err(|error| refused(&error))?;
        Ok(Codes { texts: shown.texts, needed: shown.pieces })
    }
}

impl Scan for UrScan {
    fn take(&mut self, line: &str) -> Option<Result<bool, Refused>> {
        UrJoin::is_meant(line).then(|| self.0.add(line).map_err(|error| refused(&error)))
    }

    fn has_begun(&self) -> bool {
        self.0.count().is_some()
    }

    fn progress(&self) -> String {
        format!("{} of {}", self.0.have(), self.0.count().unwrap_or_default())
    }

    fn file(&self) -> Result<Option<Vec<u8>>, Refused> {
        let Some(file) = self.0.file().map_err(|error| refused(&error))? else { return Ok(None) };
        let no_pset =
            |error| Refused { code: Code::Parse, message: format!("the QR codes hold no PSET: {error}") };
        as_written(file, FileType::Psbt).map(Some).map_err(no_pset)
    }

    fn incomplete(&self) -> Refused {
        let (have, count) = (self.0.have(), self.0.count().unwrap_or_default());
        let message = format!("the scan ended with {have} of the {count} QR codes that are needed");
        Refused { code: Code::UrIncomplete, message }
    }
}
