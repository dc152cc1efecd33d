use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use super::window::WINDOW;
use super::*;

/// Bytes of a small generator (xorshift), which do not compress.
fn noise(count: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 11).to_le_bytes()[0]
    };
    (0..count).map(|_| next()).collect()
}

fn files() -> Vec<Vec<u8>> {
    let text = b"amount 18750000000, amount 18750000001, address el1qq, ".repeat(40);
    let far = [noise(WINDOW), noise(WINDOW), noise(300)].concat();
    let mut files =
        vec![vec![], vec![7], vec![7; 3], vec![0; 70_000], text.clone(), noise(10), noise(9_000), far];
    files.push([noise(4_174), text, noise(70_000), vec![9; 600]].concat());
    files.push((0..=255).cycle().take(5_000).collect());
    // Counts that grow as Fibonacci's numbers make the deepest tree.
    let (mut one, mut next, mut deep) = (1_usize, 1_usize, Vec::new());
    for byte in 0..22 {
        deep.extend(vec![[byte, 99 - byte]; one].concat());
        (one, next) = (next, one + next);
    }
    files.push(deep);
    files
}

#[test]
fn what_is_deflated_inflates_to_the_same() {
    for file in files() {
        let small = deflate(&file);
        assert_eq!(inflate(&small, file.len()).as_ref(), Ok(&file), "{}", file.len());
        assert!(small.len() <= file.len() + 16 + file.len() / 300, "{} of {}", small.len(), file.len());
    }
    assert!(deflate(&vec![0; 70_000]).len() < 200);
}

#[test]
fn no_reference_leaves_the_window() {
    for file in files() {
        for symbol in Symbols::of(&file) {
            if let Symbol::Match(found) = symbol {
                assert!((1..=WINDOW).contains(&found.distance) && (3..=258).contains(&found.length));
            }
        }
    }
}

#[test]
fn no_more_than_the_limit_comes_out() {
    let bomb = deflate(&vec![0; 1_000_000]);
    assert_eq!(inflate(&bomb, 999_999), Err(InflateError::TooLarge));
    assert_eq!(inflate(&bomb, 1_000_000).map(|file| file.len()), Ok(1_000_000));
    assert_eq!(inflate(&bomb, 0), Err(InflateError::TooLarge));
    assert_eq!(inflate(&deflate(&[]), 0), Ok(vec![]));
}

#[test]
fn what_is_damaged_is_refused() {
    let file = b"one two one two one two three".repeat(9);
    let small = deflate(&file);
    assert_eq!(inflate(&small[..small.len() - 1], 9_999), Err(InflateError::Damaged), "cut");
    assert_eq!(inflate(&[&small[..], b"x"].concat(), 9_999), Err(InflateError::Damaged), "more behind it");
    assert_eq!(inflate(&[], 9_999), Err(InflateError::Damaged), "nothing");
    assert_eq!(inflate(&[7], 9_999), Err(InflateError::Damaged), "a kind of block that there is not");
}

/// zlib 1.2.13, by Python: zlib.compressobj(9, zlib.DEFLATED, -10) over these bytes.
#[test]
fn what_zlib_deflates_is_read() {
    for (hex, file) in [("4bcecf4949cc2d5048a6900600", "coldamp ".repeat(9)), ("4b4cc40400", "a".repeat(20))]
    {
        let bytes = elements::hex::decode_to_vec(hex).unwrap();
        assert_eq!(inflate(&bytes, 9_999).as_deref(), Ok(file.as_bytes()));
    }
}

#[test]
fn what_another_library_deflates_with_a_larger_window_is_read() {
    for file in files() {
        for level in 0..=10 {
            let small = compress_to_vec(&file, level);
            assert!(inflate(&small, file.len()) == Ok(file.clone()), "{} {level}", file.len());
        }
    }
}

#[test]
fn what_is_deflated_inflates_to_the_same_by_another_library() {
    for file in files() {
        assert!(
            decompress_to_vec_with_limit(&deflate(&file), file.len().max(1)).ok() == Some(file.clone()),
            "{}",
            file.len()
        );
    }
}

/// Streams with a bit turned round: what is taken is what the other library takes, and nothing more.
#[test]
fn of_damaged_streams_no_other_file_is_read_than_by_another_library() {
    let text = b"{\"address\": 18750000000, \"address\": 18750000001}".repeat(9);
    let streams = [compress_to_vec(&text, 6), compress_to_vec(&text, 0), deflate(&text), deflate(&noise(90))];
    let (mut taken, mut refused) = (0, 0);
    for stream in streams {
        for bit in 0..stream.len() * 8 {
            let mut damaged = stream.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            match inflate(&damaged, 9_999) {
                Ok(file) => {
                    taken += 1;
                    assert!(decompress_to_vec_with_limit(&damaged, 9_999).ok() == Some(file), "bit {bit}");
                }
                Err(_) => refused += 1,
            }
        }
    }
    assert!(taken > 100 && refused > 100, "{taken} {refused}");
}
