//! A decoded text. Each character knows the bytes of the original text that it comes from.

use std::ops::Range;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// base64 with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Shortest run that is worth decoding.
const LEAST_RUN: usize = 6;

/// The entities of HTML for characters that a secret may hold and that HTML or somebody's template escapes.
const ENTITIES: [(&str, char); 34] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("excl", '!'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("lpar", '('),
    ("rpar", ')'),
    ("ast", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("period", '.'),
    ("sol", '/'),
    ("colon", ':'),
    ("semi", ';'),
    ("equals", '='),
    ("quest", '?'),
    ("commat", '@'),
    ("lsqb", '['),
    ("bsol", '\\'),
    ("rsqb", ']'),
    ("hat", '^'),
    ("lowbar", '_'),
    ("grave", '`'),
    ("lcub", '{'),
    ("verbar", '|'),
    ("rcub", '}'),
    ("hyphen", '-'),
    ("tilde", '~'),
    ("newline", '\n'),
];

/// A way of decoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decoder {
    /// Backslash escapes: JSON's, and those of Rust, Python, JavaScript.
    Escapes,
    /// Percent-encoding.
    Percent,
    /// The same as forms have it, with + for a blank.
    Form,
    /// HTML's entities.
    Entities,
}

impl Decoder {
    pub(super) const ALL: [Decoder; 4] =
        [Decoder::Escapes, Decoder::Percent, Decoder::Form, Decoder::Entities];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Letter {
    character: char,
    from: usize,
    to: usize,
}

/// A decoded text.
#[derive(Debug, Clone)]
pub(super) struct Reading(Vec<Letter>);

impl Reading {
    /// The original text.
    pub(super) fn of(text: &str) -> Self {
        let letters = text.char_indices().map(|(from, character)| {
            let to = from.saturating_add(character.len_utf8());
            Letter { character, from, to }
        });
        Reading(letters.collect())
    }

    /// The decoded text.
    pub(super) fn text(&self) -> String {
        self.0.iter().map(|letter| letter.character).collect()
    }

    /// Where lower-case letters occur, in any case, in bytes of the original text.
    pub(super) fn find(&self, wanted: &[char], is_word: bool) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for (start, window) in self.0.windows(wanted.len().max(1)).enumerate() {
            let same =
                window.iter().zip(wanted).all(|(letter, own)| letter.character.to_ascii_lowercase() == *own);
            let end = start.saturating_add(wanted.len());
            let inside_a_word =
                || self.is_alphanumeric(start.checked_sub(1)) || self.is_alphanumeric(Some(end));
            if same && !(is_word && inside_a_word()) {
                found.extend(span(window));
            }
        }
        found
    }

    fn is_alphanumeric(&self, index: Option<usize>) -> bool {
        index.and_then(|index| self.0.get(index)).is_some_and(|letter| letter.character.is_alphanumeric())
    }

    /// The runs of base64 and hexadecimal whose decoded text is `wanted`, in bytes of the original text.
    pub(super) fn encoded_runs(&self, wanted: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
        let in_run =
            |letter: &Letter| letter.character.is_ascii_alphanumeric() || "+/-_=".contains(letter.character);
        let runs = self.0.split(|letter| !in_run(letter)).filter(|run| run.len() >= LEAST_RUN);
        let holds = |run: &[Letter]| {
            let text: String = run.iter().map(|letter| letter.character).collect();
            decodings(&text).iter().any(|decoded| wanted(decoded))
        };
        runs.filter(|run| holds(run)).filter_map(span).collect()
    }

    /// The text with one more encoding decoded. None if there is nothing to decode.
    pub(super) fn decoded(&self, decoder: Decoder) -> Option<Reading> {
        let mut letters = Vec::with_capacity(self.0.len());
        let (mut rest, mut changed) = (self.0.as_slice(), false);
        while let Some((first, others)) = rest.split_first() {
            let decoded = match decoder {
                Decoder::Escapes => escape(rest),
                Decoder::Percent => percent(rest),
                Decoder::Form if first.character == '+' => Some((" ".to_owned(), 1)),
                Decoder::Form => percent(rest),
                Decoder::Entities => entity(rest),
            };
            match decoded {
                None => {
                    letters.push(*first);
                    rest = others;
                }
                Some((text, length)) => {
                    changed = true;
                    let (taken, behind) = rest.split_at_checked(length.max(1)).unwrap_or((rest, &[]));
                    if let Some(Range { start: from, end: to }) = span(taken) {
                        letters.extend(text.chars().map(|character| Letter { character, from, to }));
                    }
                    rest = behind;
                }
            }
        }
        changed.then_some(Reading(letters))
    }
}

/// The bytes that letters encode.
fn span(letters: &[Letter]) -> Option<Range<usize>> {
    Some(letters.first()?.from..letters.last()?.to)
}

fn character(letters: &[Letter], index: usize) -> Option<char> {
    letters.get(index).map(|letter| letter.character)
}

/// So many hexadecimal digits from an index on.
fn hexadecimal(letters: &[Letter], from: usize, digits: usize) -> Option<u32> {
    let letters = letters.get(from..from.checked_add(digits)?)?;
    letters
        .iter()
        .try_fold(0_u32, |number, letter| number.checked_mul(16)?.checked_add(letter.character.to_digit(16)?))
}

/// The digits from an index on up to a character, of that radix, and how many letters they are with it.
fn number_up_to(letters: &[Letter], from: usize, radix: u32, end: char) -> Option<(char, usize)> {
    let mut number = 0_u32;
    for (count, letter) in (0_usize..).zip(letters.get(from..)?).take(9) {
        if letter.character == end {
            return (count > 0)
                .then(|| char::from_u32(number))?
                .map(|found| (found, count.saturating_add(1)));
        }
        number = number.checked_mul(radix)?.checked_add(letter.character.to_digit(radix)?)?;
    }
    None
}

/// What a backslash and the letters behind it mean, and how many letters that is.
fn escape(letters: &[Letter]) -> Option<(String, usize)> {
    if character(letters, 0)? != '\\' {
        return None;
    }
    let one = |found: char, length: usize| Some((found.to_string(), length));
    match character(letters, 1)? {
        'n' => one('\n', 2),
        'r' => one('\r', 2),
        't' => one('\t', 2),
        'b' => one('\u{8}', 2),
        'f' => one('\u{c}', 2),
        'x' => char::from_u32(hexadecimal(letters, 2, 2)?).and_then(|found| one(found, 4)),
        'u' if character(letters, 2) == Some('{') => {
            let (found, length) = number_up_to(letters, 3, 16, '}')?;
            one(found, length.saturating_add(3))
        }
        'u' => {
            let unit = hexadecimal(letters, 2, 4)?;
            if let Some(found) = char::from_u32(unit) {
                return one(found, 6);
            }
            let is_second = character(letters, 6) == Some('\\') && character(letters, 7) == Some('u');
            let second = hexadecimal(letters, 8, 4).filter(|_| is_second)?;
            let units = [u16::try_from(unit).ok()?, u16::try_from(second).ok()?];
            String::from_utf16(&units).ok().map(|found| (found, 12))
        }
        other => one(other, 2),
    }
}

/// What the percent-encoded bytes in front encode, as many as belong to one character or to none.
fn percent(letters: &[Letter]) -> Option<(String, usize)> {
    let byte = |index: usize| {
        let is_one = character(letters, index) == Some('%');
        hexadecimal(letters, index.checked_add(1)?, 2)
            .filter(|_| is_one)
            .and_then(|byte| u8::try_from(byte).ok())
    };
    let mut bytes = vec![byte(0)?];
    loop {
        let length = bytes.len().saturating_mul(3);
        if let Ok(text) = std::str::from_utf8(&bytes) {
            return Some((text.to_owned(), length));
        }
        match byte(length).filter(|_| bytes.len() < 4) {
            Some(next) => bytes.push(next),
            None => return None,
        }
    }
}

/// The character of an entity in front.
fn entity(letters: &[Letter]) -> Option<(String, usize)> {
    if character(letters, 0)? != '&' {
        return None;
    }
    if character(letters, 1)? == '#' {
        let (from, radix) = match character(letters, 2)? {
            'x' | 'X' => (3_usize, 16),
            _ => (2, 10),
        };
        let (found, length) = number_up_to(letters, from, radix, ';')?;
        return Some((found.to_string(), length.saturating_add(from)));
    }
    let name: String = letters.iter().skip(1).take(9).map(|letter| letter.character).collect();
    let (name, _) = name.split_once(';')?;
    let (_, found) = ENTITIES.iter().find(|(own, _)| own.eq_ignore_ascii_case(name))?;
    Some((found.to_string(), name.len().saturating_add(2)))
}

/// What a run may be: base64 from any of its first four letters on, since other letters may be before it, and
/// hexadecimal.
fn decodings(run: &str) -> Vec<String> {
    let standard: String = run
        .chars()
        .filter(|character| *character != '=')
        .map(|character| match character {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    let mut found = Vec::new();
    for start in 0..4 {
        let Some(text) = standard.get(start..) else { break };
        // One letter over holds no byte.
        let text = if text.len() % 4 == 1 {
            text.get(..text.len().saturating_sub(1)).unwrap_or_default()
        } else {
            text
        };
        if let Ok(bytes) = BASE64.decode(text) {
            found.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    for digits in run.split(|character: char| !character.is_ascii_hexdigit()) {
        let digits: Vec<u32> = digits.chars().filter_map(|digit| digit.to_digit(16)).collect();
        let pair = |pair: &[u32]| match pair {
            [high, low] => u8::try_from(high.saturating_mul(16).saturating_add(*low)).ok(),
            _ => None,
        };
        // A digit before them may belong to something else.
        for digits in [digits.as_slice(), digits.get(1..).unwrap_or_default()] {
            let bytes: Vec<u8> = digits.chunks(2).filter_map(pair).collect();
            found.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    found
}
