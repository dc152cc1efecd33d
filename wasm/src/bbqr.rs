//! Files as the texts of QR codes (BBQr), and joined again.

use coldamp_core::transport::bbqr;
use coldamp_core::transport::kind::{Kind, as_written};
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Failure;

/// Joins frames.
#[wasm_bindgen]
#[derive(Default)]
pub struct BbqrJoin {
    join: bbqr::Join,
}

/// The number of frames that were read.
#[derive(Serialize, Tsify)]
pub struct BbqrProgress {
    /// Frames that were read.
    pub have: usize,
    /// All frames of the file.
    pub of: usize,
    /// The numbers of those that are missing, from 1, in short; empty when none is.
    pub missing: String,
}

/// A file as the texts of QR codes, each of at most `frame_chars` characters: a PSET, signatures, an approval, a descriptor, an
/// account key or an address.
///
/// # Errors
/// Throws a Failure when the file is of another kind or too large, or takes more frames than the format counts.
#[wasm_bindgen]
pub fn qr_frames(bytes: &[u8], frame_chars: usize) -> Result<Vec<String>, Failure> {
    Ok(Kind::of(bytes)?.frames(bytes, frame_chars)?)
}

#[wasm_bindgen]
impl BbqrJoin {
    /// Without any frame.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> BbqrJoin {
        BbqrJoin::default()
    }

    /// Adds a frame. A frame that was read before changes nothing.
    ///
    /// # Errors
    /// Throws a Failure when it is not a frame, belongs to another file, or differs from an earlier frame of its number. The
    /// frames that were read stay.
    pub fn add(&mut self, frame: &str) -> Result<Ts<BbqrProgress>, Failure> {
        self.join.add(frame)?;
        let missing = bbqr::ranges(&self.join.missing());
        let of = self.join.count().unwrap_or_default();
        Ok(BbqrProgress { have: self.join.have(), of, missing }.into_ts()?)
    }

    /// The file as it was written, once every frame was read.
    ///
    /// # Errors
    /// Throws a Failure when it does not decompress, or is no PSET though its frames say so.
    pub fn bytes(&self) -> Result<Option<Vec<u8>>, Failure> {
        let (Some(file), Some(file_type)) = (self.join.file()?, self.join.file_type()) else {
            return Ok(None);
        };
        Ok(Some(as_written(file, file_type)?))
    }

    /// What the frames carry: `P` a PSET, `J` JSON, `U` text.
    #[must_use]
    pub fn file_type(&self) -> Option<String> {
        self.join.file_type().map(|known| known.letter().to_string())
    }
}
