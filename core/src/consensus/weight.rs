//! An upper bound on a transaction's weight from its shape alone, before anything is blinded or signed.
//!
//! It is exact except for signatures: each may be a byte or two shorter than assumed (docs/rules.md#weight).

use crate::limits::MAX_STANDARD_WEIGHT;
use crate::treasury::{IssuanceKind, SpendSize};
use crate::units::{VirtualSize, Weight};

/// How a transaction will look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TransactionShape {
    /// Its inputs.
    pub(crate) inputs: Vec<InputShape>,
    /// Its outputs, the fee included.
    pub(crate) outputs: Vec<OutputShape>,
}

/// How an input will look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InputShape {
    /// What it takes to spend it.
    pub(crate) spend_size: SpendSize,
    /// A reissuance: kind and amount in base units.
    pub(crate) issuance: Option<(IssuanceKind, u64)>,
}

/// How an output will look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OutputShape {
    /// Bytes of its script.
    pub(crate) script_length: usize,
    /// Base units, if it gets blinded: the proof grows above 2^52.
    pub(crate) blinded_value: Option<u64>,
}

/// At most this heavy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightBound {
    /// The full weight, which the standardness limit counts.
    pub full: Weight,
    /// The weight after the discount of ELIP-200, which the relay fee counts.
    pub discounted: Weight,
}

/// version 4, flags 1, locktime 4
const TRANSACTION_BASE: u64 = 4 + 1 + 4;
/// outpoint 36, sequence 4
const INPUT_BASE: u64 = 36 + 4;
/// nonce 32, entropy 32, null inflation keys 1
const ISSUANCE_BASE: u64 = 32 + 32 + 1;
/// explicit asset 33, explicit value 9, null nonce 1
const EXPLICIT_OUTPUT: u64 = 33 + 9 + 1;
/// asset, value and nonce as 33-byte commitments
const BLINDED_OUTPUT: u64 = 33 + 33 + 33;
/// ELIP-200: a committed value weighs 4 × 24 more than an explicit one
const VALUE_DISCOUNT: u64 = 96;
/// ELIP-200: a nonce weighs 4 × 32 more than none
const NONCE_DISCOUNT: u64 = 128;

impl WeightBound {
    /// Size in virtual bytes without any discount.
    pub fn full_size(&self) -> VirtualSize {
        self.full.virtual_size()
    }

    /// Size in virtual bytes that the relay fee counts (ELIP-200).
    pub fn discounted_size(&self) -> VirtualSize {
        self.discounted.virtual_size()
    }
}

impl TransactionShape {
    /// Members of the surjection domain: every input, and the issued asset behind the input that issues it.
    pub(crate) fn surjection_domain(&self) -> usize {
        let issuances = self.inputs.iter().filter(|input| input.issuance.is_some()).count();
        self.inputs.len().saturating_add(issuances)
    }

    /// How many recipients a transaction of at most [`MAX_STANDARD_WEIGHT`] can have, if the last ones are left out.
    /// `recipients` are the positions of their outputs, in order.
    pub(crate) fn recipients_that_fit(&self, recipients: &[usize]) -> usize {
        let fits = |kept: &usize| {
            let left_out = recipients.get(*kept..).unwrap_or_default();
            let outputs = self.outputs.iter().enumerate();
            let outputs = outputs.filter(|(position, _)| !left_out.contains(position));
            let outputs = outputs.map(|(_, output)| *output).collect();
            let shape = TransactionShape { inputs: self.inputs.clone(), outputs };
            shape.bound().full <= MAX_STANDARD_WEIGHT
        };
        (0..=recipients.len()).rev().find(fits).unwrap_or_default()
    }

    /// The bound.
    pub(crate) fn bound(&self) -> WeightBound {
        let domain = self.surjection_domain();
        let mut base = sum([
            TRANSACTION_BASE,
            compact_size_length(self.inputs.len()),
            compact_size_length(self.outputs.len()),
        ]);
        let mut witness = 0;
        let mut discount = 0;
        for input in &self.inputs {
            base = sum([base, input.base_length()]);
            witness = sum([witness, input.witness_length()]);
        }
        for output in &self.outputs {
            let output_witness = output.witness_length(domain);
            base = sum([base, output.base_length()]);
            witness = sum([witness, output_witness]);
            if output.blinded_value.is_some() {
                discount = sum([discount, output_witness.saturating_sub(2), VALUE_DISCOUNT, NONCE_DISCOUNT]);
            }
        }
        let full = sum([base.saturating_mul(4), witness]);
        WeightBound { full: Weight::new(full), discounted: Weight::new(full.saturating_sub(discount)) }
    }
}

impl InputShape {
    fn base_length(&self) -> u64 {
        let issuance = match self.issuance {
            None => 0,
            Some((IssuanceKind::Explicit, _)) => ISSUANCE_BASE + 9,
            Some((IssuanceKind::Blinded, _)) => ISSUANCE_BASE + 33,
        };
        // The 1 is the length of the scriptSig.
        sum([INPUT_BASE, 1, self.spend_size.script_sig, issuance])
    }

    fn witness_length(&self) -> u64 {
        let amount_proof = match self.issuance {
            Some((IssuanceKind::Blinded, amount)) => with_length(rangeproof_length(amount)),
            _ => 1,
        };
        // The 2 are the empty inflation-keys proof and the empty peg-in witness.
        sum([amount_proof, 2, self.spend_size.witness])
    }
}

impl OutputShape {
    fn base_length(&self) -> u64 {
        let amounts = if self.blinded_value.is_some() { BLINDED_OUTPUT } else { EXPLICIT_OUTPUT };
        sum([amounts, compact_size_length(self.script_length), as_u64(self.script_length)])
    }

    fn witness_length(&self, domain: usize) -> u64 {
        match self.blinded_value {
            None => 2,
            Some(value) => {
                sum([with_length(surjection_length(domain)), with_length(rangeproof_length(value))])
            }
        }
    }
}

/// Bytes of a range proof of exponent 0, at least 52 bits and minimum value 1 (secp256k1-zkp rangeproof_impl.h).
fn rangeproof_length(value: u64) -> u64 {
    let significant = u64::from(u64::BITS.saturating_sub(value.saturating_sub(1).leading_zeros()));
    let bits = significant.max(52);
    let rings = bits.div_ceil(2);
    // Four keys a ring; an odd last ring has two.
    let keys = rings.saturating_mul(4).saturating_sub(if bits % 2 == 1 { 2 } else { 0 });
    let others = rings.saturating_sub(1);
    // Header 10 (flags, bits, minimum value), a sign bit and a commitment for each other ring, one hash, a scalar a key.
    sum([10, others.div_ceil(8), others.saturating_mul(32), 32, keys.saturating_mul(32)])
}

/// Bytes of a surjection proof over min(3, n) of n members (secp256k1-zkp surjection_impl.h).
fn surjection_length(domain: usize) -> u64 {
    let domain = as_u64(domain);
    sum([2, domain.div_ceil(8), 32 * sum([1, domain.min(3)])])
}

fn with_length(length: u64) -> u64 {
    sum([length, if length < 0xfd { 1 } else { 3 }])
}

fn compact_size_length(number: usize) -> u64 {
    if number < 0xfd { 1 } else { 3 }
}

fn as_u64(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Lengths are far below 2^64; a sum that is not must read as too heavy, not wrap.
fn sum<const N: usize>(parts: [u64; N]) -> u64 {
    parts.into_iter().fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::treasury::Kind;

    fn wpkh(inputs: usize) -> Vec<InputShape> {
        vec![InputShape { spend_size: SpendSize::single_key(Kind::Wpkh), issuance: None }; inputs]
    }

    fn blinded(script_length: usize) -> OutputShape {
        OutputShape { script_length, blinded_value: Some(1) }
    }

    const FEE: OutputShape = OutputShape { script_length: 0, blinded_value: None };

    #[test]
    fn the_recipients_that_fit_are_counted_on_the_exact_bound() {
        let with = |recipients: usize| {
            let outputs = [vec![blinded(22); recipients], vec![blinded(22), FEE]].concat();
            TransactionShape { inputs: wpkh(2), outputs }
        };
        let most = (0..200).filter(|count| with(*count).bound().full <= MAX_STANDARD_WEIGHT).max().unwrap();
        for count in [most - 1, most, most + 1, 200] {
            let positions: Vec<usize> = (0..count).collect();
            assert_eq!(with(count).recipients_that_fit(&positions), count.min(most), "{count}");
        }
        // Without recipients to leave out, nothing helps.
        assert_eq!(with(200).recipients_that_fit(&[]), 0);
    }

    #[test]
    fn range_proofs_grow_with_the_value_as_the_node_makes_them() {
        // Lengths of the range proofs that elementsd 23.3.3 makes with its defaults (exponent 0, 52 bits, minimum 1).
        for (value, length) in [
            (1, 4_174),
            (1 << 52, 4_174),
            ((1 << 52) + 1, 4_270),
            (1 << 53, 4_270),
            (1 << 56, 4_494),
            (u64::MAX, 5_134),
        ] {
            assert_eq!(rangeproof_length(value), length, "{value}");
        }
    }

    #[test]
    fn a_blinded_output_weighs_what_elements_core_says() {
        // Outputs of elementsd 23.3.3: P2WPKH 22, P2SH 23, P2WSH 34 bytes of script, by surjection targets.
        let of = |domain: usize, script: usize| {
            4 * blinded(script).base_length() + blinded(script).witness_length(domain)
        };
        assert_eq!([of(1, 22), of(1, 23), of(1, 34)], [4_733, 4_737, 4_781]);
        assert_eq!([of(2, 22), of(2, 23), of(2, 34)], [4_765, 4_769, 4_813]);
        assert_eq!([of(5, 22), of(8, 23), of(8, 34)], [4_797, 4_801, 4_845]);
    }

    #[test]
    fn eighty_one_recipients_are_standard_and_eighty_two_are_not() {
        let with = |recipients: usize| {
            let mut outputs = vec![blinded(22); recipients + 2];
            outputs.push(FEE);
            TransactionShape { inputs: wpkh(2), outputs }.bound()
        };
        let limit = crate::limits::MAX_STANDARD_WEIGHT;
        assert!(with(81).full <= limit && with(82).full > limit);
        // A transaction of 81 recipients that elementsd 23.3.3 made: weight 396,265, discounted size 5,712. Each of its
        // two signatures was as long as assumed or a byte shorter.
        let slack = with(81).full.units() - 396_265;
        assert!(slack <= 2, "{slack}");
        assert_eq!(with(81).discounted_size().vbytes(), 5_712);
    }
}
