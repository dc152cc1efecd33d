//! Changes that nobody chose: flipped bits, files cut short, maps and values exchanged. Whatever still passes must be the
//! very transaction that was honest, or carry another approval code. Bytes flipped at random, and every pair changed in
//! every plain way, are in `tests/properties`.

use coldamp_core::pset::UnsignedPset;

use super::job::{EACH, Honest};
use super::pairs::{Pair, Pairs, get};

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
