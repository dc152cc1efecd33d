//! From the raw pairs of one map to values: each key looked for once, each value that does not decode reported by name.

use std::collections::BTreeMap;

use elements::bitcoin::PublicKey;
use elements::bitcoin::bip32::{ChildNumber, DerivationPath, Fingerprint, KeySource};
use elements::encode::{self, Decodable};
use elements::{AssetId, RangeProof, Script, secp256k1_zkp};

use super::allowed::{FieldError, Key, KeyProblem, Problems};
use super::pairs::Pair;
use crate::limits::MAX_DERIVATIONS;

/// One map's pairs while they are turned into fields.
pub(super) struct Fields<'a> {
    place: &'a str,
    pairs: &'a [Pair],
    problems: &'a mut Problems,
}

impl<'a> Fields<'a> {
    /// Refuses by name every key that is not allowed here.
    pub(super) fn new(
        place: &'a str,
        pairs: &'a [Pair],
        problems: &'a mut Problems,
        problem_of: impl Fn(&Key<'_>) -> Option<KeyProblem>,
    ) -> Self {
        for pair in pairs {
            if let Some(problem) = problem_of(&Key::split(&pair.key)) {
                problems.push(|| FieldError::new(place, problem, format!("key {}", hex(&pair.key))));
            }
        }
        Fields { place, pairs, problems }
    }

    pub(super) fn report(&mut self, problem: KeyProblem, name: &str) {
        let place = self.place;
        self.problems.push(|| FieldError::new(place, problem, name));
    }

    pub(super) fn optional<T>(
        &mut self,
        key: &[u8],
        name: &str,
        problem: KeyProblem,
        decode: impl Fn(&[u8]) -> Option<T>,
    ) -> Option<T> {
        let pair = self.pairs.iter().find(|pair| pair.key == key)?;
        let value = decode(&pair.value);
        if value.is_none() {
            self.report(problem, name);
        }
        value
    }

    pub(super) fn required<T>(
        &mut self,
        key: &[u8],
        name: &str,
        problem: KeyProblem,
        decode: impl Fn(&[u8]) -> Option<T>,
    ) -> Option<T> {
        if !self.pairs.iter().any(|pair| pair.key == key) {
            self.report(KeyProblem::Missing, name);
        }
        self.optional(key, name, problem, decode)
    }

    /// All fields of a prefix and subtype whose key data is an asset's id.
    pub(super) fn keyed<T>(
        &mut self,
        (prefix, subtype): (&[u8], u8),
        name: &str,
        problem: KeyProblem,
        decode: impl Fn(AssetId, &[u8]) -> Option<T>,
    ) -> Vec<T> {
        let mut values = Vec::new();
        for pair in self.pairs {
            let Key::Proprietary { prefix: found, subtype: kind, data } = Key::split(&pair.key) else {
                continue;
            };
            if (found, kind) != (prefix, subtype) {
                continue;
            }
            // Key data of another length is no such field; that is reported with the keys.
            let Some(id) = <[u8; 32]>::try_from(data).ok().map(AssetId::from_byte_array) else { continue };
            match decode(id, &pair.value) {
                Some(value) => values.push(value),
                None => self.report(problem, name),
            }
        }
        values
    }

    /// The first BIP-32 derivations, compressed keys only; more than a few are a fault, and cost no more than these.
    pub(super) fn derivations(&mut self, kind: u8, problem: KeyProblem) -> BTreeMap<PublicKey, KeySource> {
        let mut derivations = BTreeMap::new();
        let mut count = 0_usize;
        for pair in self.pairs {
            let Key::Plain { kind: found, data } = Key::split(&pair.key) else { continue };
            if found != kind {
                continue;
            }
            count = count.saturating_add(1);
            if count > MAX_DERIVATIONS {
                continue;
            }
            match derivation(data, &pair.value) {
                Some((key, source)) => {
                    derivations.insert(key, source);
                }
                None => self.report(problem, "derivation"),
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

/// The raw key of a proprietary field without key data.
pub(super) fn proprietary(prefix: &[u8], subtype: u8) -> Vec<u8> {
    let length = u8::try_from(prefix.len()).unwrap_or(u8::MAX);
    let mut key = vec![0xfc, length];
    key.extend_from_slice(prefix);
    key.push(subtype);
    key
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
    // Long key data (an attacker's choice) would bury the message.
    let shown = bytes.get(..40).unwrap_or(bytes);
    let more = if shown.len() < bytes.len() { "…" } else { "" };
    format!("{}{more}", shown.to_lower_hex_string())
}
