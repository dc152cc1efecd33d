//! One block: its symbols in codes of their own, or the bytes as they are, whichever is shorter.

use super::bits::Bits;
use super::huffman::{Prefix, codes, lengths};
use super::runs::{Run, runs};
use super::tables::{DISTANCES, END, LENGTHS, LENGTHS_FROM, ORDER};
use super::window::Symbol;

/// Longest code of a symbol, and of a length of a code.
const LIMIT: u32 = 15;
const LIMIT_OF_LENGTHS: u32 = 7;

/// A symbol of a code, with what is written behind it.
struct Coded {
    symbol: usize,
    extra: u32,
    extra_bits: u32,
}

impl Coded {
    /// The symbol of a table whose range holds a value.
    fn of(table: &[(usize, u32)], value: usize) -> Self {
        let symbol = table.iter().rposition(|(from, _)| *from <= value).unwrap_or_default();
        let (from, extra_bits) = table.get(symbol).copied().unwrap_or_default();
        let extra = u32::try_from(value.saturating_sub(from)).unwrap_or_default();
        Coded { symbol, extra, extra_bits }
    }

    /// A symbol of the first code, and for a reference one of the second.
    fn both(symbol: Symbol) -> (Self, Option<Self>) {
        match symbol {
            Symbol::Literal(byte) => (Coded { symbol: usize::from(byte), extra: 0, extra_bits: 0 }, None),
            Symbol::Match(found) => {
                let mut length = Coded::of(&LENGTHS, found.length);
                length.symbol = length.symbol.saturating_add(LENGTHS_FROM);
                (length, Some(Coded::of(&DISTANCES, found.distance)))
            }
        }
    }

    fn write(&self, out: &mut Bits, codes: &[Prefix]) {
        let code = codes.get(self.symbol).copied().unwrap_or_default();
        out.push(code.bits, code.length);
        out.push(self.extra, self.extra_bits);
    }
}

/// Writes a block. `bytes` are what its symbols stand for.
pub(super) fn write(out: &mut Bits, symbols: &[Symbol], bytes: &[u8], is_last: bool) {
    let compressed = compressed(symbols);
    out.push(u32::from(is_last), 1);
    // Two bytes of length, two of its complement, and what fills the byte.
    let stored = bytes.len().saturating_add(5);
    match u16::try_from(bytes.len()) {
        Ok(length) if stored < compressed.byte_count() => {
            out.push(0, 2);
            out.push_bytes(&length.to_le_bytes());
            out.push_bytes(&(!length).to_le_bytes());
            out.push_bytes(bytes);
        }
        _ => {
            out.push(2, 2);
            out.append(&compressed);
        }
    }
}

/// A block in codes of its own, behind its first three bits.
fn compressed(symbols: &[Symbol]) -> Bits {
    let coded: Vec<(Coded, Option<Coded>)> = symbols.iter().map(|symbol| Coded::both(*symbol)).collect();
    let mut of_symbols = vec![0_u32; LENGTHS_FROM.saturating_add(LENGTHS.len())];
    let mut of_distances = vec![0_u32; DISTANCES.len()];
    count(&mut of_symbols, END);
    for (symbol, distance) in &coded {
        count(&mut of_symbols, symbol.symbol);
        distance.iter().for_each(|distance| count(&mut of_distances, distance.symbol));
    }
    let symbol_lengths = without_zeros(lengths(&of_symbols, LIMIT), LENGTHS_FROM);
    let distance_lengths = without_zeros(lengths(&of_distances, LIMIT), 1);

    let mut out = Bits::default();
    write_lengths(&mut out, &symbol_lengths, &distance_lengths);
    let (symbol_codes, distance_codes) = (codes(&symbol_lengths), codes(&distance_lengths));
    for (symbol, distance) in &coded {
        symbol.write(&mut out, &symbol_codes);
        distance.iter().for_each(|distance| distance.write(&mut out, &distance_codes));
    }
    Coded { symbol: END, extra: 0, extra_bits: 0 }.write(&mut out, &symbol_codes);
    out
}

/// The lengths of both codes, by a third one.
fn write_lengths(out: &mut Bits, symbols: &[u32], distances: &[u32]) {
    let runs: Vec<Run> = runs(&[symbols, distances].concat());
    let mut counts = vec![0_u32; ORDER.len()];
    let index = |run: &Run| usize::try_from(run.symbol).unwrap_or_default();
    runs.iter().for_each(|run| count(&mut counts, index(run)));
    let lengths = lengths(&counts, LIMIT_OF_LENGTHS);
    let length_of = |symbol: &usize| lengths.get(*symbol).copied().unwrap_or_default();
    let ordered = without_zeros(ORDER.iter().map(length_of).collect(), 4);
    let less = |count: usize, by: usize| u32::try_from(count.saturating_sub(by)).unwrap_or_default();
    out.push(less(symbols.len(), LENGTHS_FROM), 5);
    out.push(less(distances.len(), 1), 5);
    out.push(less(ordered.len(), 4), 4);
    ordered.iter().for_each(|length| out.push(*length, 3));
    let codes = codes(&lengths);
    for run in &runs {
        Coded { symbol: index(run), extra: run.extra, extra_bits: run.extra_bits }.write(out, &codes);
    }
}

fn count(counts: &mut [u32], symbol: usize) {
    if let Some(count) = counts.get_mut(symbol) {
        *count = count.saturating_add(1);
    }
}

/// Without the zeros at the end, but at least so many.
fn without_zeros(mut lengths: Vec<u32>, least: usize) -> Vec<u32> {
    let used = lengths.iter().rposition(|length| *length > 0).map_or(0, |last| last.saturating_add(1));
    lengths.truncate(used.max(least));
    lengths
}
