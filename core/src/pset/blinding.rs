//! The fields that blinding adds to a PSET. They are kept apart from what the PSET claims. A PSET has none of them, or exactly those
//! that this treasury's view key makes (docs/rules.md#blinded-pset). Their values are compared as bytes, and nothing is read from
//! them.

use elements::bitcoin::base64::Engine as _;
use elements::bitcoin::base64::engine::general_purpose::STANDARD;
use elements::encode::serialize;
use elements::{AssetId, RangeProof, SurjectionProof, TxIn, TxOut};

use super::keys::{input, output, pset_key, subtype_of_bare_pset_key};
use super::pairs::{self, Maps, Pair, ParseError};

/// The fields that blinding adds, by input and output.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Blinding {
    inputs: Vec<Vec<Pair>>,
    outputs: Vec<Vec<Pair>>,
}

/// A field in which two blindings differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlindingDifference {
    /// The map, for example `output 0`.
    pub place: String,
    /// The name of the field.
    pub field: &'static str,
    /// Whether it is a field of an input, about the reissued amount.
    pub is_of_issuance: bool,
}

/// What proves amount and asset of a commitment to whoever is told both: the proofs that other signers verify.
#[derive(Debug, Clone)]
pub(crate) struct ExplicitProofs {
    pub(crate) amount: u64,
    pub(crate) value_proof: RangeProof,
    pub(crate) asset: AssetId,
    pub(crate) asset_proof: SurjectionProof,
}

impl Blinding {
    /// Of a PSET with so many inputs and outputs, none of which is blinded yet.
    pub(crate) fn of_counts(inputs: usize, outputs: usize) -> Self {
        Blinding { inputs: vec![Vec::new(); inputs], outputs: vec![Vec::new(); outputs] }
    }

    /// Whether no field of blinding is there.
    pub fn is_empty(&self) -> bool {
        self.inputs.iter().chain(&self.outputs).all(Vec::is_empty)
    }

    /// Whether an input has a field about a reissued amount.
    pub(super) fn has_issuance(&self, input: usize) -> bool {
        self.inputs.get(input).is_some_and(|pairs| !pairs.is_empty())
    }

    /// Whether an output has a field of blinding.
    pub(super) fn has_output(&self, output: usize) -> bool {
        self.outputs.get(output).is_some_and(|pairs| !pairs.is_empty())
    }

    /// Takes the fields out of the maps of a PSET.
    pub(super) fn take_from(maps: &mut Maps) -> Self {
        let take = |maps: &mut [Vec<Pair>], subtypes: &[(u8, &str)]| {
            let of_map = |pairs: &mut Vec<Pair>| {
                let is_blinding = |pair: &Pair| {
                    subtype_of_bare_pset_key(&pair.key)
                        .is_some_and(|subtype| subtypes.iter().any(|(own, _)| *own == subtype))
                };
                let (taken, rest) = std::mem::take(pairs).into_iter().partition(is_blinding);
                *pairs = rest;
                taken
            };
            maps.iter_mut().map(of_map).collect()
        };
        Blinding {
            inputs: take(&mut maps.inputs, &input::BLINDED),
            outputs: take(&mut maps.outputs, &output::BLINDED),
        }
    }

    /// Adds what a blinded output has.
    pub(crate) fn add_output(&mut self, index: usize, blinded: &TxOut, proofs: &ExplicitProofs) {
        let fields = [
            (0x01, serialize(&blinded.value)),
            (0x03, serialize(&blinded.asset)),
            (0x04, blinded.witness.rangeproof.to_vec()),
            (0x05, blinded.witness.surjection_proof.to_vec()),
            (0x07, serialize(&blinded.nonce)),
            (0x09, proofs.value_proof.to_vec()),
            (0x0a, proofs.asset_proof.to_vec()),
        ];
        add(self.outputs.get_mut(index), fields);
    }

    /// Adds what an input with a blinded reissued amount has.
    pub(crate) fn add_issuance(&mut self, index: usize, blinded: &TxIn, value_proof: &RangeProof) {
        let fields = [
            (0x01, serialize(&blinded.asset_issuance.amount)),
            (0x02, blinded.witness.amount_rangeproof.to_vec()),
            (0x0f, value_proof.to_vec()),
        ];
        add(self.inputs.get_mut(index), fields);
    }

    /// The first field in which a PSET's blinding differs from this one. `None` if they are equal. A reissued amount that is blinded
    /// already is told first: its commitment is what somebody added.
    pub fn first_difference(&self, other: &Blinding) -> Option<BlindingDifference> {
        let of = |own: &[_], other: &[_], names: &[_], map: &str| {
            let (index, field) = difference(own, other, names)?;
            let (place, is_of_issuance) = (format!("{map} {index}"), map == "input");
            Some(BlindingDifference { place, field, is_of_issuance })
        };
        let of_inputs = || of(&self.inputs, &other.inputs, &input::BLINDED, "input");
        let of_outputs = || of(&self.outputs, &other.outputs, &output::BLINDED, "output");
        match other.inputs.iter().all(Vec::is_empty) {
            true => of_outputs().or_else(of_inputs),
            false => of_inputs().or_else(of_outputs),
        }
    }

    /// The text of an unsigned PSET with these fields added, and with amount and asset of its coins, proven: base64 without a line
    /// break. `coins` has an item for each input, `None` where the coin is explicit.
    ///
    /// # Errors
    /// When the bytes are not a PSET.
    pub(crate) fn added_to(
        &self,
        unsigned: &[u8],
        coins: &[Option<ExplicitProofs>],
    ) -> Result<String, ParseError> {
        let mut maps = pairs::split(&pairs::pset_binary(unsigned)?)?;
        for (pairs, added) in maps.inputs.iter_mut().zip(&self.inputs) {
            pairs.extend(added.iter().cloned());
        }
        for (pairs, added) in maps.outputs.iter_mut().zip(&self.outputs) {
            pairs.extend(added.iter().cloned());
        }
        for (pairs, coin) in maps.inputs.iter_mut().zip(coins) {
            let Some(coin) = coin else { continue };
            let fields = [
                (0x11, coin.amount.to_le_bytes().to_vec()),
                (0x12, coin.value_proof.to_vec()),
                (0x13, serialize(&coin.asset)),
                (0x14, coin.asset_proof.to_vec()),
            ];
            pairs.retain(|pair| !fields.iter().any(|(subtype, _)| pair.key == pset_key(*subtype)));
            add(Some(pairs), fields);
        }
        Ok(STANDARD.encode(pairs::join(&maps)))
    }
}

fn add<const N: usize>(pairs: Option<&mut Vec<Pair>>, fields: [(u8, Vec<u8>); N]) {
    if let Some(pairs) = pairs {
        pairs.extend(fields.into_iter().map(|(subtype, value)| Pair { key: pset_key(subtype), value }));
    }
}

/// The index of the first map that differs, and the name of the field.
fn difference(
    own: &[Vec<Pair>],
    other: &[Vec<Pair>],
    names: &[(u8, &'static str)],
) -> Option<(usize, &'static str)> {
    let none = Vec::new();
    (0..own.len().max(other.len())).find_map(|index| {
        let (own, other) = (own.get(index).unwrap_or(&none), other.get(index).unwrap_or(&none));
        let differs = |(subtype, _): &&(u8, &'static str)| {
            let key = pset_key(*subtype);
            let value =
                |pairs: &[Pair]| pairs.iter().find(|pair| pair.key == key).map(|pair| pair.value.clone());
            value(own) != value(other)
        };
        names.iter().find(differs).map(|(_, name)| (index, *name))
    })
}
