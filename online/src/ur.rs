//! A blinded PSET as `ur:crypto-psbt` codes, for signers that read no BBqr: Jade and Specter.
//!
//! The bytes of the PSET are a CBOR byte string (BCR-2020-006), which is cut into pieces of one length (BCR-2020-005). The
//! first codes carry a piece each. Those behind them carry some pieces mixed (added bit by bit): whoever missed any of the
//! first reads on, and needs about as many codes as there are pieces, whichever they are. The text of a code is bytewords with a
//! CRC-32, in capitals, which a QR code holds in fewer dots.
//!
//! | module | what |
//! |---|---|
//! | `error` | why a PSET is not shown, or a code not taken |
//! | `frame` | one code's text |
//! | `pieces` | pieces and mixed pieces, back to the whole |
//! | `join` | codes in any order, back to the file |

mod error;
mod frame;
mod join;
mod pieces;

use coldamp_core::limits::MAX_PSET_BYTES;
use coldamp_core::pset::{ParseError, UnsignedPset, pset_binary};

pub use error::UrError;
pub use join::UrJoin;

/// The type that is written, and the name that BCR-2020-006 gives it since 2023, which is read too.
const CRYPTO_PSBT: &str = "crypto-psbt";
const PSBT: &str = "psbt";

/// The pieces that a file may have: as many as BBQr counts.
pub const MAX_PIECES: usize = 1_295;

/// The longest text that is read as a code: what the largest QR code holds.
const MAX_FRAME_CHARACTERS: usize = 4_296;

/// Codes with mixed pieces that are shown for each code with one piece, before the row begins anew.
const MIXED_PER_PIECE: usize = 2;

/// What CBOR adds to the bytes of a PSET.
const MAX_MESSAGE_BYTES: usize = MAX_PSET_BYTES + 5;

/// Characters around the bytewords of a code: `UR:CRYPTO-PSBT/`, and the longest `3885-1295/`.
const FRAME_CHARACTERS: usize = 15 + 10;

/// Bytes around a piece: CBOR of an array, four numbers of at most 5 bytes and the head of a byte string, and the checksum.
const PART_BYTES: usize = 1 + 4 * 5 + 3 + 4;

/// A piece shorter than this is not worth its code.
const MIN_PIECE_BYTES: usize = 10;

/// The texts of a row of codes, in the order in which they are shown.
pub struct Shown {
    /// The texts: the pieces first, then mixed ones.
    pub texts: Vec<String>,
    /// How many of them are needed, if none is missed.
    pub pieces: usize,
}

/// The codes of a blinded PSET, base64 or binary, each of at most so many characters.
///
/// # Errors
/// When it is no PSET or not blinded, or its codes would be too many or too small.
pub fn shown(file: &[u8], characters: usize) -> Result<Shown, UrError> {
    let pset = match UnsignedPset::read(file) {
        Ok(pset) => pset,
        Err(ParseError::Magic) => return Err(UrError::NoPset),
        Err(error) => return Err(UrError::Pset(error)),
    };
    if !pset.is_blinded() {
        return Err(UrError::Unblinded);
    }
    split(&pset_binary(file).map_err(UrError::Pset)?, characters)
}

/// The codes of bytes.
fn split(bytes: &[u8], characters: usize) -> Result<Shown, UrError> {
    let room = characters.min(MAX_FRAME_CHARACTERS).saturating_sub(FRAME_CHARACTERS) / 2;
    let room = room.saturating_sub(PART_BYTES);
    if room < MIN_PIECE_BYTES {
        return Err(UrError::FrameSize { found: characters });
    }
    let message = minicbor::to_vec(minicbor::bytes::ByteVec::from(bytes.to_vec()));
    let message = message.map_err(|_| UrError::Library)?;
    if message.len() > MAX_MESSAGE_BYTES {
        return Err(UrError::Oversize { limit: MAX_PSET_BYTES });
    }
    let pieces = message.len().div_ceil(room);
    if pieces > MAX_PIECES {
        return Err(UrError::TooMany { found: pieces });
    }
    if pieces == 1 {
        let text = ::ur::ur::try_encode(&message, &::ur::Type::Custom(CRYPTO_PSBT));
        let text = text.map_err(|_| UrError::Library)?.to_ascii_uppercase();
        return Ok(Shown { texts: vec![text], pieces });
    }
    let mut encoder = ::ur::Encoder::new(&message, room, CRYPTO_PSBT).map_err(|_| UrError::Library)?;
    // The library makes pieces of one length, which may be fewer.
    let pieces = encoder.fragment_count();
    let mut next = || encoder.next_part().map(|text| text.to_ascii_uppercase());
    let count = pieces.saturating_mul(1 + MIXED_PER_PIECE);
    let texts: Result<Vec<String>, _> = (0..count).map(|_| next()).collect();
    Ok(Shown { texts: texts.map_err(|_| UrError::Library)?, pieces })
}

#[cfg(test)]
mod tests;
