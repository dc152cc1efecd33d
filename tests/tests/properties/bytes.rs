//! A hundred thousand honest PSETs with bytes flipped, as the text that travels and in binary: none stops the process,
//! and none passes as another transaction.
//!
//! A review takes a hundred times as long as reading the file: it opens coins and derives hundreds of scripts. So a file
//! goes there only where the outcome is not certain beforehand; one in some hundreds of the others does all the same.

use coldamp_core::pset::UnsignedPset;
use coldamp_tests::{Honest, JobName, VARIED, Xorshift};

/// Files of each of the four jobs. Most flips of text give no base64 at all, so more of it is needed.
const TEXTS: usize = 18_000;
const BINARIES: usize = 7_000;

/// One of so many goes before the review although its outcome is certain.
const SAMPLED: usize = 300;

/// How many had to be reviewed.
fn flipped(job: JobName, file: &[u8], rounds: usize, seed: u64) -> usize {
    let honest = Honest::of(job);
    let mut random = Xorshift::new(seed);
    let mut reviewed = 0;
    for round in 0..rounds {
        let mut file = file.to_vec();
        // Every fourth file takes up to three flips more.
        for _ in 0..=(round % 4) / 3 * random.below(4) {
            let position = random.below(file.len());
            file[position] ^= random.flip();
        }
        let Ok(pset) = UnsignedPset::read(&file) else { continue };
        let uncertain = !honest.is_certain(&pset);
        reviewed += usize::from(uncertain);
        if uncertain || round % SAMPLED == 0 {
            honest.read_unchanged_or_refused(&pset, &format!("{job:?}, round {round}"));
        }
    }
    reviewed
}

/// In binary and as text.
fn flipped_in_both_forms(job: usize, seed: u64) {
    let job = VARIED[job];
    let honest = Honest::of(job);
    let text = flipped(job, honest.text.as_bytes(), TEXTS, seed);
    let binary = flipped(job, &honest.binary(), BINARIES, !seed);
    assert!(
        text > 100 && binary > 100,
        "only {text} and {binary} came as far as a review: they show too little"
    );
}

#[test]
fn flipped_bytes_of_a_burn_never_panic_and_never_pass_as_another_transaction() {
    flipped_in_both_forms(0, 0x9e37_79b9_7f4a_7c15);
}

#[test]
fn flipped_bytes_of_a_reissue_never_panic_and_never_pass_as_another_transaction() {
    flipped_in_both_forms(1, 0xd1b5_4a32_d192_ed03);
}

#[test]
fn flipped_bytes_of_a_distribution_never_panic_and_never_pass_as_another_transaction() {
    flipped_in_both_forms(2, 0x8cb9_2ba7_2f3d_8dd7);
}

#[test]
fn flipped_bytes_of_nested_scripts_never_panic_and_never_pass_as_another_transaction() {
    flipped_in_both_forms(3, 0xa076_1d64_78bd_642f);
}
