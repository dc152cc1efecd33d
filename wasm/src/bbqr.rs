//! Splits a file into the texts of QR codes (BBQr), and joins them.

use coldamp_core::transport::bbqr::{self, FileType};
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
}

/// A file as the texts of QR codes (BBQr, base32), each of at most `frame_chars` characters.
///
/// # Errors
/// Throws a Failure when the file is empty, or takes more frames than the format counts.
#[wasm_bindgen]
pub fn bbqr_split(
    bytes: &[u8],
    #[wasm_bindgen(unchecked_param_type = "\"P\" | \"J\"")] file_type: &str,
    frame_chars: usize,
) -> Result<Vec<String>, Failure> {
    let known = [FileType::Psbt, FileType::Json].into_iter();
    let file_type = known.into_iter().find(|known| file_type.chars().eq([known.letter()]));
    let file_type = file_type.ok_or_else(|| Failure::argument("file_type: expected P or J"))?;
    Ok(bbqr::split(bytes, file_type, frame_chars)?)
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
        Ok(BbqrProgress { have: self.join.have(), of: self.join.count().unwrap_or_default() }.into_ts()?)
    }

    /// The file, once every frame was read.
    #[must_use]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        self.join.file()
    }

    /// What the frames carry: `P` a PSET, `J` a signed.json.
    #[must_use]
    pub fn file_type(&self) -> Option<String> {
        self.join.file_type().map(|known| known.letter().to_string())
    }
}
