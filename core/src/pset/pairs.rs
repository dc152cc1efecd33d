//! Splits a PSET into maps of raw (key, value) pairs. Only one encoding of each PSET is accepted: minimal sizes, no
//! duplicate key, no trailing byte. Libraries differ in what they overlook, so two of them could read one file differently.

use elements::bitcoin::base64::Engine as _;
use elements::bitcoin::base64::engine::general_purpose::STANDARD;
use elements::encode::serialize;

use super::keys::{Field, global as keys};
use crate::limits::{MAX_LISTED_PROBLEMS, MAX_PSET_BYTES, MAX_PSET_FILE_BYTES, MAX_PSET_MAPS};

/// The first bytes of a binary PSET (doc/pset.mediawiki of Elements).
const MAGIC: &[u8; 5] = b"pset\xff";

/// One pair. The key holds its type and its key data, unchanged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    pub(super) key: Vec<u8>,
    pub(super) value: Vec<u8>,
}

/// The maps of a file. The global map says how many inputs and outputs there are.
#[derive(Debug)]
pub(super) struct Maps {
    pub(super) global: Vec<Pair>,
    pub(super) inputs: Vec<Vec<Pair>>,
    pub(super) outputs: Vec<Vec<Pair>>,
    /// Keys that are in their map more than once.
    pub(super) duplicates: Duplicates,
}

/// Keys that are in their map more than once: the first ones, each as (map, key), and the number of the others.
#[derive(Debug, Default)]
pub(super) struct Duplicates {
    pub(super) listed: Vec<(String, Vec<u8>)>,
    pub(super) more: usize,
}

impl Duplicates {
    fn push(&mut self, place: &str, key: Vec<u8>) {
        if self.listed.len() < MAX_LISTED_PROBLEMS {
            self.listed.push((place.to_owned(), key));
        } else {
            self.more = self.more.saturating_add(1);
        }
    }
}

/// Why bytes are not a PSET (docs/rules.md#pset-reading). Such a file is refused before any review.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// Neither the magic bytes nor base64 of them.
    #[error("it does not begin as a PSET does, in binary or in base64")]
    Magic,
    /// Larger than any PSET we sign.
    #[error("the file has {found} bytes; a PSET has at most {MAX_PSET_BYTES}")]
    TooLarge {
        /// Bytes of the file.
        found: usize,
    },
    /// The file ends inside a pair or a map.
    #[error("the PSET ends early, in {place}")]
    Truncated {
        /// Which map.
        place: String,
    },
    /// A size written longer than needed.
    #[error("a size in {place} is not in its shortest form")]
    NonMinimal {
        /// Which map.
        place: String,
    },
    /// Bytes after the last map.
    #[error("{found} bytes follow the last map")]
    Trailing {
        /// How many.
        found: usize,
    },
    /// Not version 2, or a count that is missing, zero or over the limit.
    #[error("{field}: found {found}, expected {expected}")]
    Header {
        /// Which global field.
        field: &'static str,
        /// What was found.
        found: String,
        /// What must.
        expected: String,
    },
    /// rust-elements refuses the file, or reads other fields in it than this reader: a field would have two meanings.
    #[error("a second reader does not agree: {reason}")]
    SecondReader {
        /// What it said.
        reason: String,
    },
}

/// The text of a file that was read as a PSET: its own where it is one, else the base64 of its bytes, whatever they mean.
pub fn pset_text(file: &[u8]) -> String {
    match std::str::from_utf8(file) {
        Ok(text) => text.to_owned(),
        // The magic bytes end in one that no UTF-8 text has.
        Err(_) => STANDARD.encode(file),
    }
}

/// The bytes of a PSET given as base64 text or binary.
///
/// # Errors
/// When it is neither, or larger than a PSET may be.
pub fn pset_binary(file: &[u8]) -> Result<Vec<u8>, ParseError> {
    if file.len() > MAX_PSET_FILE_BYTES {
        return Err(ParseError::TooLarge { found: file.len() });
    }
    let binary = if file.starts_with(MAGIC) {
        file.to_vec()
    } else {
        let text = file.trim_ascii();
        STANDARD.decode(text).map_err(|_| ParseError::Magic)?
    };
    if !binary.starts_with(MAGIC) {
        return Err(ParseError::Magic);
    }
    if binary.len() > MAX_PSET_BYTES {
        return Err(ParseError::TooLarge { found: binary.len() });
    }
    Ok(binary)
}

/// The bytes of a PSET with these maps: what [`split`] reads.
pub(super) fn join(maps: &Maps) -> Vec<u8> {
    let mut binary = MAGIC.to_vec();
    for map in std::iter::once(&maps.global).chain(&maps.inputs).chain(&maps.outputs) {
        for pair in map {
            for part in [&pair.key, &pair.value] {
                binary.extend(serialize(part));
            }
        }
        binary.push(0);
    }
    binary
}

/// Splits binary PSET bytes into maps.
pub(super) fn split(binary: &[u8]) -> Result<Maps, ParseError> {
    let mut reader = Reader { rest: binary.get(MAGIC.len()..).unwrap_or_default() };
    let mut duplicates = Duplicates::default();
    let global = reader.map("the global map", &mut duplicates)?;
    version_is_2(&global)?;
    let input_count = count(&global, &keys::INPUT_COUNT)?;
    let output_count = count(&global, &keys::OUTPUT_COUNT)?;
    let mut maps = |count: usize, name: &str| -> Result<Vec<Vec<Pair>>, ParseError> {
        (0..count).map(|index| reader.map(&format!("{name} {index}"), &mut duplicates)).collect()
    };
    let inputs = maps(input_count, "input")?;
    let outputs = maps(output_count, "output")?;
    if !reader.rest.is_empty() {
        return Err(ParseError::Trailing { found: reader.rest.len() });
    }
    Ok(Maps { global, inputs, outputs, duplicates })
}

fn version_is_2(global: &[Pair]) -> Result<(), ParseError> {
    let version = global.iter().find(|pair| keys::VERSION.is(&pair.key));
    match version {
        Some(pair) if pair.value == 2_u32.to_le_bytes() => Ok(()),
        found => Err(ParseError::Header {
            field: keys::VERSION.name,
            found: found.map_or("nothing".to_owned(), |pair| {
                format!("{} bytes of another version", pair.value.len())
            }),
            expected: "2".to_owned(),
        }),
    }
}

fn count(global: &[Pair], key: &Field) -> Result<usize, ParseError> {
    let field = key.name;
    let refuse =
        |found: String| ParseError::Header { field, found, expected: format!("1 to {MAX_PSET_MAPS}") };
    let Some(pair) = global.iter().find(|pair| key.is(&pair.key)) else {
        return Err(refuse("nothing".to_owned()));
    };
    let mut reader = Reader { rest: &pair.value };
    let number = reader.size(field)?;
    if !reader.rest.is_empty() {
        return Err(refuse("a size with bytes after it".to_owned()));
    }
    usize::try_from(number)
        .ok()
        .filter(|count| (1..=MAX_PSET_MAPS).contains(count))
        .ok_or_else(|| refuse(number.to_string()))
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn bytes(&mut self, length: u64, place: &str) -> Result<&'a [u8], ParseError> {
        let truncated = || ParseError::Truncated { place: place.to_owned() };
        let length = usize::try_from(length).map_err(|_| truncated())?;
        let (head, tail) = self.rest.split_at_checked(length).ok_or_else(truncated)?;
        self.rest = tail;
        Ok(head)
    }

    /// A compact size in its shortest form.
    fn size(&mut self, place: &str) -> Result<u64, ParseError> {
        let little_endian =
            |bytes: &[u8]| bytes.iter().rev().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        let first = little_endian(self.bytes(1, place)?);
        let (length, least) = match first {
            0xfd => (2, 0xfd),
            0xfe => (4, 0x1_0000),
            0xff => (8, 0x1_0000_0000),
            small => return Ok(small),
        };
        let number = little_endian(self.bytes(length, place)?);
        if number < least {
            return Err(ParseError::NonMinimal { place: place.to_owned() });
        }
        Ok(number)
    }

    /// One map up to and with its separator.
    fn map(&mut self, place: &str, duplicates: &mut Duplicates) -> Result<Vec<Pair>, ParseError> {
        let mut pairs: Vec<Pair> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        loop {
            let key_length = self.size(place)?;
            if key_length == 0 {
                return Ok(pairs);
            }
            let key = self.bytes(key_length, place)?.to_vec();
            let value_length = self.size(place)?;
            let value = self.bytes(value_length, place)?.to_vec();
            if !seen.insert(key.clone()) {
                duplicates.push(place, key);
                continue;
            }
            pairs.push(Pair { key, value });
        }
    }
}
