//! Decodes the raw pairs of one map. Each value that does not decode is reported by its field's name.

use std::collections::BTreeMap;

use elements::bitcoin::PublicKey;
use elements::bitcoin::bip32::{ChildNumber, DerivationPath, Fingerprint, KeySource};
use elements::encode::{self, Decodable};
use elements::{AssetId, RangeProof, Script, secp256k1_zkp};

use super::allowed::{FieldError, KeyProblem, Problems};
use super::keys::{Field, MapKeys};
use super::pairs::Pair;
use crate::limits::MAX_DERIVATIONS;

/// The pairs of one map while they are decoded.
pub(super) struct Fields<'a> {
    place: &'a str,
    pairs: &'a [Pair],
    problems: &'a mut Problems,
}

impl<'a> Fields<'a> {
    /// Reports every key that this map must not hold.
    pub(super) fn new(
        place: &'a str,
        pairs: &'a [Pair],
        problems: &'a mut Problems,
        keys: &'static MapKeys,
    ) -> Self {
        for pair in pairs {
            if let Some(problem) = keys.problem(&pair.key) {
                problems.push(|| FieldError::new(place, problem, format!("key {}", hex(&pair.key))));
            }
        }
        Fields { place, pairs, problems }
    }

    pub(super) fn report(&mut self, problem: KeyProblem, name: &str) {
        let place = self.place;
        self.problems.push(|| FieldError::new(place, problem, name));
    }

    /// Whether the map holds a field.
    pub(super) fn has(&self, field: &Field) -> bool {
        self.pairs.iter().any(|pair| field.is(&pair.key))
    }

    /// The value of a field. A required field that is missing and a value that does not decode are reported.
    pub(super) fn read<T>(&mut self, field: &Field, decode: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
        let Some(pair) = self.pairs.iter().find(|pair| field.is(&pair.key)) else {
            if field.required {
                self.report(KeyProblem::Missing, field.name);
            }
            return None;
        };
        let value = decode(&pair.value);
        if value.is_none() {
            self.report(field.undecodable, field.name);
        }
        value
    }

    /// The values of a field whose key data is an asset's id, one for each asset.
    pub(super) fn of_assets<T>(
        &mut self,
        field: &Field,
        decode: impl Fn(AssetId, &[u8]) -> Option<T>,
    ) -> Vec<T> {
        let mut values = Vec::new();
        for pair in self.pairs {
            let Some(data) = field.data_of(&pair.key) else { continue };
            // Key data of another length is reported with the keys.
            let Some(id) = <[u8; 32]>::try_from(data).ok().map(AssetId::from_byte_array) else { continue };
            match decode(id, &pair.value) {
                Some(value) => values.push(value),
                None => self.report(field.undecodable, field.name),
            }
        }
        values
    }

    /// The first BIP-32 derivations, with compressed keys only. More than a few are a fault, and the rest are not decoded.
    pub(super) fn derivations(&mut self, field: &Field) -> BTreeMap<PublicKey, KeySource> {
        let mut derivations = BTreeMap::new();
        let mut count = 0_usize;
        for pair in self.pairs {
            let Some(data) = field.data_of(&pair.key) else { continue };
            count = count.saturating_add(1);
            if count > MAX_DERIVATIONS {
                continue;
            }
            match derivation(data, &pair.value) {
                Some((key, source)) => {
                    derivations.insert(key, source);
                }
                None => self.report(field.undecodable, field.name),
            }
        }
        if count > MAX_DERIVATIONS {
            self.report(KeyProblem::TooMany, &format!("{count} derivations"));
        }
        derivations
    }
}

fn derivation(key: &[u8], value: &[u8]) -> Option<(PublicKey, KeySource)> {
    let key = secp256k1_zkp::PublicKey::from_slice(key).ok().filter(|_| key.len() == 33)?;
    let (fingerprint, path) = value.split_first_chunk::<4>()?;
    let (steps, []) = path.as_chunks::<4>() else { return None };
    let steps: Vec<ChildNumber> =
        steps.iter().map(|step| ChildNumber::from(u32::from_le_bytes(*step))).collect();
    Some((PublicKey::new(key), (Fingerprint::from(*fingerprint), DerivationPath::from(steps))))
}

pub(super) fn u32_le(value: &[u8]) -> Option<u32> {
    value.try_into().ok().map(u32::from_le_bytes)
}

pub(super) fn u64_le(value: &[u8]) -> Option<u64> {
    value.try_into().ok().map(u64::from_le_bytes)
}

pub(super) fn consensus<T: Decodable>(value: &[u8]) -> Option<T> {
    encode::deserialize(value).ok()
}

pub(super) fn rangeproof(value: &[u8]) -> Option<RangeProof> {
    RangeProof::from_slice(value).ok().filter(|proof| !proof.is_empty())
}

#[allow(clippy::unnecessary_wraps, reason = "has the shape of the other decoders")]
pub(super) fn script(value: &[u8]) -> Option<Script> {
    Some(Script::from(value.to_vec()))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use elements::hex::DisplayHex as _;
    // An attacker chooses the length of key data; long data would hide the rest of the message.
    let shown = bytes.get(..40).unwrap_or(bytes);
    let more = if shown.len() < bytes.len() { "…" } else { "" };
    format!("{}{more}", shown.to_lower_hex_string())
}
