//! Raw deflate (RFC 1951), as BBQr compresses a file: a window of 10 bits, without header and checksum.
//!
//! Both directions are made here. No library in Rust that is small and well kept limits the window of what it writes, and a
//! library that only reads is larger than what is here, in the air-gapped binary and in the page. The tests hold it against
//! such a library. A few bytes of deflate can stand for gigabytes, so [`inflate()`] has a limit.

mod bits;
mod block;
mod huffman;
mod inflate;
mod runs;
mod tables;
mod window;

use bits::Bits;
pub(super) use inflate::inflate;
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

#[cfg(test)]
mod tests;
