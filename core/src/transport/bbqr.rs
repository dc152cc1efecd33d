//! BBQr (bbqr.org, Coinkite): a file as frames of text, each a QR code, shown in turn and read in any order.
//!
//! Every frame begins with `B$`, the encoding, the file type, and two digits of base 36 each for how many there are and
//! which one it is. Written is base32, of the file (`2`) or of the deflated file (`Z`), whichever is shorter; read is
//! hexadecimal (`H`) too.

mod error;
mod join;

use super::deflate::deflate;
use crate::encoding::base32;
use crate::limits::{MAX_PSET_BYTES, MAX_SIGNED_BYTES, MAX_TRANSPORTED_TEXT_BYTES};
pub use error::BbqrError;
pub use join::{Join, ranges};

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
    /// JSON: signatures, an approval, signed.json.
    Json,
    /// Text: a descriptor, an account key.
    Text,
}

/// How the characters of a frame carry bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Base32,
    Hexadecimal,
    /// Base32 of the deflated file.
    Deflated,
}

impl FileType {
    /// The letter in the header.
    pub fn letter(self) -> char {
        match self {
            FileType::Psbt => 'P',
            FileType::Json => 'J',
            FileType::Text => 'U',
        }
    }

    /// The type of a letter.
    pub fn from_letter(letter: char) -> Option<Self> {
        [FileType::Psbt, FileType::Json, FileType::Text].into_iter().find(|known| known.letter() == letter)
    }

    /// The most bytes that a file of this type may have. No frames make a larger one.
    pub fn limit(self) -> usize {
        match self {
            FileType::Psbt => MAX_PSET_BYTES,
            FileType::Json => MAX_SIGNED_BYTES,
            FileType::Text => MAX_TRANSPORTED_TEXT_BYTES,
        }
    }
}

impl Encoding {
    fn letter(self) -> char {
        match self {
            Encoding::Base32 => '2',
            Encoding::Hexadecimal => 'H',
            Encoding::Deflated => 'Z',
        }
    }
}

/// A file as frames of at most `frame_characters` each, header included. They are of one length as near as whole groups
/// allow, so that no frame is denser than it has to be; the last may be shorter.
///
/// # Errors
/// When the file is empty or larger than one of its type may be, takes more frames than there can be, or the frames are
/// smaller than a group or larger than a QR code.
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
    if bytes.len() > file_type.limit() {
        return Err(BbqrError::Oversize { limit: file_type.limit() });
    }
    let deflated = deflate(bytes);
    let (encoding, carried) = match deflated.len() < bytes.len() {
        true => (Encoding::Deflated, deflated.as_slice()),
        false => (Encoding::Base32, bytes),
    };
    let characters: Vec<char> = base32::encode(base32::RFC_4648, carried).chars().collect();
    let frames = characters.len().div_ceil(room);
    if frames > MAX_FRAMES {
        return Err(BbqrError::TooMany { found: frames });
    }
    let each = characters.len().div_ceil(frames).next_multiple_of(GROUP).min(room);
    let row = join::Row { encoding, file_type, count: characters.len().div_ceil(each) };
    let frame = |(index, part): (usize, &[char])| {
        let part: String = part.iter().collect();
        format!("{}{}{part}", row.header(), base36(index))
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
