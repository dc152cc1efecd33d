//! Why frames are refused. Frames are counted from 1, as the screens count them.

use super::{FileType, MAX_FRAME_CHARACTERS, MAX_FRAMES};
use crate::code::Code;

/// Why a file is not split, or a frame not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BbqrError {
    /// There is nothing to show.
    #[error("found an empty file, expected at least one byte")]
    Empty,
    /// Frames too short to hold data, or too long for a QR code.
    #[error("found frames of {found} characters, expected 16 to {MAX_FRAME_CHARACTERS}")]
    FrameSize {
        /// The characters of a frame.
        found: usize,
    },
    /// More frames than two digits count.
    #[error("the file takes {found} frames of this size, expected at most {MAX_FRAMES}")]
    TooMany {
        /// The number of frames that the file would take.
        found: usize,
    },
    /// More bytes than any file of its type.
    #[error("the file has more than {limit} bytes, which no honest file of its type has")]
    Oversize {
        /// The most that a file of this type may have.
        limit: usize,
    },
    /// No frame at all.
    #[error("found no BBQr frame, expected B$ and six characters of header")]
    NoFrame,
    /// An encoding that the format does not know.
    #[error("found encoding {found:?}, expected 2, Z or H")]
    Encoding {
        /// The character found.
        found: char,
    },
    /// A file of another type than cross the air gap.
    #[error("found file type {found:?}, expected P (PSET), J (JSON) or U (text)")]
    FileType {
        /// The character found.
        found: char,
    },
    /// The index is not below the count, or there are no frames.
    #[error("the frame says that it is number {} of {count}", .index.saturating_add(1))]
    Number {
        /// The index of the frame, from 0.
        index: usize,
        /// The number of frames that the header gives.
        count: usize,
    },
    /// A frame that counts the row otherwise.
    #[error("the frame belongs to {found} frames, the frames before it to {expected}")]
    Count {
        /// The number of frames before.
        expected: usize,
        /// The number of frames now.
        found: usize,
    },
    /// A frame of another type than those before it.
    #[error("the frame belongs to a file of type {}, the frames before it to one of type {}", .found.letter(), .expected.letter())]
    TypeChanged {
        /// The type before.
        expected: FileType,
        /// The type now.
        found: FileType,
    },
    /// A frame of another encoding than those before it.
    #[error("the frame is encoded otherwise than the frames before it: they begin with {expected}")]
    OtherRow {
        /// The first six characters of the row.
        expected: String,
    },
    /// The same frame with other content.
    #[error("frame {} was read before with other content", .index.saturating_add(1))]
    Conflict {
        /// The index of the frame, from 0.
        index: usize,
    },
    /// Frames are of one length, but the last, which may be shorter.
    #[error("frame {} has another length than the frames of a row have", .index.saturating_add(1))]
    Length {
        /// The index of the frame, from 0.
        index: usize,
    },
    /// Characters that do not decode to whole bytes.
    #[error("frame {} does not decode", .index.saturating_add(1))]
    Characters {
        /// The index of the frame, from 0.
        index: usize,
    },
    /// All frames were read, and what they hold does not decompress.
    #[error("all frames were read, but the file in them does not decompress")]
    Damaged,
}

impl BbqrError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            BbqrError::Empty => Code::BbqrEmpty,
            BbqrError::FrameSize { .. } => Code::BbqrFrameSize,
            BbqrError::TooMany { .. } => Code::BbqrTooMany,
            BbqrError::Oversize { .. } => Code::BbqrOversize,
            BbqrError::NoFrame => Code::BbqrNoFrame,
            BbqrError::Encoding { .. } => Code::BbqrEncoding,
            BbqrError::FileType { .. } => Code::BbqrFileType,
            BbqrError::Number { .. } => Code::BbqrNumber,
            BbqrError::Count { .. } => Code::BbqrCount,
            BbqrError::TypeChanged { .. } => Code::BbqrTypeChanged,
            BbqrError::OtherRow { .. } => Code::BbqrOtherRow,
            BbqrError::Conflict { .. } => Code::BbqrConflict,
            BbqrError::Length { .. } => Code::BbqrLength,
            BbqrError::Characters { .. } => Code::BbqrCharacters,
            BbqrError::Damaged => Code::BbqrDamaged,
        }
    }
}
