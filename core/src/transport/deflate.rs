//! Raw deflate (RFC 1951), as BBQr compresses a file: a window of 10 bits, without header and checksum.
//!
//! What is read is inflated by miniz_oxide, with a limit, because a few bytes of deflate can stand for gigabytes. What is
//! written is made here: no pure-Rust library with a reason to be trusted limits the window, and a camera that reads for a
//! small device has room for 1,024 bytes of it.

mod bits;
mod block;
mod huffman;
mod runs;
mod window;

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use bits::Bits;
use window::{Symbol, Symbols};

/// Symbols of a block. A PSET holds proofs, which do not compress, beside a request, which does; each block is written in
/// the shorter of two ways, so blocks are short.
const BLOCK: usize = 2_048;

/// Why bytes are not inflated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InflateError {
    /// They are not deflate, end early, or go on behind the end.
    Damaged,
    /// They stand for more bytes than the limit.
    TooLarge,
}

/// Compresses.
pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut out = Bits::default();
    let mut symbols = Symbols::of(bytes);
    loop {
        let from = symbols.at();
        let block: Vec<Symbol> = symbols.by_ref().take(BLOCK).collect();
        let stands_for = bytes.get(from..symbols.at()).unwrap_or_default();
        let is_last = symbols.at() >= bytes.len();
        block::write(&mut out, &block, stands_for, is_last);
        if is_last {
            return out.into_bytes();
        }
    }
}

/// Inflates to at most `limit` bytes. No more memory than twice the limit is taken.
///
/// # Errors
/// When the bytes are not one whole deflate stream and nothing else, or stand for more.
pub(super) fn inflate(bytes: &[u8], limit: usize) -> Result<Vec<u8>, InflateError> {
    let mut state = Box::<DecompressorOxide>::default();
    let mut out = vec![0; bytes.len().saturating_mul(2).clamp(1, limit.max(1))];
    let (mut rest, mut written) = (bytes, 0_usize);
    loop {
        let (status, read, more) =
            decompress(&mut state, rest, &mut out, written, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF);
        rest = rest.get(read..).unwrap_or_default();
        written = written.saturating_add(more);
        match status {
            TINFLStatus::Done if !rest.is_empty() => return Err(InflateError::Damaged),
            TINFLStatus::Done if written > limit => return Err(InflateError::TooLarge),
            TINFLStatus::Done => {
                out.truncate(written);
                return Ok(out);
            }
            TINFLStatus::HasMoreOutput if out.len() >= limit => return Err(InflateError::TooLarge),
            TINFLStatus::HasMoreOutput => out.resize(out.len().saturating_mul(2).min(limit), 0),
            _ => return Err(InflateError::Damaged),
        }
    }
}

#[cfg(test)]
mod tests;
