//! Frames as they are seen, in any order and many times over, back to the file.

use std::collections::BTreeMap;

use elements::hex::decode_to_vec;

use super::{BbqrError, FileType, HEADER_CHARACTERS, MAX_FRAME_CHARACTERS, MAX_FRAMES};
use crate::encoding::base32;

/// A row of frames, as far as it was seen. It holds at most what [`MAX_FRAMES`] codes of the largest kind do, 3.5 MB.
/// No Debug: it may carry a report, which holds every blinder.
#[derive(Clone, Default)]
pub struct Join {
    row: Option<Row>,
    frames: BTreeMap<usize, Frame>,
}

/// What all frames of a row have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Row {
    encoding: Encoding,
    file_type: FileType,
    count: usize,
}

#[derive(Clone, PartialEq, Eq)]
struct Frame {
    characters: usize,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Base32,
    Hexadecimal,
}

impl Encoding {
    fn from_letter(letter: char) -> Result<Self, BbqrError> {
        match letter {
            '2' => Ok(Encoding::Base32),
            'H' => Ok(Encoding::Hexadecimal),
            'Z' => Err(BbqrError::Compressed),
            found => Err(BbqrError::Encoding { found }),
        }
    }

    fn letter(self) -> char {
        match self {
            Encoding::Base32 => '2',
            Encoding::Hexadecimal => 'H',
        }
    }

    fn decode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Encoding::Base32 => base32::decode(base32::RFC_4648, text),
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

    /// Takes a frame; one that was taken before changes nothing.
    ///
    /// # Errors
    /// When it is none, of another row, or says something else than it did before. What was taken stays.
    pub fn add(&mut self, text: &str) -> Result<(), BbqrError> {
        let text = text.trim();
        if text.len() > MAX_FRAME_CHARACTERS || !text.is_ascii() {
            return Err(BbqrError::NoFrame);
        }
        let (header, content) = text.split_at_checked(HEADER_CHARACTERS).ok_or(BbqrError::NoFrame)?;
        let (row, index) = Row::read(header)?;
        if let Some(known) = self.row.filter(|known| *known != row) {
            return Err(BbqrError::OtherRow { expected: known.header() });
        }
        let bytes = row.encoding.decode(content).filter(|bytes| !bytes.is_empty());
        let bytes = bytes.ok_or(BbqrError::Characters { index })?;
        let frame = Frame { characters: content.len(), bytes };
        match self.frames.get(&index) {
            Some(known) if *known == frame => return Ok(()),
            Some(_) => return Err(BbqrError::Conflict { index }),
            None => self.fits(row, index, frame.characters)?,
        }
        self.row = Some(row);
        self.frames.insert(index, frame);
        Ok(())
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

    /// What the row carries; none before the first frame.
    pub fn file_type(&self) -> Option<FileType> {
        self.row.map(|row| row.file_type)
    }

    /// The file, once every frame was seen.
    pub fn file(&self) -> Option<Vec<u8>> {
        let whole = self.count() == Some(self.have());
        whole.then(|| self.frames.values().flat_map(|frame| frame.bytes.iter().copied()).collect())
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
        let (count, index) = (number()?, number()?);
        if count == 0 || count > MAX_FRAMES || index >= count {
            return Err(BbqrError::Number { index, count });
        }
        Ok((Row { encoding, file_type, count }, index))
    }

    fn header(self) -> String {
        format!("B${}{}{}", self.encoding.letter(), self.file_type.letter(), super::base36(self.count))
    }
}

/// Two digits of base 36, capitals.
fn base36(high: char, low: char) -> Option<usize> {
    let digit = |character: char| {
        let capital = Some(character).filter(|character| !character.is_ascii_lowercase())?;
        usize::try_from(capital.to_digit(36)?).ok()
    };
    digit(high)?.checked_mul(36)?.checked_add(digit(low)?)
}
