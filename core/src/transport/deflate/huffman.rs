//! Huffman codes (RFC 1951 section 3.2.2).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A code: its bits in the order they are written, and how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Prefix {
    pub(super) bits: u32,
    pub(super) length: u32,
}

/// The length of each symbol's code, at most `limit` bits; 0 for a symbol that does not occur. At least two symbols get a
/// code: some readers refuse a code that leaves bits unused.
pub(super) fn lengths(counts: &[u32], limit: u32) -> Vec<u32> {
    let mut weights = counts.to_vec();
    let used = weights.iter().filter(|weight| **weight > 0).count();
    for weight in weights.iter_mut().filter(|weight| **weight == 0).take(2_usize.saturating_sub(used)) {
        *weight = 1;
    }
    loop {
        let lengths = depths(&weights);
        if lengths.iter().all(|length| *length <= limit) {
            return lengths;
        }
        // Flatter weights make a flatter tree. With all weights 1 it has 9 levels at most for 286 symbols, where 15 are
        // allowed, and 5 for the 19 lengths, where 7 are, so this ends.
        weights.iter_mut().for_each(|weight| *weight = weight.div_ceil(2));
    }
}

/// How deep each symbol lies in the tree of these weights.
fn depths(weights: &[u32]) -> Vec<u32> {
    let leaves = weights.iter().enumerate().filter(|(_, weight)| **weight > 0);
    let mut heap: BinaryHeap<_> = leaves.map(|(node, weight)| Reverse((*weight, node))).collect();
    let mut parents = vec![0_usize; weights.len()];
    while let (Some(Reverse((light, first))), Some(Reverse((heavy, second)))) = (heap.pop(), heap.pop()) {
        let node = parents.len();
        for child in [first, second] {
            if let Some(parent) = parents.get_mut(child) {
                *parent = node;
            }
        }
        parents.push(0);
        heap.push(Reverse((light.saturating_add(heavy), node)));
    }
    let mut depths = vec![0_u32; parents.len()];
    let root = parents.len().saturating_sub(1);
    // A parent is made after its children, so it stands behind them.
    for node in (0..root).rev() {
        let parent = parents.get(node).copied().unwrap_or_default();
        let depth = depths.get(parent).copied().unwrap_or_default().saturating_add(1);
        let is_used = weights.get(node).is_none_or(|weight| *weight > 0);
        if let Some(own) = depths.get_mut(node).filter(|_| is_used) {
            *own = depth;
        }
    }
    depths.truncate(weights.len());
    depths
}

/// The codes of such lengths: shorter ones first, those of one length in the order of their symbols.
pub(super) fn codes(lengths: &[u32]) -> Vec<Prefix> {
    let mut codes = vec![Prefix::default(); lengths.len()];
    let longest = lengths.iter().copied().max().unwrap_or_default();
    let mut next = 0_u32;
    for length in 1..=longest {
        next <<= 1;
        for (code, _) in codes.iter_mut().zip(lengths).filter(|(_, own)| **own == length) {
            *code = Prefix { bits: next.reverse_bits() >> 32_u32.saturating_sub(length), length };
            next = next.saturating_add(1);
        }
    }
    codes
}
