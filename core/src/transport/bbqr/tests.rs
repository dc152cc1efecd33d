use super::*;

/// The bytes 0 to 99 as Coinkite's python/bbqr (split.py, utils.py encode_data) cuts them at 56 characters a frame.
const PYTHON: [&str; 3] = [
    "B$2P0300AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPSAIJC",
    "B$2P0301EMSCKJRHFAUSUKZMFUXC6MBRGIZTINJWG44DSOR3HQ6T4P2AIFBEGRCF",
    "B$2P0302IZDUQSKKJNGE2TSPKBIVEU2UKVLFOWCZLJNVYXK6L5QGCYTD",
];

/// Bytes that do not compress: each differs, and no three repeat within the window.
fn bytes(count: usize) -> Vec<u8> {
    let mut state = 0_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    (0..count).map(|_| next()).collect()
}

fn joined<'a>(frames: impl IntoIterator<Item = &'a String>) -> Option<Vec<u8>> {
    let mut join = Join::new();
    for frame in frames {
        join.add(frame).unwrap();
    }
    join.file().unwrap()
}

/// The code that the last of some frames is refused with.
fn refused(frames: &[&str]) -> &'static str {
    let (last, before) = frames.split_last().unwrap();
    let mut join = Join::new();
    for frame in before {
        join.add(frame).unwrap();
    }
    let have = join.have();
    let code = join.add(last).unwrap_err().code().as_str();
    assert_eq!(join.have(), have, "what was refused left something behind");
    code
}

#[test]
fn frames_are_those_of_another_implementation() {
    let file: Vec<u8> = (0..100).collect();
    assert_eq!(split(&file, FileType::Psbt, 64).unwrap(), PYTHON);
}

/// `b"coldamp " * 9` by the same tools with zlib (wbits -10), at 24 characters a frame.
const PYTHON_DEFLATED: [&str; 2] = ["B$ZU0200JPHM6SKJZQWVASFG", "B$ZU0201SADAA"];

#[test]
fn compressed_frames_of_another_implementation_are_read() {
    let frames = PYTHON_DEFLATED.map(str::to_owned);
    assert_eq!(joined(&frames), Some(b"coldamp ".repeat(9)));
}

#[test]
fn the_shorter_encoding_is_written() {
    let file = b"coldamp ".repeat(900);
    let frames = split(&file, FileType::Json, 400).unwrap();
    assert!(frames.len() == 1 && frames[0].starts_with("B$ZJ0100"), "{frames:?}");
    assert_eq!(joined(&frames), Some(file));
    assert!(split(&bytes(900), FileType::Json, 400).unwrap()[0].starts_with("B$2J"));
}

#[test]
fn a_file_comes_back_from_frames_in_any_order_seen_many_times() {
    for count in [1, 4, 5, 6, 99, 1_000, 12_345] {
        let file = bytes(count);
        for size in [16, 23, 64, 400, MAX_FRAME_CHARACTERS] {
            let Ok(frames) = split(&file, FileType::Json, size) else {
                assert!(size < 64 && count.div_ceil(5) > MAX_FRAMES, "{count} {size}");
                continue;
            };
            assert_eq!(joined(frames.iter().rev().chain(&frames)), Some(file.clone()), "{count} {size}");
            let (_, most) = frames.split_last().unwrap();
            assert_eq!(joined(most), None, "{count} {size}: one is missing");
        }
    }
}

#[test]
fn frames_are_of_one_length_but_the_last_and_none_is_longer_than_asked() {
    for size in 16..200 {
        let frames = split(&bytes(1_000), FileType::Psbt, size).unwrap();
        let (last, others) = frames.split_last().unwrap();
        assert!(others.iter().all(|frame| frame.len() == others[0].len() && frame.len() <= size));
        assert!(others.iter().all(|frame| (frame.len() - HEADER_CHARACTERS).is_multiple_of(GROUP)));
        assert!(last.len() <= others[0].len());
    }
}

#[test]
fn what_cannot_be_split_is_refused() {
    let code = |file: &[u8], size| split(file, FileType::Psbt, size).unwrap_err().code().as_str();
    assert_eq!(code(b"", 100), "BBQR_EMPTY");
    assert_eq!(code(b"x", 15), "BBQR_FRAME_SIZE");
    assert_eq!(code(b"x", MAX_FRAME_CHARACTERS + 1), "BBQR_FRAME_SIZE");
    assert_eq!(split(&bytes(MAX_FRAMES * 5), FileType::Psbt, 16).unwrap().len(), MAX_FRAMES);
    assert_eq!(code(&bytes(MAX_FRAMES * 5 + 1), 16), "BBQR_TOO_MANY");
    assert_eq!(code(&vec![0; MAX_PSET_BYTES + 1], 4_000), "BBQR_OVERSIZE");
}

#[test]
fn hexadecimal_is_read_too_with_the_headers_of_the_specification() {
    // BBQr.md, example headers: B$HP0300, B$HP0301, B$HP0302; one block alone is B$te0100.
    let frames = ["B$HP0300000102", "B$HP0301030405", "B$HP030206"].map(str::to_owned);
    assert_eq!(joined(&frames), Some((0..7).collect()));
    let mut join = Join::new();
    join.add(" B$HJ010041\n").unwrap();
    let found = (join.file(), join.file_type(), join.count());
    assert_eq!(found, (Ok(Some(b"A".to_vec())), Some(FileType::Json), Some(1)));
}

#[test]
fn what_is_no_frame_of_ours_is_refused_by_name() {
    for (frame, code) in [
        ("", "BBQR_NO_FRAME"),
        ("B$2P010", "BBQR_NO_FRAME"),
        ("b$2P0100MY", "BBQR_NO_FRAME"),
        ("B$2P0é00MY", "BBQR_NO_FRAME"),
        ("B$2P0a00MY", "BBQR_NO_FRAME"),
        ("B$2P0-00MY", "BBQR_NO_FRAME"),
        ("B$3P0100MY", "BBQR_ENCODING"),
        ("B$2T0100MY", "BBQR_FILE_TYPE"),
        ("B$2P0000MY", "BBQR_NUMBER"),
        ("B$2P0101MY", "BBQR_NUMBER"),
        ("B$2PZZZZMY", "BBQR_NUMBER"),
        ("B$2P0100", "BBQR_CHARACTERS"),
        ("B$2P0100my", "BBQR_CHARACTERS"),
        ("B$HP01000", "BBQR_CHARACTERS"),
        ("B$HP0100aa", "BBQR_CHARACTERS"),
    ] {
        assert_eq!(refused(&[frame]), code, "{frame}");
    }
    let long = format!("B$HP0100{}", "0".repeat(MAX_FRAME_CHARACTERS));
    assert_eq!(refused(&[&long]), "BBQR_NO_FRAME");
}

#[test]
fn frames_of_two_rows_are_not_mixed_and_none_changes_its_content() {
    let first = "B$2P0300MZXW6YTB";
    for (other, code) in [
        ("B$2P0400MZXW6YTB", "BBQR_COUNT"),
        ("B$2J0301MZXW6YTB", "BBQR_TYPE_CHANGED"),
        ("B$HP0301000102", "BBQR_OTHER_ROW"),
        ("B$2P0300MZXW6YTA", "BBQR_CONFLICT"),
        ("B$2P0301MZXW6YTBMZXW6YTB", "BBQR_LENGTH"),
        ("B$2P0302MZXW6YTBMY", "BBQR_LENGTH"),
    ] {
        assert_eq!(refused(&[first, other]), code, "{other}");
    }
    assert_eq!(refused(&["B$2P0302MZXW6YTBMY", first]), "BBQR_LENGTH", "the last one first");
    assert_eq!(refused(&["B$2P0301MZXW6YTB", "B$2P0300MY"]), "BBQR_LENGTH");
}

#[test]
fn what_does_not_decompress_or_to_too_much_is_refused() {
    let row = |carried: &[u8], letter: char| {
        let text = base32::encode(base32::RFC_4648, carried);
        let mut join = Join::new();
        join.add(&format!("B$Z{letter}0100{text}")).unwrap();
        join.file().map_err(|error| error.code().as_str())
    };
    assert_eq!(row(b"\xff\xff", 'J'), Err("BBQR_DAMAGED"));
    let bomb = deflate(&vec![0; MAX_PSET_BYTES + 1]);
    assert!(bomb.len() < 6_000, "{}", bomb.len());
    assert_eq!(row(&bomb[..2_000], 'P'), Err("BBQR_DAMAGED"), "cut");
    let bomb = deflate(&vec![0; 17_000]);
    assert_eq!(row(&bomb, 'U'), Err("BBQR_OVERSIZE"));
    assert_eq!(row(&bomb, 'J').map(|file| file.unwrap().len()), Ok(17_000));
}

#[test]
fn a_text_that_grows_too_large_is_refused_before_it_is_whole() {
    let frames = split(&bytes(17_000), FileType::Json, 4_000).unwrap();
    let mut join = Join::new();
    let taken: Result<Vec<bool>, BbqrError> =
        frames.iter().map(|frame| join.add(&frame.replace("B$2J", "B$2U"))).collect();
    assert_eq!(taken.unwrap_err().code().as_str(), "BBQR_OVERSIZE");
    assert_eq!(join.missing().len(), 1);
}

#[test]
fn what_is_missing_is_said_in_short() {
    let mut join = Join::new();
    assert_eq!((join.missing(), join.have()), (vec![], 0));
    assert!(join.add("B$2P0802MZXW6YTB").unwrap());
    assert!(!join.add("B$2P0802MZXW6YTB").unwrap(), "seen before");
    assert_eq!(ranges(&join.missing()), "1-2, 4-8");
    assert_eq!(ranges(&[]), "");
    let odd: Vec<usize> = (0..40).map(|number| number * 2).collect();
    assert_eq!(ranges(&odd), "0, 2, 4, 6, 8, 10, 12, 14 and 32 more");
}
