//! Every pair of honest PSETs, changed alone in every plain way: it is refused, or it is the same transaction.

use coldamp_tests::edits::{Change, Edit};
use coldamp_tests::pairs::{Pair, Pairs};
use coldamp_tests::{Honest, VARIED, Xorshift};

/// Bits of a value that are flipped besides the outermost: in the 4,174 bytes of a range proof any is as good as another.
const INNER_BITS: usize = 2;

/// Other maps that lend their value of the same key.
const LENDERS: usize = 2;

/// How a pair is changed.
fn changes(pairs: &Pairs, (key, value): &Pair, random: &mut Xorshift) -> Vec<Change> {
    let bits = value.len() * 8;
    let mut changes = vec![Change::Remove, Change::Duplicate, Change::Extend(0), Change::Extend(0xff)];
    if bits > 0 {
        let inner = (0..INNER_BITS).map(|_| random.below(bits));
        changes.extend([0, 7, bits - 8, bits - 1].into_iter().chain(inner).map(Change::Flip));
        changes.extend([0, value.len() / 2, value.len() - 1].map(Change::Truncate));
    }
    let lends = |map: &Vec<Pair>| map.iter().any(|(found, other)| found == key && other != value);
    let lenders = pairs.maps().enumerate().filter(|(_, map)| lends(map));
    changes.extend(lenders.take(LENDERS).map(|(map, _)| Change::Replace(map)));
    changes
}

fn every_pair_changed(job: usize) {
    let honest = Honest::of(VARIED[job]);
    let pairs = Pairs::split(&honest.binary());
    let mut random = Xorshift::new(0x2545_f491_4f6c_dd1d);
    for (map, of_map) in pairs.maps().enumerate() {
        for (pair, changed) in of_map.iter().enumerate() {
            for change in changes(&pairs, changed, &mut random) {
                let what = format!("{:?}, map {map}, key {:02x?}: {change:?}", VARIED[job], changed.0);
                let mut changed = pairs.clone();
                Edit { map, pair, change }.apply(&mut changed);
                let file = changed.join();
                if file != honest.binary() {
                    honest.unchanged_or_refused(&file, &what);
                }
            }
        }
    }
}

#[test]
fn every_pair_of_a_burn_changed_alone_is_refused_or_changes_nothing() {
    every_pair_changed(0);
}

#[test]
fn every_pair_of_a_reissue_changed_alone_is_refused_or_changes_nothing() {
    every_pair_changed(1);
}

#[test]
fn every_pair_of_a_distribution_changed_alone_is_refused_or_changes_nothing() {
    every_pair_changed(2);
}

#[test]
fn every_pair_of_nested_scripts_changed_alone_is_refused_or_changes_nothing() {
    every_pair_changed(3);
}

#[test]
fn every_pair_of_a_blinded_reissue_changed_alone_is_refused_or_changes_nothing() {
    every_pair_changed(4);
}

#[test]
fn every_pair_of_a_split_tokens_reissue_changed_alone_is_refused_or_changes_nothing() {
    every_pair_changed(5);
}
