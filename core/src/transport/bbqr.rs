//! BBQr (bbqr.org, Coinkite): a file as frames of text, each a QR code, shown in turn and read in any order.
//!
//! Every frame begins with `B$`, the encoding, the file type, and two digits of base 36 each for how many there are and
//! which one it is. Written is base32 (`2`), read are base32 and hexadecimal (`H`). Compressed frames (`Z`) are refused
//! by name: whoever would send them to us is one of our own machines, which do not, and inflating what a camera saw is a
//! parser more that hostile bytes reach.

mod join;

use crate::code::Code;
use crate::encoding::base32;
pub use join::Join;

/// `B$`, encoding, file type, count, index.
const HEADER_CHARACTERS: usize = 8;

/// What the largest QR code holds in alphanumeric mode (version 40, error correction L), header included.
pub const MAX_FRAME_CHARACTERS: usize = 4_296;

/// Two digits of base 36.
pub const MAX_FRAMES: usize = 36 * 36 - 1;

/// Frames but the last hold whole groups of 5 bytes, so that each decodes by itself.
const GROUP: usize = 8;

/// What a row of frames carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileType {
    /// A PSET, which travels as a PSBT does.
    Psbt,
    /// signed.json.
    Json,
}

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
    #[error("found {found} frames, expected at most {MAX_FRAMES}: show larger ones")]
    TooMany {
        /// The number of frames that the file would take.
        found: usize,
    },
    /// No frame at all.
    #[error("found no BBQr frame, expected B$ and six characters of header")]
    NoFrame,
    /// Compressed.
    #[error("found a compressed frame (encoding Z), expected base32 (2) or hexadecimal (H)")]
    Compressed,
    /// An encoding that the format does not know.
    #[error("found encoding {found:?}, expected 2 or H")]
    Encoding {
        /// The character found.
        found: char,
    },
    /// A file that is neither PSET nor signed.json.
    #[error("found file type {found:?}, expected P (PSET) or J (signed.json)")]
    FileType {
        /// The character found.
        found: char,
    },
    /// The index is not below the count, or the count is out of range.
    #[error("found frame {index} of {count}, expected one of 1 to {MAX_FRAMES}, counted from 0")]
    Number {
        /// The index of the frame, from 0.
        index: usize,
        /// The number of frames that the header gives.
        count: usize,
    },
    /// A frame of another row.
    #[error("found a frame of another row of QR codes, expected one that begins with {expected}")]
    OtherRow {
        /// The first six characters of the row.
        expected: String,
    },
    /// The same frame with other content.
    #[error("frame {index} was read before with other content")]
    Conflict {
        /// The index of the frame, from 0.
        index: usize,
    },
    /// Frames are of one length, but the last, which may be shorter.
    #[error("frame {index} has another length than the frames of a row have")]
    Length {
        /// The index of the frame, from 0.
        index: usize,
    },
    /// Characters that do not decode to whole bytes.
    #[error("frame {index} does not decode")]
    Characters {
        /// The index of the frame, from 0.
        index: usize,
    },
}

impl BbqrError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            BbqrError::Empty => Code::BbqrEmpty,
            BbqrError::FrameSize { .. } => Code::BbqrFrameSize,
            BbqrError::TooMany { .. } => Code::BbqrTooMany,
            BbqrError::NoFrame => Code::BbqrNoFrame,
            BbqrError::Compressed => Code::BbqrCompressed,
            BbqrError::Encoding { .. } => Code::BbqrEncoding,
            BbqrError::FileType { .. } => Code::BbqrFileType,
            BbqrError::Number { .. } => Code::BbqrNumber,
            BbqrError::OtherRow { .. } => Code::BbqrOtherRow,
            BbqrError::Conflict { .. } => Code::BbqrConflict,
            BbqrError::Length { .. } => Code::BbqrLength,
            BbqrError::Characters { .. } => Code::BbqrCharacters,
        }
    }
}

impl FileType {
    /// The letter in the header.
    pub fn letter(self) -> char {
        match self {
            FileType::Psbt => 'P',
            FileType::Json => 'J',
        }
    }

    /// The type of a letter.
    pub(crate) fn from_letter(letter: char) -> Option<Self> {
        [FileType::Psbt, FileType::Json].into_iter().find(|known| known.letter() == letter)
    }
}

/// A file as frames of at most `frame_characters` each, header included. They are of one length as near as whole groups
/// allow, so that no frame is denser than it has to be; the last may be shorter.
///
/// # Errors
/// When the file is empty, takes more frames than there can be, or the frames are smaller than a group or larger than a
/// QR code.
pub fn split(bytes: &[u8], file_type: FileType, frame_characters: usize) -> Result<Vec<String>, BbqrError> {
    let size = BbqrError::FrameSize { found: frame_characters };
    if frame_characters > MAX_FRAME_CHARACTERS {
        return Err(size);
    }
    let room = frame_characters.saturating_sub(HEADER_CHARACTERS) / GROUP * GROUP;
    if room == 0 {
        return Err(size);
    }
    if bytes.is_empty() {
        return Err(BbqrError::Empty);
    }
    let characters: Vec<char> = base32::encode(base32::RFC_4648, bytes).chars().collect();
    let frames = characters.len().div_ceil(room);
    if frames > MAX_FRAMES {
        return Err(BbqrError::TooMany { found: frames });
    }
    let each = characters.len().div_ceil(frames).next_multiple_of(GROUP).min(room);
    let count = characters.len().div_ceil(each);
    let frame = |(index, part): (usize, &[char])| {
        let part: String = part.iter().collect();
        format!("B$2{}{}{}{part}", file_type.letter(), base36(count), base36(index))
    };
    Ok(characters.chunks(each).enumerate().map(frame).collect())
}

/// Two digits, upper case. Larger numbers than two digits hold are kept out by [`MAX_FRAMES`].
fn base36(number: usize) -> String {
    let digit = |digit: usize| {
        let digit = u32::try_from(digit % 36).unwrap_or_default();
        char::from_digit(digit, 36).unwrap_or('0').to_ascii_uppercase()
    };
    [digit(number / 36), digit(number)].iter().collect()
}

#[cfg(test)]
mod tests;
