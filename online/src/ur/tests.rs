use ::ur::bytewords::{Style, encode};
use minicbor::bytes::ByteVec;

use super::*;

/// An example of the specification, and codes 1-9 to 20-9 of its reference implementation; each file names its source.
const WHOLE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/ur/bcr-2020-006-psbt.txt"));
const ROW: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/ur/bc-ur-256-bytes.txt"));
const UNBLINDED: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/quorum/wsh-2of3.burn.pset"));

/// The lines of a vector that say something of a name.
fn lines(vector: &'static str, name: &str) -> Vec<&'static str> {
    vector.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).collect()
}

fn from_hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2).unwrap(), 16).unwrap())
        .collect()
}

fn joined<'a>(texts: impl IntoIterator<Item = &'a String>) -> Option<Vec<u8>> {
    let mut join = UrJoin::new();
    for text in texts {
        join.add(text).unwrap();
        assert!(join.have() <= join.count().unwrap());
    }
    join.file().unwrap()
}

fn bytes(count: usize) -> Vec<u8> {
    let mut state = 0_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    (0..count).map(|_| next()).collect()
}

/// The text of a code of these data.
fn part(numbers: &str, sequence: u32, count: u32, length: u32, checksum: u32, piece: &[u8]) -> String {
    let data = (sequence, count, length, checksum, ByteVec::from(piece.to_vec()));
    format!("ur:crypto-psbt/{numbers}/{}", encode(&minicbor::to_vec(data).unwrap(), Style::Minimal))
}

fn refused(texts: &[String]) -> &'static str {
    let (last, before) = texts.split_last().unwrap();
    let mut join = UrJoin::new();
    for text in before {
        join.add(text).unwrap();
    }
    let have = join.have();
    let code = join.add(last).unwrap_err().code().as_str();
    assert_eq!(join.have(), have, "what was refused left something behind");
    code
}

#[test]
fn the_example_of_the_specification_is_read_under_both_of_its_names() {
    let file = from_hex(lines(WHOLE, "bytes")[0]);
    let text = lines(WHOLE, "ur")[0].to_owned();
    assert_eq!(joined([&text]), Some(file.clone()));
    let older = text.replace("ur:psbt/", "ur:crypto-psbt/");
    assert_eq!(joined([&older.to_ascii_uppercase()]), Some(file.clone()));
    assert_eq!(split(&file, 1_000).unwrap().texts, [older.to_ascii_uppercase()]);
}

#[test]
fn a_row_of_the_reference_implementation_is_read_from_any_codes_that_are_enough() {
    // Its type is `bytes`, whose CBOR is that of a PSET.
    let file = from_hex(lines(ROW, "bytes")[0]);
    let row: Vec<String> =
        lines(ROW, "ur").iter().map(|text| text.replace("ur:bytes/", "ur:crypto-psbt/")).collect();
    assert_eq!(row.len(), 20);
    assert_eq!(joined(&row[..9]), Some(file.clone()));
    assert_eq!(joined(row.iter().rev()), Some(file.clone()));
    assert_eq!(joined(&row[..8]), None);
    // Mixed codes alone, and one piece.
    assert_eq!(joined(row[9..].iter().chain(&row[3..5])), Some(file));
}

#[test]
fn the_codes_that_are_written_are_those_of_the_reference_implementation() {
    let file = from_hex(lines(ROW, "bytes")[0]);
    // Pieces of at most 30 bytes there.
    let shown = split(&file, FRAME_CHARACTERS + 2 * (PART_BYTES + 30)).unwrap();
    assert_eq!((shown.pieces, shown.texts.len()), (9, 27));
    for (ours, theirs) in shown.texts.iter().zip(lines(ROW, "ur")) {
        assert_eq!(*ours, theirs.replace("ur:bytes/", "ur:crypto-psbt/").to_ascii_uppercase());
    }
}

#[test]
fn a_file_comes_back_from_codes_in_any_order_seen_many_times() {
    for count in [1, 100, 5_000, 20_000] {
        let file = bytes(count);
        for size in [101, 500, 881, MAX_FRAME_CHARACTERS] {
            let Ok(shown) = split(&file, size) else {
                assert!(count.div_ceil(10) > MAX_PIECES, "{count} {size}");
                continue;
            };
            assert!(shown.texts.iter().all(|text| text.len() <= size), "{count} {size}");
            assert_eq!(joined(shown.texts.iter().rev().chain(&shown.texts)), Some(file.clone()));
            // Every third code was missed.
            let seen = shown.texts.iter().enumerate().filter(|(index, _)| index % 3 != 0);
            if shown.pieces > 1 {
                assert_eq!(joined(seen.map(|(_, text)| text)), Some(file.clone()), "{count} {size}");
            }
        }
    }
}

/// A blinded PSET is shown in `tests/tests/qr/ur.rs`.
#[test]
fn what_is_not_shown_is_refused_by_name() {
    let code = |file: &[u8]| shown(file, 881).err().unwrap().code().as_str();
    assert_eq!(code(UNBLINDED.as_bytes()), "UR_UNBLINDED");
    assert_eq!(code(b"{}"), "UR_KIND");
    assert_eq!(code(&pset_binary(UNBLINDED.as_bytes()).unwrap()[..999]), "PARSE");
    assert_eq!(split(b"x", 100).err().unwrap().code().as_str(), "QR_TERMINAL");
    assert_eq!(split(&bytes(MAX_PIECES * 10), 101).err().unwrap().code().as_str(), "UR_TOO_MANY");
    assert_eq!(split(&vec![0; MAX_PSET_BYTES + 1], 4_296).err().unwrap().code().as_str(), "UR_OVERSIZE");
}

#[test]
fn what_is_no_code_of_a_pset_is_refused_by_name() {
    let whole = lines(WHOLE, "ur")[0];
    for (text, code) in [
        (String::new(), "UR_NO_FRAME"),
        ("ur:crypto-psbt".to_owned(), "UR_NO_FRAME"),
        ("ur:/aeaeaeae".to_owned(), "UR_NO_FRAME"),
        ("ur:crypto psbt/aeaeaeae".to_owned(), "UR_NO_FRAME"),
        (format!("{whole}é"), "UR_NO_FRAME"),
        (format!("{whole}{}", "ae".repeat(2_200)), "UR_NO_FRAME"),
        (whole.replace("ur:psbt", "ur:crypto-seed"), "UR_TYPE"),
        (format!("{whole}aeaeaeae"), "UR_CHECKSUM"),
        (format!("{whole}zz"), "UR_CHARACTERS"),
        (format!("{whole}a"), "UR_CHARACTERS"),
        ("ur:crypto-psbt/".to_owned(), "UR_CHECKSUM"),
        (part("0-2", 0, 2, 20, 7, &[0; 10]), "UR_SEQUENCE"),
        (part("1-0", 1, 0, 20, 7, &[0; 10]), "UR_SEQUENCE"),
        (part("1-1296", 1, 1_296, 12_960, 7, &[0; 10]), "UR_SEQUENCE"),
        (part("1-4294967295", 1, u32::MAX, u32::MAX, 7, &[0; 10]), "UR_SEQUENCE"),
        (part("+1-2", 1, 2, 20, 7, &[0; 10]), "UR_SEQUENCE"),
        (part("2-2", 1, 2, 20, 7, &[0; 10]), "UR_SEQUENCE"),
        (part("1-3", 1, 2, 20, 7, &[0; 10]), "UR_SEQUENCE"),
        (part("1", 1, 2, 20, 7, &[0; 10]), "UR_SEQUENCE"),
        (part("1-2/1-2", 1, 2, 20, 7, &[0; 10]), "UR_CHARACTERS"),
        (part("1-2", 1, 2, 30, 7, &[0; 10]), "UR_CBOR"),
        (part("1-2", 1, 2, 10, 7, &[0; 10]), "UR_CBOR"),
        (part("1-2", 1, 2, 0, 7, &[0; 10]), "UR_CBOR"),
        (part("1-2", 1, 2, 20, 7, &[]), "UR_CBOR"),
        (part("1-2", 1, 2, u32::MAX, 7, &[0; 10]), "UR_OVERSIZE"),
    ] {
        assert_eq!(refused(std::slice::from_ref(&text)), code, "{text}");
    }
}

#[test]
fn cbor_that_is_another_thing_is_refused() {
    let text =
        |numbers: &str, data: &[u8]| format!("ur:crypto-psbt/{numbers}{}", encode(data, Style::Minimal));
    let five = minicbor::to_vec((1_u32, 2_u32, 20_u32, 7_u32, ByteVec::from(vec![0; 10]))).unwrap();
    let whole = |data: &[u8]| {
        let mut join = UrJoin::new();
        join.add(&text("", data)).unwrap();
        join.file().map_err(|error| error.code().as_str())
    };
    for data in [&five[1..], &five[..five.len() - 1], &[&five[..], &[0]].concat(), &[0x9f], &[], b"\x84\x01"]
    {
        assert_eq!(refused(&[text("1-2/", data)]), "UR_CBOR", "{data:02x?}");
    }
    assert_eq!(whole(b"\x42ab"), Ok(Some(b"ab".to_vec())));
    // A text, an endless byte string, one that ends early, one with more behind it, a number, nothing.
    for data in [
        &b"\x62ab"[..],
        b"\x5f\x41a\xff",
        b"\x43ab",
        b"\x42abc",
        b"\x01",
        b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
    ] {
        assert_eq!(whole(data), Err("UR_CBOR"), "{data:02x?}");
    }
}

#[test]
fn codes_of_two_files_are_not_mixed_and_none_contradicts_another() {
    let (file, size) = (bytes(5_000), 500);
    let row = split(&file, size).unwrap().texts;
    let other = split(&bytes(5_001), size).unwrap().texts;
    let denser = split(&file, 400).unwrap().texts;
    let mut changed = file.clone();
    changed[4_999] ^= 1;
    let same_size = split(&changed, size).unwrap().texts;
    let whole = split(b"pset", 1_000).unwrap().texts;
    for second in [&other[1], &denser[1], &same_size[1], &whole[0]] {
        assert_eq!(refused(&[row[0].clone(), second.clone()]), "UR_MIXED");
    }
    assert_eq!(refused(&[whole[0].clone(), row[0].clone()]), "UR_MIXED");
    assert_eq!(refused(&[whole[0].clone(), split(b"psat", 1_000).unwrap().texts[0].clone()]), "UR_MIXED");
    // The checksum of the row is a claim: other pieces under it contradict, or make a file that it does not fit.
    let piece = |number: u32, byte: u8| part(&format!("{number}-2"), number, 2, 20, 7, &[byte; 10]);
    assert_eq!(refused(&[piece(1, 1), piece(1, 2)]), "UR_CONFLICT");
    let mut join = UrJoin::new();
    assert!(join.add(&piece(1, 1)).unwrap() && join.add(&piece(2, 1)).unwrap());
    assert!(!join.add(&piece(2, 1)).unwrap(), "seen before");
    assert_eq!(join.file().unwrap_err().code().as_str(), "UR_CHECKSUM");
}

#[test]
fn a_scan_keeps_no_more_rows_than_there_are_pieces() {
    let file = bytes(3_000);
    let shown = split(&file, 300).unwrap();
    let mut join = UrJoin::new();
    let mut news = 0;
    for text in shown.texts.iter().rev() {
        news += usize::from(join.add(text).unwrap());
        assert_eq!(news, join.have());
    }
    assert_eq!((news, join.file().unwrap()), (shown.pieces, Some(file)));
    assert!(shown.texts.len() > 2 * news);
}
