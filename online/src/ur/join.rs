//! Codes as they are seen, in any order and many times over, back to the bytes of a PSET (docs/rules.md#ur-codes).

use minicbor::Decoder;

use super::UrError;
use super::frame::{Frame, Series, is_ur};
use super::pieces::Pieces;

/// A row of codes, as far as it was seen. It holds at most [`MAX_PIECES`](super::MAX_PIECES) rows of half a code each, 3 MB. No
/// Debug: a blinded PSET shows the amounts.
#[derive(Clone, Default)]
pub struct UrJoin {
    seen: Seen,
}

#[derive(Clone, Default)]
enum Seen {
    #[default]
    Nothing,
    Whole(Vec<u8>),
    Row(Series, Pieces),
}

impl UrJoin {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a text is a UR of any type, so that no reader of another format need look at it.
    pub fn is_meant(text: &str) -> bool {
        is_ur(text.trim())
    }

    /// Takes a code. Returns whether it says something new.
    ///
    /// # Errors
    /// When it is none, of another file, or contradicts those before it. What was taken stays.
    pub fn add(&mut self, text: &str) -> Result<bool, UrError> {
        match (Frame::read(text.trim())?, &mut self.seen) {
            (Frame::Whole(message), Seen::Nothing) => {
                self.seen = Seen::Whole(message);
                Ok(true)
            }
            (Frame::Whole(message), Seen::Whole(known)) if message == *known => Ok(false),
            (Frame::Whole(_), Seen::Whole(_)) => Err(UrError::Mixed { differs: "content" }),
            (Frame::Whole(_), Seen::Row(..)) | (Frame::Piece(_), Seen::Whole(_)) => {
                Err(UrError::Mixed { differs: "number of pieces" })
            }
            (Frame::Piece(piece), Seen::Nothing) => {
                let mut pieces = Pieces::of(piece.series.count);
                let is_new = pieces.add(&piece.of, piece.bytes)?;
                self.seen = Seen::Row(piece.series, pieces);
                Ok(is_new)
            }
            (Frame::Piece(piece), Seen::Row(series, pieces)) => {
                series.continues(piece.series)?;
                pieces.add(&piece.of, piece.bytes)
            }
        }
    }

    /// How many pieces are known, mixed ones counted as one.
    pub fn have(&self) -> usize {
        match &self.seen {
            Seen::Nothing => 0,
            Seen::Whole(_) => 1,
            Seen::Row(_, pieces) => pieces.have(),
        }
    }

    /// How many there are; none before the first code.
    pub fn count(&self) -> Option<usize> {
        match &self.seen {
            Seen::Nothing => None,
            Seen::Whole(_) => Some(1),
            Seen::Row(series, _) => Some(series.count),
        }
    }

    /// The bytes of the file, once enough was seen.
    ///
    /// # Errors
    /// When the checksum is wrong, or they are not a CBOR byte string of a size that a PSET has.
    pub fn file(&self) -> Result<Option<Vec<u8>>, UrError> {
        let message = match &self.seen {
            Seen::Nothing => return Ok(None),
            Seen::Whole(message) => message.clone(),
            Seen::Row(series, pieces) => match pieces.whole() {
                None => return Ok(None),
                Some(whole) => message_of(*series, whole)?,
            },
        };
        let damaged = |_| UrError::Cbor { of: "the file that the codes make" };
        let mut decoder = Decoder::new(&message);
        let file = decoder.bytes().map_err(damaged)?;
        if decoder.position() != message.len() {
            return Err(UrError::Cbor { of: "the file that the codes make" });
        }
        Ok(Some(file.to_vec()))
    }
}

/// The message without what fills the last piece, checked.
fn message_of(series: Series, mut whole: Vec<u8>) -> Result<Vec<u8>, UrError> {
    let filling = whole.split_off(series.message_bytes.min(whole.len()));
    if filling.iter().any(|byte| *byte != 0) || crc32(&whole) != series.checksum {
        return Err(UrError::Checksum { of: "the file that the codes make" });
    }
    Ok(whole)
}

/// The CRC-32 of ISO 3309, which bytewords end with too: the library gives it out nowhere else.
fn crc32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1)))
    }) ^ !0
}
