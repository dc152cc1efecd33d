//! QR codes that a hostile screen shows to a camera. Each row is refused by name in core, by both binaries, and by the page.

use coldamp_core::code::Code;
use coldamp_core::transport::bbqr::{BbqrError, FileType, Join, MAX_FRAMES, split};
use coldamp_tests::{Desk, Page};
use serde_json::json;

use super::binary;

/// A scan, and the code that it is refused by.
struct Scan {
    code: Code,
    attack: &'static str,
    lines: fn() -> Vec<String>,
}

const fn row(code: Code, attack: &'static str, lines: fn() -> Vec<String>) -> Scan {
    Scan { code, attack, lines }
}

const ROWS: &[Scan] = &[
    row(Code::BbqrNoFrame, "a link", || of(&["https://example.org/"])),
    row(Code::BbqrNoFrame, "a count of no frames in small letters", || of(&["B$2J0a00MY"])),
    row(Code::BbqrEncoding, "an encoding that there is not", || of(&["B$3J0100MY"])),
    row(Code::BbqrFileType, "an executable", || of(&["B$2X0100MY"])),
    row(Code::BbqrNumber, "a count of no frames", || of(&["B$2J0000MY"])),
    row(Code::BbqrNumber, "an index as high as the count", || of(&["B$2J0303MY"])),
    row(Code::BbqrNumber, "the highest index of the highest count", || of(&["B$2JZZZZMY"])),
    row(Code::BbqrCount, "another count", || of(&["B$2J0300MZXW6YTB", "B$2J0401MZXW6YTB"])),
    row(Code::BbqrTypeChanged, "another file type", || of(&["B$2J0300MZXW6YTB", "B$2P0301MZXW6YTB"])),
    row(Code::BbqrOtherRow, "another encoding", || of(&["B$2J0300MZXW6YTB", "B$ZJ0301MZXW6YTB"])),
    row(Code::BbqrConflict, "the same index with other content", || {
        of(&["B$2J0300MZXW6YTB", "B$2J0300MZXW6YTA"])
    }),
    row(Code::BbqrConflict, "two files of one size mixed", || {
        let (one, other) =
            (frames(b"one file of a size, of 4 frames"), frames(b"a file of the size, of 4 frames"));
        [&one[..2], &other[1..]].concat()
    }),
    row(Code::BbqrLength, "a longer frame", || of(&["B$2J0300MZXW6YTB", "B$2J0301MZXW6YTBMZXW6YTB"])),
    row(Code::BbqrLength, "a longer last frame", || of(&["B$2J0300MZXW6YTB", "B$2J0302MZXW6YTBMY"])),
    row(Code::BbqrCharacters, "small letters", || of(&["B$2J0100my"])),
    row(Code::BbqrCharacters, "an empty frame", || of(&["B$2J0100"])),
    row(Code::BbqrDamaged, "what is no deflate", || of(&["B$ZJ0100777Q"])),
    row(Code::BbqrOversize, "a zip bomb", || split_bomb(FileType::Text, 20_000)),
    row(Code::BbqrOversize, "a text of more bytes than any", || {
        let file: Vec<u8> =
            (0..20_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
        split(&file, FileType::Json, 4_000).unwrap().iter().map(|frame| frame.replacen('J', "U", 1)).collect()
    }),
];

/// Files that are not shown, and the codes of the two binaries.
const SHOWN: &[(&str, Code, Code)] = &[
    ("words", Code::QrSecret, Code::KeysExposed),
    ("keystore", Code::QrSecret, Code::KeysExposed),
    ("signed.json", Code::QrSignedFile, Code::QrSignedFile),
    ("other", Code::QrKind, Code::QrKind),
    ("many", Code::BbqrTooMany, Code::BbqrTooMany),
];

/// The codes that have a row.
pub(crate) fn codes() -> impl Iterator<Item = Code> {
    ROWS.iter().map(|row| row.code).chain(SHOWN.iter().flat_map(|(_, cold, online)| [*cold, *online]))
}

fn of(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

fn frames(file: &[u8]) -> Vec<String> {
    split(file, FileType::Json, 24).unwrap()
}

/// Zeros, which deflate to nearly nothing, under the name of a type that allows fewer.
fn split_bomb(file_type: FileType, count: usize) -> Vec<String> {
    let frames = split(&vec![0; count], FileType::Json, 400).unwrap();
    frames.iter().map(|frame| frame.replacen('J', &file_type.letter().to_string(), 1)).collect()
}

fn in_core(lines: &[String]) -> Result<Option<Vec<u8>>, BbqrError> {
    let mut join = Join::new();
    lines.iter().try_for_each(|line| join.add(line).map(drop))?;
    join.file()
}

#[test]
fn hostile_codes_are_refused_by_name_in_core() {
    for Scan { code, attack, lines } in ROWS {
        assert_eq!(in_core(&lines()).map_err(|error| error.code()), Err(*code), "{attack}");
    }
}

#[test]
fn hostile_codes_are_refused_by_name_in_both_binaries() {
    if !binary::is_wanted() {
        return;
    }
    let desk = Desk::default();
    for Scan { code, attack, lines } in ROWS {
        desk.write("scan.txt", lines().join("\n"));
        for binary in ["coldamp", "coldamp-online"] {
            let run = desk.run(binary, "qr join scan.txt -o out");
            let exit = i32::from(code.exit().unwrap().number());
            assert_eq!((run.code, desk.has("out")), (exit, false), "{binary}: {attack}: {}", run.stderr);
            assert!(run.stderr.contains(&format!("error[{code}]: ")), "{binary}: {attack}: {}", run.stderr);
        }
    }
}

#[test]
fn hostile_codes_are_refused_by_name_in_the_page() {
    if !binary::is_wanted() {
        return;
    }
    let Some(page) = Page::found() else { return };
    let desk = Desk::default();
    let scans: Vec<_> = ROWS.iter().map(|scan| json!({ "do": "join", "frames": (scan.lines)() })).collect();
    for (Scan { code, attack, .. }, outcome) in ROWS.iter().zip(page.run(&desk, &scans)) {
        assert_eq!(outcome["failure"]["code"], code.as_str(), "{attack}: {outcome}");
    }
}

#[test]
fn a_scan_that_ends_early_writes_nothing_and_says_what_is_missing() {
    if !binary::is_wanted() {
        return;
    }
    let desk = Desk::default();
    let frames = frames(b"a file of more than three frames, of which two are missing");
    desk.write("scan.txt", [&frames[2..], &frames[..1]].concat().join("\n"));
    for binary in ["coldamp", "coldamp-online"] {
        let run = desk.run(binary, "qr join scan.txt -o out");
        assert_eq!((run.code, desk.has("out")), (6, false), "{}", run.stderr);
        assert!(
            run.stderr.contains("error[BBQR_INCOMPLETE]: ") && run.stderr.contains("missing 2"),
            "{}",
            run.stderr
        );
    }
}

/// What must not stand on a screen, what is too much for one, and where there is none.
#[test]
fn what_is_not_shown_is_refused_by_name() {
    if !binary::is_wanted() {
        return;
    }
    let desk = Desk::default();
    desk.write("words", "legal winner thank year wave sausage worth useful legal winner thank yellow\n");
    desk.write("keystore", "age-encryption.org/v1\n-> scrypt abc 18\n");
    desk.write("signed.json", "{\"version\":1,\"transaction\":\"00\",\"amp\":{}}\n");
    desk.write("other", "[[policy]]\n");
    // 16 characters of PSET magic, and what does not compress.
    let mut state = 88_172_645_463_325_252_u64;
    let mut noise = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    let many: Vec<u8> = b"pset\xff".iter().copied().chain((0..300_000).flat_map(|_| noise())).collect();
    assert!(many.len() / 1_325 > MAX_FRAMES);
    desk.write("many", many);
    for (file, cold, online) in SHOWN.iter().copied() {
        for (binary, code) in [("coldamp", cold), ("coldamp-online", online)] {
            let run = desk.run(binary, &format!("qr show {file} --text"));
            assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{file}: {}", run.stderr);
            assert!(run.stderr.contains(&format!("error[{code}]: ")), "{binary}: {file}: {}", run.stderr);
            assert!(!run.stderr.contains("winner"), "{}", run.stderr);
        }
    }
}
