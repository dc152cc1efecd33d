//! Why a PSET is not shown, or a code not taken.

use coldamp_core::code::Code;
use coldamp_core::pset::ParseError;

use super::MAX_PIECES;

/// Why a PSET is not shown as such codes, or a code not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrError {
    /// A file of another kind.
    #[error("found another file than a PSET")]
    NoPset,
    /// A PSET that cannot be read.
    #[error(transparent)]
    Pset(ParseError),
    /// A PSET that its signer would have to blind.
    #[error("the PSET is not blinded")]
    Unblinded,
    /// Codes too small for a piece.
    #[error("found codes of {found} characters, expected at least 101")]
    FrameSize {
        /// The characters of a code.
        found: usize,
    },
    /// More pieces than are counted.
    #[error("the file takes {found} codes of this size, expected at most {MAX_PIECES}")]
    TooMany {
        /// The number of codes that the file would take.
        found: usize,
    },
    /// More bytes than any PSET.
    #[error("the file has more than {limit} bytes, which no honest PSET has")]
    Oversize {
        /// The most that a PSET may have.
        limit: usize,
    },
    /// No code of this form at all.
    #[error("found no UR code, expected ur:crypto-psbt/ and its data")]
    NoFrame,
    /// A UR of something else than a PSET.
    #[error("found a UR of type {found:?}, expected crypto-psbt")]
    Type {
        /// The type: letters, digits and hyphens.
        found: String,
    },
    /// The number of the code, or how many pieces it says there are.
    #[error(
        "the code says that it is number {number} of {count} pieces, expected a number from 1 on and 1 to {MAX_PIECES} pieces, the same in its text and in its data"
    )]
    Sequence {
        /// The number as the code has it, shortened.
        number: String,
        /// The count as the code has it, shortened.
        count: String,
    },
    /// Letters that are no bytewords.
    #[error("the letters of the code do not decode")]
    Characters,
    /// A checksum that does not fit: of a code, or of the file.
    #[error("the checksum of {of} is wrong")]
    Checksum {
        /// "the code", or "the file that the codes make".
        of: &'static str,
    },
    /// Data that are not what the format says.
    #[error("the data of {of} are not the CBOR of a PSET's codes")]
    Cbor {
        /// "the code", or "the file that the codes make".
        of: &'static str,
    },
    /// A code of another file than those before it.
    #[error("the code belongs to another file than the codes before it: its {differs} differs")]
    Mixed {
        /// What differs.
        differs: &'static str,
    },
    /// The pieces that were read say something else about what is mixed in this one.
    #[error("the code contradicts the codes before it")]
    Conflict,
    /// A mistake of a library.
    #[error("the library for UR codes failed")]
    Library,
}

impl UrError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            UrError::NoPset => Code::UrKind,
            UrError::Pset(_) => Code::Parse,
            UrError::Unblinded => Code::UrUnblinded,
            UrError::FrameSize { .. } => Code::QrTerminal,
            UrError::TooMany { .. } => Code::UrTooMany,
            UrError::Oversize { .. } => Code::UrOversize,
            UrError::NoFrame => Code::UrNoFrame,
            UrError::Type { .. } => Code::UrType,
            UrError::Sequence { .. } => Code::UrSequence,
            UrError::Characters => Code::UrCharacters,
            UrError::Checksum { .. } => Code::UrChecksum,
            UrError::Cbor { .. } => Code::UrCbor,
            UrError::Mixed { .. } => Code::UrMixed,
            UrError::Conflict => Code::UrConflict,
            UrError::Library => Code::Internal,
        }
    }
}
