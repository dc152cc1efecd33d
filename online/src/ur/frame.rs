//! The text of one code: `ur:crypto-psbt/DATA`, or `ur:crypto-psbt/NUMBER-COUNT/DATA` of a row (BCR-2020-005).
//!
//! Everything that the data say about sizes is held against the limits here, before the library makes anything of them: it
//! would take 32 GB of memory for a code that says it is one of 4,294,967,295.

use ::ur::bytewords::{self, Style};
use ::ur::fountain::Part;
use minicbor::Decoder;

use super::{CRYPTO_PSBT, MAX_FRAME_CHARACTERS, MAX_MESSAGE_BYTES, MAX_PIECES, PSBT, UrError};
use coldamp_core::limits::MAX_PSET_BYTES;

const SCHEME: &str = "ur:";

/// Characters of a type, or of a number, that are quoted in a message.
const QUOTED: usize = 24;

/// One code.
#[derive(Debug)]
pub(super) enum Frame {
    /// The whole message.
    Whole(Vec<u8>),
    /// A piece, or several mixed.
    Piece(Piece),
}

/// One code of a row.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) series: Series,
    /// Which pieces are mixed in this one, in rising order.
    pub(super) of: Vec<usize>,
    pub(super) bytes: Vec<u8>,
}

/// What all codes of a row have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Series {
    pub(super) count: usize,
    pub(super) message_bytes: usize,
    pub(super) piece_bytes: usize,
    pub(super) checksum: u32,
}

/// Whether a line is of this form, so that another reader need not look at it.
pub(super) fn is_ur(text: &str) -> bool {
    text.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
}

impl Frame {
    /// Reads a text.
    ///
    /// # Errors
    /// When it is none, of another type, or breaks a limit.
    pub(super) fn read(text: &str) -> Result<Self, UrError> {
        if text.len() > MAX_FRAME_CHARACTERS || !text.is_ascii() || !is_ur(text) {
            return Err(UrError::NoFrame);
        }
        let text = text.to_ascii_lowercase();
        let rest = text.strip_prefix(SCHEME).ok_or(UrError::NoFrame)?;
        let (kind, rest) = rest.split_once('/').ok_or(UrError::NoFrame)?;
        if kind.is_empty() || !kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(UrError::NoFrame);
        }
        if kind != CRYPTO_PSBT && kind != PSBT {
            return Err(UrError::Type { found: kind.chars().take(QUOTED).collect() });
        }
        match rest.split_once('/') {
            None => Ok(Frame::Whole(bytes_of(rest)?)),
            Some((numbers, rest)) => Ok(Frame::Piece(Piece::read(numbers, &bytes_of(rest)?)?)),
        }
    }
}

impl Piece {
    fn read(numbers: &str, data: &[u8]) -> Result<Self, UrError> {
        let (number, count) = numbers.split_once('-').unwrap_or((numbers, ""));
        let wrong = || UrError::Sequence { number: quoted(number), count: quoted(count) };
        let told: (u32, u32) = (parsed(number).ok_or_else(wrong)?, parsed(count).ok_or_else(wrong)?);
        let damaged = |_| UrError::Cbor { of: "the code" };
        let mut decoder = Decoder::new(data);
        if decoder.array().map_err(damaged)? != Some(5) {
            return Err(UrError::Cbor { of: "the code" });
        }
        let mut number = || decoder.u32().map_err(damaged);
        let (sequence, count, message_bytes, checksum) = (number()?, number()?, number()?, number()?);
        let bytes = decoder.bytes().map_err(damaged)?.to_vec();
        if decoder.position() != data.len() {
            return Err(UrError::Cbor { of: "the code" });
        }
        let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        if (sequence, count) != told || sequence == 0 || count == 0 || size(count) > MAX_PIECES {
            return Err(wrong());
        }
        let (count, message_bytes, piece_bytes) = (size(count), size(message_bytes), bytes.len());
        if message_bytes > MAX_MESSAGE_BYTES {
            return Err(UrError::Oversize { limit: MAX_PSET_BYTES });
        }
        // All pieces are of one length, and the last of them is not all filling.
        if piece_bytes == 0 || message_bytes == 0 || message_bytes.div_ceil(piece_bytes) != count {
            return Err(UrError::Cbor { of: "the code" });
        }
        // Which pieces are mixed follows from numbers that are within the limits now.
        let part: Part = minicbor::decode(data).map_err(damaged)?;
        let mut of = part.indexes();
        of.sort_unstable();
        Ok(Piece { series: Series { count, message_bytes, piece_bytes, checksum }, of, bytes })
    }
}

impl Series {
    /// Checks that another code belongs to the same row.
    ///
    /// # Errors
    /// When it does not.
    pub(super) fn continues(self, next: Series) -> Result<(), UrError> {
        let differs = match next {
            next if next.count != self.count => "number of pieces",
            next if next.message_bytes != self.message_bytes => "length",
            next if next.checksum != self.checksum => "checksum",
            next if next.piece_bytes != self.piece_bytes => "length of a piece",
            _ => return Ok(()),
        };
        Err(UrError::Mixed { differs })
    }
}

/// Digits alone: `parse` would take a sign too.
fn parsed(number: &str) -> Option<u32> {
    number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok()).flatten()
}

fn quoted(text: &str) -> String {
    text.chars().filter(|character| !character.is_ascii_control()).take(QUOTED).collect()
}

fn bytes_of(text: &str) -> Result<Vec<u8>, UrError> {
    bytewords::decode(text, Style::Minimal).map_err(|error| match error {
        bytewords::Error::InvalidChecksum => UrError::Checksum { of: "the code" },
        _ => UrError::Characters,
    })
}
