//! Deflate read back. Bytes that nobody vouches for: every read has an end, and what comes out has a limit.

use super::InflateError;
use super::tables::{DISTANCES, END, LENGTHS, LENGTHS_FROM, LONGEST_CODE, ORDER};

/// What is left to read.
struct Reader<'a> {
    bytes: &'a [u8],
    /// Bits of a byte that was begun, the next one lowest.
    pending: u32,
    have: u32,
}

/// A code: how many codes there are of each length, and the symbols in the order of their codes.
struct Code {
    counts: [usize; LONGEST_CODE + 1],
    symbols: Vec<usize>,
}

/// What was read so far.
struct Output {
    bytes: Vec<u8>,
    limit: usize,
}

/// Inflates to at most `limit` bytes. No more memory than twice the limit is taken.
///
/// # Errors
/// When the bytes are not one whole deflate stream and nothing else, or stand for more.
pub(in crate::transport) fn inflate(bytes: &[u8], limit: usize) -> Result<Vec<u8>, InflateError> {
    let mut reader = Reader { bytes, pending: 0, have: 0 };
    let mut out = Output { bytes: Vec::new(), limit };
    loop {
        let is_last = reader.bits(1)? == 1;
        match reader.bits(2)? {
            0 => stored(&mut reader, &mut out)?,
            1 => compressed(&mut reader, &mut out, &fixed()?)?,
            2 => {
                let codes = own_codes(&mut reader)?;
                compressed(&mut reader, &mut out, &codes)?;
            }
            _ => return Err(InflateError::Damaged),
        }
        if is_last {
            return if reader.bytes.is_empty() { Ok(out.bytes) } else { Err(InflateError::Damaged) };
        }
    }
}

impl Reader<'_> {
    /// The next bits as a number, at most 16.
    fn bits(&mut self, count: u32) -> Result<usize, InflateError> {
        while self.have < count {
            let (byte, rest) = self.bytes.split_first().ok_or(InflateError::Damaged)?;
            self.pending |= u32::from(*byte) << self.have;
            self.have = self.have.saturating_add(8);
            self.bytes = rest;
        }
        let mask = (1_u32 << count).saturating_sub(1);
        let bits = self.pending & mask;
        self.pending >>= count;
        self.have = self.have.saturating_sub(count);
        usize::try_from(bits).map_err(|_| InflateError::Damaged)
    }

    /// Whole bytes, from the next one that was not begun.
    fn take(&mut self, count: usize) -> Result<&[u8], InflateError> {
        (self.pending, self.have) = (0, 0);
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or(InflateError::Damaged)?;
        self.bytes = rest;
        Ok(taken)
    }
}

impl Output {
    fn push(&mut self, byte: u8) -> Result<(), InflateError> {
        if self.bytes.len() >= self.limit {
            return Err(InflateError::TooLarge);
        }
        self.bytes.push(byte);
        Ok(())
    }

    /// Repeats what was written `distance` bytes ago. It may run into what it writes.
    fn repeat(&mut self, length: usize, distance: usize) -> Result<(), InflateError> {
        let from = self.bytes.len().checked_sub(distance).ok_or(InflateError::Damaged)?;
        for at in from..from.saturating_add(length) {
            let byte = self.bytes.get(at).copied().ok_or(InflateError::Damaged)?;
            self.push(byte)?;
        }
        Ok(())
    }
}

impl Code {
    /// A code by the length of each symbol's. None that has two meanings, and none that leaves bits without one, except a
    /// code of one bit for one symbol, and none at all (RFC 1951 section 3.2.7).
    fn of(lengths: &[usize]) -> Option<Self> {
        let mut counts = [0_usize; LONGEST_CODE + 1];
        for length in lengths {
            let count = counts.get_mut(*length)?;
            *count = count.saturating_add(1);
        }
        let [unused, one_bit, ..] = counts;
        let mut free = 1_usize;
        for count in counts.iter().skip(1) {
            free = free.checked_mul(2)?.checked_sub(*count)?;
        }
        let used = lengths.len().saturating_sub(unused);
        if free > 0 && used > one_bit.min(1) {
            return None;
        }
        let of_length = |length: usize| {
            let all = lengths.iter().enumerate();
            all.filter(move |(_, own)| **own == length).map(|(symbol, _)| symbol)
        };
        Some(Code { counts, symbols: (1..=LONGEST_CODE).flat_map(of_length).collect() })
    }

    fn read(&self, reader: &mut Reader<'_>) -> Result<usize, InflateError> {
        // Codes of one length are numbers one after another, and shorter codes come first.
        let (mut code, mut first, mut before) = (0_usize, 0_usize, 0_usize);
        for count in self.counts.iter().skip(1) {
            code = code.saturating_mul(2) | reader.bits(1)?;
            first = first.saturating_mul(2);
            if let Some(number) = code.checked_sub(first).filter(|number| number < count) {
                return self.symbols.get(before.saturating_add(number)).copied().ok_or(InflateError::Damaged);
            }
            before = before.saturating_add(*count);
            first = first.saturating_add(*count);
        }
        Err(InflateError::Damaged)
    }
}

/// Bytes as they are.
fn stored(reader: &mut Reader<'_>, out: &mut Output) -> Result<(), InflateError> {
    let lengths = reader.take(4)?.first_chunk::<4>().copied().ok_or(InflateError::Damaged)?;
    let [low, high, not_low, not_high] = lengths;
    if low != !not_low || high != !not_high {
        return Err(InflateError::Damaged);
    }
    let bytes = reader.take(usize::from(u16::from_le_bytes([low, high])))?;
    bytes.iter().try_for_each(|byte| out.push(*byte))
}

/// Symbols up to the end of the block.
fn compressed(reader: &mut Reader<'_>, out: &mut Output, codes: &(Code, Code)) -> Result<(), InflateError> {
    let (symbols, distances) = codes;
    loop {
        let symbol = symbols.read(reader)?;
        if symbol == END {
            return Ok(());
        }
        match u8::try_from(symbol) {
            Ok(byte) => out.push(byte)?,
            Err(_) => {
                let length = value(reader, &LENGTHS, symbol.saturating_sub(LENGTHS_FROM))?;
                let symbol = distances.read(reader)?;
                let distance = value(reader, &DISTANCES, symbol)?;
                out.repeat(length, distance)?;
            }
        }
    }
}

/// The value of a symbol with the bits behind it.
fn value(reader: &mut Reader<'_>, table: &[(usize, u32)], symbol: usize) -> Result<usize, InflateError> {
    let (from, extra) = table.get(symbol).copied().ok_or(InflateError::Damaged)?;
    Ok(from.saturating_add(reader.bits(extra)?))
}

/// The codes that are the same for every file (RFC 1951 section 3.2.6).
fn fixed() -> Result<(Code, Code), InflateError> {
    let lengths: Vec<usize> = (0_u16..288)
        .map(|symbol| match symbol {
            0..=143 | 280.. => 8,
            144..=255 => 9,
            256..=279 => 7,
        })
        .collect();
    let both = Code::of(&lengths).zip(Code::of(&[5; 32]));
    both.ok_or(InflateError::Damaged)
}

/// The codes of a block that brings its own.
fn own_codes(reader: &mut Reader<'_>) -> Result<(Code, Code), InflateError> {
    let symbols = reader.bits(5)?.saturating_add(LENGTHS_FROM);
    let distances = reader.bits(5)?.saturating_add(1);
    let ordered = reader.bits(4)?.saturating_add(4);
    let mut lengths = [0_usize; ORDER.len()];
    for symbol in ORDER.iter().take(ordered) {
        let length = reader.bits(3)?;
        *lengths.get_mut(*symbol).ok_or(InflateError::Damaged)? = length;
    }
    let code = Code::of(&lengths).ok_or(InflateError::Damaged)?;
    let count = symbols.saturating_add(distances);
    let mut lengths: Vec<usize> = Vec::new();
    while lengths.len() < count {
        let (length, times) = match code.read(reader)? {
            16 => (*lengths.last().ok_or(InflateError::Damaged)?, reader.bits(2)?.saturating_add(3)),
            17 => (0, reader.bits(3)?.saturating_add(3)),
            18 => (0, reader.bits(7)?.saturating_add(11)),
            length => (length, 1),
        };
        lengths.extend(std::iter::repeat_n(length, times));
    }
    let (symbols, distances) = lengths.split_at_checked(symbols).ok_or(InflateError::Damaged)?;
    let is_sound = lengths.len() == count
        && symbols.len() <= LENGTHS_FROM.saturating_add(LENGTHS.len())
        && distances.len() <= DISTANCES.len()
        && symbols.get(END).is_some_and(|length| *length > 0);
    let both = Code::of(symbols).zip(Code::of(distances)).filter(|_| is_sound);
    both.ok_or(InflateError::Damaged)
}
