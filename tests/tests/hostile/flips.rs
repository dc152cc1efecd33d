//! Changes that nobody chose: flipped bytes, files cut short, maps exchanged, pairs left out. Whatever still passes
//! must be the very transaction that was honest, or carry another approval code.

use coldamp_core::pset::UnsignedPset;
use coldamp_tests::Xorshift;

use super::job::{EACH, Honest, JobName};
use super::pairs::{Pair, Pairs, get};

/// Positions where a flip says something: of a range proof's 4,174 bytes, any is as good as another.
fn telling_positions(binary: &[u8]) -> Vec<usize> {
    let proofs: Vec<Vec<u8>> = Pairs::split(binary)
        .maps()
        .flatten()
        .map(|(_, value)| value.clone())
        .filter(|value| value.len() > 4_000)
        .collect();
    let mut inside = vec![false; binary.len()];
    for proof in proofs {
        let start = binary.windows(proof.len()).position(|window| window == proof).expect("the proof");
        inside[start + 40..start + proof.len() - 10].fill(true);
    }
    (0..binary.len()).filter(|position| !inside[*position]).collect()
}

fn flips(job: JobName, seed: u64, rounds: usize) {
    let honest = Honest::of(job);
    let binary = honest.binary();
    let positions = telling_positions(&binary);
    let mut random = Xorshift::new(seed);
    for round in 0..rounds {
        let mut file = binary.clone();
        // One flip in twenty goes anywhere, and every fourth file takes more than one.
        for _ in 0..=(round % 4) / 3 * random.below(3) {
            let anywhere = random.below(20) == 0;
            let position =
                if anywhere { random.below(file.len()) } else { positions[random.below(positions.len())] };
            file[position] ^= random.flip();
        }
        honest.unchanged_or_refused(&file, &format!("{job:?}, round {round}"));
    }
}

const ROUNDS: usize = 600;

#[test]
fn flipped_bytes_of_a_distribution_never_pass_as_another() {
    flips(EACH[0], 0x9e37_79b9_7f4a_7c15, ROUNDS);
}

#[test]
fn flipped_bytes_of_a_reissue_never_pass_as_another() {
    flips(EACH[1], 0xd1b5_4a32_d192_ed03, ROUNDS);
}

#[test]
fn flipped_bytes_of_a_burn_never_pass_as_another() {
    flips(EACH[2], 0x8cb9_2ba7_2f3d_8dd7, ROUNDS);
}

#[test]
fn every_bit_of_the_small_fields_is_flipped_once() {
    let honest = Honest::of(EACH[1]);
    let pairs = Pairs::split(&honest.binary());
    for map in 0..pairs.maps().count() {
        let sizes: Vec<usize> = pairs.maps().nth(map).unwrap().iter().map(|(_, value)| value.len()).collect();
        for (pair, size) in sizes.into_iter().enumerate().filter(|(_, size)| *size <= 9) {
            for bit in 0..size * 8 {
                let mut flipped = pairs.clone();
                flipped.maps_mut().nth(map).unwrap()[pair].1[bit / 8] ^= 1 << (bit % 8);
                honest.unchanged_or_refused(&flipped.join(), &format!("map {map}, pair {pair}, bit {bit}"));
            }
        }
    }
}

#[test]
fn a_pset_cut_short_never_passes() {
    for job in EACH {
        let honest = Honest::of(job);
        let binary = honest.binary();
        let text = honest.text.as_bytes();
        for length in (0..binary.len()).step_by(7).chain(binary.len() - 40..binary.len()) {
            assert!(UnsignedPset::read(&binary[..length]).is_err(), "{job:?}: {length} bytes");
        }
        for length in (0..text.len()).step_by(31).chain(text.len() - 40..text.len()) {
            assert!(UnsignedPset::read(&text[..length]).is_err(), "{job:?}: {length} characters");
        }
    }
}

type Kind = fn(&mut Pairs) -> &mut Vec<Vec<Pair>>;

#[test]
fn maps_in_another_order_are_another_transaction_or_none() {
    for job in EACH {
        let honest = Honest::of(job);
        let mut pairs = Pairs::split(&honest.binary());
        let kinds: [Kind; 2] = [|pairs| &mut pairs.inputs, |pairs| &mut pairs.outputs];
        for maps in kinds {
            for (first, second) in every_two(maps(&mut pairs).len()) {
                let mut swapped = pairs.clone();
                maps(&mut swapped).swap(first, second);
                let found = honest.signable(&swapped.join(), None);
                assert_ne!(found.as_ref(), Some(&honest.content), "{job:?}: {first} and {second}");
            }
        }
    }
}

fn every_two(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..count).flat_map(move |first| (first + 1..count).map(move |second| (first, second)))
}

#[test]
fn every_pair_left_out_is_missed_or_was_not_needed() {
    for job in EACH {
        let honest = Honest::of(job);
        let pairs = Pairs::split(&honest.binary());
        for map in 0..pairs.maps().count() {
            for pair in 0..pairs.maps().nth(map).unwrap().len() {
                let mut shorter = pairs.clone();
                let (key, _) = shorter.maps_mut().nth(map).unwrap().remove(pair);
                honest
                    .unchanged_or_refused(&shorter.join(), &format!("{job:?}, map {map} without {key:02x?}"));
            }
        }
    }
}

#[test]
fn two_pairs_values_exchanged_never_pass_as_another() {
    for job in EACH {
        let honest = Honest::of(job);
        let pairs = Pairs::split(&honest.binary());
        let outputs = pairs.outputs.len();
        for (first, second) in every_two(outputs) {
            for key in pairs.outputs[first].iter().map(|(key, _)| key.clone()) {
                let mut exchanged = pairs.clone();
                let value = |map: &[Pair]| {
                    map.iter().find(|(found, _)| *found == key).map(|(_, value)| value.clone())
                };
                let (Some(one), Some(other)) = (value(&pairs.outputs[first]), value(&pairs.outputs[second]))
                else {
                    continue;
                };
                *get(&mut exchanged.outputs[first], &key) = other;
                *get(&mut exchanged.outputs[second], &key) = one;
                honest.unchanged_or_refused(
                    &exchanged.join(),
                    &format!("{job:?}, {key:02x?} of {first} and {second}"),
                );
            }
        }
    }
}
