//! Files that are not a PSET, or that two readers could read differently (docs/rules.md#pset-reading). Reading them fails
//! before any review.

use coldamp_core::limits::MAX_PSET_BYTES;
use coldamp_core::pset::{ParseError, UnsignedPset};

use super::binary::{self, Hostile};
use super::job::{EACH, Honest, JobName};
use super::pairs::{Pairs, get, pset_key, set, unset};

/// Characters that a PSET may have as text: base64 is 4/3 of the binary size, and line ends come on top.
const MAX_TEXT_BYTES: usize = MAX_PSET_BYTES * 3 / 2;

/// A name, what is done to the binary form, and which refusal is right.
type Defect = (&'static str, fn(&[u8]) -> Vec<u8>, fn(&ParseError) -> bool);

fn edited(binary: &[u8], edit: impl Fn(&mut Pairs)) -> Vec<u8> {
    let mut pairs = Pairs::split(binary);
    edit(&mut pairs);
    pairs.join()
}

/// The size in front of the first key, behind the magic bytes, written in another way.
fn first_size(binary: &[u8], size: &[u8]) -> Vec<u8> {
    [&binary[..5], size, &binary[6..]].concat()
}

/// Another count of inputs or outputs than there are.
fn counted(binary: &[u8], key: u8, value: &[u8]) -> Vec<u8> {
    edited(binary, |pairs| *get(&mut pairs.global, &[key]) = value.to_vec())
}

const DEFECTS: [Defect; 35] = [
    ("empty", |_| Vec::new(), |error| *error == ParseError::Magic),
    ("text", |_| b"not a PSET".to_vec(), |error| *error == ParseError::Magic),
    ("a PSBT", |binary| [b"psbt\xff", &binary[5..]].concat(), |error| *error == ParseError::Magic),
    ("JSON", |_| b"{}".to_vec(), |error| *error == ParseError::Magic),
    ("only the magic bytes", |binary| binary[..5].to_vec(), truncated),
    ("no maps", |binary| [&binary[..5], &[0]].concat(), header),
    ("one byte too few", |binary| binary[..binary.len() - 1].to_vec(), truncated),
    ("one byte too many", |binary| [binary, &[0]].concat(), trailing),
    ("a whole PSET behind it", |binary| [binary, binary].concat(), trailing),
    (
        "an output too many",
        |binary| edited(binary, |pairs| pairs.outputs.push(pairs.outputs[0].clone())),
        trailing,
    ),
    ("an output too few", |binary| edited(binary, |pairs| drop(pairs.outputs.pop())), truncated),
    ("PSET version 0", |binary| edited(binary, |pairs| set(&mut pairs.global, &[0xfb], [0; 4])), header),
    (
        "PSET version 1",
        |binary| edited(binary, |pairs| set(&mut pairs.global, &[0xfb], [1, 0, 0, 0])),
        header,
    ),
    (
        "PSET version 3",
        |binary| edited(binary, |pairs| set(&mut pairs.global, &[0xfb], [3, 0, 0, 0])),
        header,
    ),
    (
        "PSET version 2 in a byte",
        |binary| edited(binary, |pairs| set(&mut pairs.global, &[0xfb], [2])),
        header,
    ),
    ("no PSET version", |binary| edited(binary, |pairs| unset(&mut pairs.global, &[0xfb])), header),
    ("no count of inputs", |binary| edited(binary, |pairs| unset(&mut pairs.global, &[0x04])), header),
    ("no count of outputs", |binary| edited(binary, |pairs| unset(&mut pairs.global, &[0x05])), header),
    (
        "no inputs",
        |binary| {
            edited(binary, |pairs| {
                pairs.inputs.clear();
                set(&mut pairs.global, &[0x04], [0]);
            })
        },
        header,
    ),
    (
        "no outputs",
        |binary| {
            edited(binary, |pairs| {
                pairs.outputs.clear();
                set(&mut pairs.global, &[0x05], [0]);
            })
        },
        header,
    ),
    ("257 inputs", |binary| counted(binary, 0x04, &[0xfd, 0x01, 0x01]), header),
    ("257 outputs", |binary| counted(binary, 0x05, &[0xfd, 0x01, 0x01]), header),
    ("2^32 inputs", |binary| counted(binary, 0x04, &[0xff, 0, 0, 0, 0, 1, 0, 0, 0]), header),
    ("2^64 - 1 outputs", |binary| counted(binary, 0x05, &[0xff; 9]), header),
    ("a count with a byte behind it", |binary| counted(binary, 0x04, &[2, 0]), header),
    ("a count in three bytes", |binary| counted(binary, 0x04, &[0xfd, 2, 0]), non_minimal),
    ("an empty count", |binary| counted(binary, 0x05, &[]), truncated),
    ("a key size in three bytes", |binary| first_size(binary, &[0xfd, binary[5], 0]), non_minimal),
    ("a key size in five bytes", |binary| first_size(binary, &[0xfe, binary[5], 0, 0, 0]), non_minimal),
    (
        "a key size in nine bytes",
        |binary| first_size(binary, &[0xff, binary[5], 0, 0, 0, 0, 0, 0, 0]),
        non_minimal,
    ),
    ("a key longer than the file", |binary| first_size(binary, &[0xfe, 0xff, 0xff, 0xff, 0x7f]), truncated),
    ("a key of 2^64 - 1 bytes", |binary| first_size(binary, &[0xff; 9]), truncated),
    ("a value of 2^64 - 1 bytes", |binary| [&binary[..7], &[0xff; 9], &binary[8..]].concat(), truncated),
    ("an ending of three bytes", |binary| [&binary[..binary.len() - 1], &[0xfd, 0, 0]].concat(), non_minimal),
    (
        "larger than any PSET",
        |binary| edited(binary, |pairs| set(&mut pairs.inputs[0], &pset_key(0x0e), vec![0; MAX_PSET_BYTES])),
        |error| matches!(error, ParseError::TooLarge { .. }),
    ),
];

fn truncated(error: &ParseError) -> bool {
    matches!(error, ParseError::Truncated { .. })
}

fn header(error: &ParseError) -> bool {
    matches!(error, ParseError::Header { .. })
}

fn trailing(error: &ParseError) -> bool {
    matches!(error, ParseError::Trailing { .. })
}

fn non_minimal(error: &ParseError) -> bool {
    matches!(error, ParseError::NonMinimal { .. })
}

#[test]
fn a_file_that_is_no_pset_is_unreadable_for_its_own_reason() {
    for job in EACH {
        let binary = Honest::of(job).binary();
        for (name, spoil, is_expected) in DEFECTS {
            let error = UnsignedPset::read(&spoil(&binary)).expect_err(name);
            assert!(is_expected(&error), "{name}: {error}");
        }
        unreadable(job, DEFECTS.map(|(name, spoil, _)| (name, spoil(&binary))));
    }
}

/// The binary says so too, before it asks for the keystore.
fn unreadable(job: JobName, files: impl IntoIterator<Item = (&'static str, Vec<u8>)>) {
    let hostile = |(name, file): (&str, Vec<u8>)| {
        // What is longer than any text of a PSET is not even read to its end.
        let words = match file.len() > MAX_TEXT_BYTES {
            true => format!("cannot read the PSET hostile.pset: it has more than {MAX_TEXT_BYTES} bytes"),
            false => "error[PARSE]: cannot read the PSET hostile.pset: ".to_owned(),
        };
        Hostile { job, attack: format!("62 {name}"), file, flags: "", exit: 6, words }
    };
    let failures = binary::failures(files.into_iter().map(hostile));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn base64_is_read_in_one_spelling() {
    let text = &Honest::of(EACH[0]).text;
    let (head, tail) = text.split_at(text.len() / 2);
    let spoiled = [
        ("a line break inside", format!("{head}\n{tail}")),
        ("a blank inside", format!("{head} {tail}")),
        ("a character that is none", text.replacen('A', "*", 1)),
        ("one character missing", text.strip_suffix(|_| true).unwrap().to_owned()),
        ("a second text behind", format!("{text}{text}")),
        ("quotes", format!("\"{text}\"")),
        ("the alphabet of addresses on the web", text.replace('+', "-").replace('/', "_")),
        ("too long to be one", "A".repeat(MAX_TEXT_BYTES + 1)),
    ];
    for (name, text) in &spoiled {
        assert!(UnsignedPset::read(text.as_bytes()).is_err(), "{name}");
    }
    unreadable(EACH[0], spoiled.map(|(name, text)| (name, text.into_bytes())));
}
