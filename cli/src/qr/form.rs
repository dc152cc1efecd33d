//! In which form a file is shown as codes, and how scanned codes become a file. BBQr is here; a front end brings others, so that
//! the air-gapped binary is not built with their packages.

use coldamp_core::code::Code;
use coldamp_core::transport::bbqr::{BbqrError, FileType, Join, ranges};
use coldamp_core::transport::kind::{Kind, as_written};

use super::plan::USUAL_VERSION;

/// Why a file is not shown, or a code not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The stable code.
    pub code: Code,
    /// What was found.
    pub message: String,
}

/// The texts of the codes of a file.
pub struct Codes {
    /// In the order in which they are shown.
    pub texts: Vec<String>,
    /// How many of them are needed, if none is missed. The others stand for some that were.
    pub needed: usize,
}

/// A form in which files are shown.
pub trait Form {
    /// The largest version of a QR code without a wish for another.
    fn usual_version(&self) -> u8;

    /// The codes of a file, each of at most so many characters.
    ///
    /// # Errors
    /// When the file is not shown in this form, or takes too many codes.
    fn codes(&self, kind: Kind, file: &[u8], characters: usize) -> Result<Codes, Refused>;
}

/// A form in which codes are read, and what was read of a file.
pub trait Scan {
    /// Takes a line. Returns whether it says something new; none for what is no code of this form.
    ///
    /// # Errors
    /// When it is one and is refused.
    fn take(&mut self, line: &str) -> Option<Result<bool, Refused>>;

    /// Whether a code was taken.
    fn has_begun(&self) -> bool;

    /// How far the file is, in words.
    fn progress(&self) -> String;

    /// The file as it is written, once enough was read.
    ///
    /// # Errors
    /// When the codes make no file of theirs.
    fn file(&self) -> Result<Option<Vec<u8>>, Refused>;

    /// What is missing.
    fn incomplete(&self) -> Refused;
}

/// BBQr.
pub struct Bbqr;

/// What was scanned of a file in BBQr.
#[derive(Default)]
pub struct BbqrScan(Join);

impl From<BbqrError> for Refused {
    fn from(error: BbqrError) -> Self {
        Refused { code: error.code(), message: error.to_string() }
    }
}

impl Form for Bbqr {
    fn usual_version(&self) -> u8 {
        USUAL_VERSION
    }

    fn codes(&self, kind: Kind, file: &[u8], characters: usize) -> Result<Codes, Refused> {
        let texts = kind.frames(file, characters)?;
        Ok(Codes { needed: texts.len(), texts })
    }
}

impl Scan for BbqrScan {
    fn take(&mut self, line: &str) -> Option<Result<bool, Refused>> {
        match self.0.add(line) {
            Err(BbqrError::NoFrame) => None,
            taken => Some(taken.map_err(Refused::from)),
        }
    }

    fn has_begun(&self) -> bool {
        self.0.count().is_some()
    }

    fn progress(&self) -> String {
        let (have, count) = (self.0.have(), self.0.count().unwrap_or_default());
        match ranges(&self.0.missing()) {
            none if none.is_empty() => format!("{have} of {count}"),
            missing => format!("{have} of {count}, missing {missing}"),
        }
    }

    fn file(&self) -> Result<Option<Vec<u8>>, Refused> {
        let Some(file) = self.0.file()? else { return Ok(None) };
        let no_pset =
            |error| Refused { code: Code::Parse, message: format!("the QR codes hold no PSET: {error}") };
        as_written(file, self.0.file_type().unwrap_or(FileType::Text)).map(Some).map_err(no_pset)
    }

    fn incomplete(&self) -> Refused {
        let (have, count) = (self.0.have(), self.0.count().unwrap_or_default());
        let missing = ranges(&self.0.missing());
        let message = format!("the scan ended with {have} of {count} QR codes; missing {missing}");
        Refused { code: Code::BbqrIncomplete, message }
    }
}
