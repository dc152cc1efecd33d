//! Frames as they are seen, in any order and many times over, back to the file (docs/rules.md#qr-codes).

use std::collections::BTreeMap;

use elements::hex::decode_to_vec;

use super::{BbqrError, Encoding, FileType, HEADER_CHARACTERS, MAX_FRAME_CHARACTERS};
use crate::encoding::base32;
use crate::listed::listed;
use crate::transport::deflate::{InflateError, inflate};

/// A row of frames, as far as it was seen. It holds at most what [`MAX_FRAMES`](super::MAX_FRAMES) codes of the largest kind
/// do, 3.5 MB. No Debug: it may carry a report, which holds every blinder.
#[derive(Clone, Default)]
pub struct Join {
    row: Option<Row>,
    frames: BTreeMap<usize, Frame>,
    bytes: usize,
}

/// What all frames of a row have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) encoding: Encoding,
    pub(super) file_type: FileType,
    pub(super) count: usize,
}

#[derive(Clone, PartialEq, Eq)]
struct Frame {
    characters: usize,
    bytes: Vec<u8>,
}

impl Encoding {
    fn from_letter(letter: char) -> Result<Self, BbqrError> {
        let known = [Encoding::Base32, Encoding::Hexadecimal, Encoding::Deflated].into_iter();
        let mut found = known.filter(|known| known.letter() == letter);
        found.next().ok_or(BbqrError::Encoding { found: letter })
    }

    fn decode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Encoding::Base32 | Encoding::Deflated => base32::decode(base32::RFC_4648, text),
            // The format's digits are capitals; one spelling each.
            Encoding::Hexadecimal if text.bytes().any(|byte| byte.is_ascii_lowercase()) => None,
            Encoding::Hexadecimal => decode_to_vec(text).ok(),
        }
    }
}

impl Join {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a frame. Returns whether it is new; one that was taken before changes nothing.
    ///
    /// # Errors
    /// When it is none, of another row, or says something else than it did before. What was taken stays.
    pub fn add(&mut self, text: &str) -> Result<bool, BbqrError> {
        let text = text.trim();
        if text.len() > MAX_FRAME_CHARACTERS || !text.is_ascii() {
            return Err(BbqrError::NoFrame);
        }
        let (header, content) = text.split_at_checked(HEADER_CHARACTERS).ok_or(BbqrError::NoFrame)?;
        let (row, index) = Row::read(header)?;
        self.row.map_or(Ok(()), |known| known.continues(row))?;
        let bytes = row.encoding.decode(content).filter(|bytes| !bytes.is_empty());
        let bytes = bytes.ok_or(BbqrError::Characters { index })?;
        let frame = Frame { characters: content.len(), bytes };
        match self.frames.get(&index) {
            Some(known) if *known == frame => return Ok(false),
            Some(_) => return Err(BbqrError::Conflict { index }),
            None => self.fits(row, index, frame.characters)?,
        }
        let limit = row.file_type.limit();
        let bytes = self.bytes.saturating_add(frame.bytes.len());
        if bytes > limit {
            return Err(BbqrError::Oversize { limit });
        }
        (self.row, self.bytes) = (Some(row), bytes);
        self.frames.insert(index, frame);
        Ok(true)
    }

    /// All frames are of one length, but the last, which may be shorter.
    fn fits(&self, row: Row, index: usize, characters: usize) -> Result<(), BbqrError> {
        let last = row.count.saturating_sub(1);
        let fits = self.frames.iter().all(|(other, frame)| match (*other == last, index == last) {
            (false, false) => frame.characters == characters,
            (false, true) => characters <= frame.characters,
            (true, _) => frame.characters <= characters,
        });
        if fits { Ok(()) } else { Err(BbqrError::Length { index }) }
    }

    /// How many frames were seen.
    pub fn have(&self) -> usize {
        self.frames.len()
    }

    /// How many there are; none before the first.
    pub fn count(&self) -> Option<usize> {
        self.row.map(|row| row.count)
    }

    /// The numbers of the frames that were not seen yet, from 1.
    pub fn missing(&self) -> Vec<usize> {
        let all = 0..self.count().unwrap_or_default();
        all.filter(|index| !self.frames.contains_key(index)).map(|index| index.saturating_add(1)).collect()
    }

    /// What the row carries; none before the first frame.
    pub fn file_type(&self) -> Option<FileType> {
        self.row.map(|row| row.file_type)
    }

    /// The file, once every frame was seen.
    ///
    /// # Errors
    /// When it does not decompress, or to more bytes than a file of its type has.
    pub fn file(&self) -> Result<Option<Vec<u8>>, BbqrError> {
        let Some(row) = self.row.filter(|row| row.count == self.have()) else { return Ok(None) };
        let carried: Vec<u8> = self.frames.values().flat_map(|frame| frame.bytes.iter().copied()).collect();
        if row.encoding != Encoding::Deflated {
            return Ok(Some(carried));
        }
        let limit = row.file_type.limit();
        match inflate(&carried, limit) {
            Ok(file) => Ok(Some(file)),
            Err(InflateError::TooLarge) => Err(BbqrError::Oversize { limit }),
            Err(InflateError::Damaged) => Err(BbqrError::Damaged),
        }
    }
}

impl Row {
    /// Reads a header; which frame it is of comes with it.
    fn read(header: &str) -> Result<(Self, usize), BbqrError> {
        let rest = header.strip_prefix("B$").ok_or(BbqrError::NoFrame)?;
        let mut characters = rest.chars();
        let mut next = || characters.next().ok_or(BbqrError::NoFrame);
        let encoding = Encoding::from_letter(next()?)?;
        let letter = next()?;
        let file_type = FileType::from_letter(letter).ok_or(BbqrError::FileType { found: letter })?;
        let mut number = || base36(next()?, next()?).ok_or(BbqrError::NoFrame);
        // Two digits count no further than MAX_FRAMES.
        let (count, index) = (number()?, number()?);
        if index >= count {
            return Err(BbqrError::Number { index, count });
        }
        Ok((Row { encoding, file_type, count }, index))
    }

    /// Whether a frame of this row comes next to those before.
    fn continues(self, next: Row) -> Result<(), BbqrError> {
        if next.file_type != self.file_type {
            return Err(BbqrError::TypeChanged { expected: self.file_type, found: next.file_type });
        }
        if next.count != self.count {
            return Err(BbqrError::Count { expected: self.count, found: next.count });
        }
        if next.encoding != self.encoding {
            return Err(BbqrError::OtherRow { expected: self.header() });
        }
        Ok(())
    }

    /// The first six characters of its frames.
    pub(super) fn header(self) -> String {
        format!("B${}{}{}", self.encoding.letter(), self.file_type.letter(), super::base36(self.count))
    }
}

/// Numbers in rising order, in short: `3, 7-9`. Of many ranges the first.
pub fn ranges(numbers: &[usize]) -> String {
    let ranges = numbers.chunk_by(|one, next| one.checked_add(1) == Some(*next));
    let text = |range: &[usize]| match range {
        [one] => one.to_string(),
        [first, .., last] => format!("{first}-{last}"),
        [] => String::new(),
    };
    listed(ranges.map(text))
}

/// Two digits of base 36, capitals.
fn base36(high: char, low: char) -> Option<usize> {
    let digit = |character: char| {
        let capital = Some(character).filter(|character| !character.is_ascii_lowercase())?;
        usize::try_from(capital.to_digit(36)?).ok()
    };
    digit(high)?.checked_mul(36)?.checked_add(digit(low)?)
}
