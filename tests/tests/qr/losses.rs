//! A camera that misses one code in five.

use coldamp_core::transport::bbqr::Join;
use coldamp_core::transport::kind::Kind;
use coldamp_tests::{RequestKind, Xorshift};

use super::{VERSION_20, VERSION_27, job};

/// One in so many codes is missed.
const MISSED: usize = 5;

/// How often the scan is repeated, each time with other losses.
const SCANS: usize = 200;

/// The rounds that a scan takes until the file is whole. The camera begins with any code, and sees some twice.
fn rounds(frames: &[String], numbers: &mut Xorshift, file: &[u8]) -> usize {
    let mut join = Join::new();
    let begins = numbers.below(frames.len());
    let shown = frames.iter().cycle().skip(begins).enumerate();
    for (count, frame) in shown {
        let times = match numbers.below(MISSED) {
            0 => 0,
            1 => 2,
            _ => 1,
        };
        for _ in 0..times {
            join.add(frame).unwrap();
        }
        if let Some(joined) = join.file().unwrap() {
            assert_eq!(joined, file);
            return count / frames.len() + 1;
        }
    }
    unreachable!("the codes are shown for ever")
}

/// The middle and the worst of many scans.
fn simulated(name: &str, file: &str, characters: usize) -> (usize, usize) {
    let kind = Kind::of(file.as_bytes()).unwrap();
    let frames = kind.frames(file.as_bytes(), characters).unwrap();
    let bytes = match kind {
        Kind::Pset => coldamp_core::pset::pset_binary(file.as_bytes()).unwrap(),
        _ => file.as_bytes().to_vec(),
    };
    let mut numbers = Xorshift::new(20);
    let mut all: Vec<usize> = (0..SCANS).map(|_| rounds(&frames, &mut numbers, &bytes)).collect();
    all.sort_unstable();
    let (middle, worst) = (all[SCANS / 2], all[SCANS - 1]);
    println!(
        "{name}: {} codes, 20 % missed: {middle} rounds in the middle, {worst} at the worst of {SCANS} scans",
        frames.len()
    );
    (middle, worst)
}

#[test]
fn with_one_code_in_five_missed_a_file_is_whole_after_few_rounds() {
    let (reissue, signatures) = job("wpkh", RequestKind::Reissue);
    let (distribution, _) = job("wpkh-80-recipients", RequestKind::Distribute);
    for (name, file, characters) in [
        ("reissue", &reissue, VERSION_27),
        ("distribution to 80", &distribution, VERSION_27),
        ("signatures", &signatures, VERSION_20),
    ] {
        let (middle, worst) = simulated(name, file, characters);
        assert!(middle <= 3 && worst <= 9, "{name}: {middle} {worst}");
    }
}
