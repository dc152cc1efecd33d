//! The keys of an unsigned PSET: one table of what each map may hold, and of what it must not hold and why.
//!
//! The splitter, the allow-list, the typed fields and the writer all read this table. A key that no row names is refused: a
//! field that this signer ignores could be a field that another program obeys (docs/rules.md#unsigned-pset). Sources of the
//! numbers: BIP-174, BIP-370, doc/pset.mediawiki of Elements, ELIP-100 and ELIP-101.

use elements::pset::elip100;
use elements::pset::raw::ProprietaryKey;

use super::allowed::{KeyProblem, KeyProblem as P};

/// The prefix of Coldamp's own fields.
const COLDAMP: &[u8] = b"coldamp";
/// The prefix of the fields that Elements adds to BIP-174.
const PSET: &[u8] = b"pset";
/// The type byte of a proprietary key (BIP-174).
const PROPRIETARY: u8 = 0xfc;

/// A key, split into the parts that decide whether it is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key<'a> {
    /// A type byte and key data.
    Plain { kind: u8, data: &'a [u8] },
    /// A proprietary key: prefix, subtype and key data.
    Proprietary { prefix: &'a [u8], subtype: u8, data: &'a [u8] },
    /// No key at all, or a proprietary key that ends early.
    Broken,
}

/// The type of a key, without key data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyType {
    Plain(u8),
    Proprietary(&'static [u8], u8),
}

/// The key data that a field must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyData {
    None,
    /// The 32 bytes of an asset id. Which assets are allowed is decided by the review.
    AssetId,
    /// Any data. The field's decoder checks it.
    Decoded,
}

/// A field that a map of an unsigned PSET may hold.
#[derive(Debug)]
pub(super) struct Field {
    /// The name in messages.
    pub(super) name: &'static str,
    key_type: KeyType,
    data: KeyData,
    /// Whether the map must hold it.
    pub(super) required: bool,
    /// What is reported when the value does not decode.
    pub(super) undecodable: KeyProblem,
}

/// Keys that a map must not hold, with the reason.
#[derive(Debug)]
struct Refused {
    /// The prefix of proprietary keys. `None` for plain keys.
    prefix: Option<&'static [u8]>,
    /// The types or subtypes. `None` for all.
    types: Option<&'static [u8]>,
    /// Whether only keys without key data are meant.
    bare: bool,
    problem: KeyProblem,
}

/// The rows of one map.
#[derive(Debug)]
pub(super) struct MapKeys {
    fields: &'static [&'static Field],
    refused: &'static [Refused],
}

impl<'a> Key<'a> {
    /// Splits the bytes of a key.
    pub(super) fn split(key: &'a [u8]) -> Self {
        let Some((kind, data)) = key.split_first() else {
            return Key::Broken;
        };
        if *kind != PROPRIETARY {
            return Key::Plain { kind: *kind, data };
        }
        // Every known prefix is short: its length is one byte below 0xfd.
        let proprietary = data.split_first().and_then(|(length, rest)| {
            let (prefix, rest) = rest.split_at_checked(usize::from(*length))?;
            let (subtype, data) = rest.split_first()?;
            (*length < 0xfd).then_some(Key::Proprietary { prefix, subtype: *subtype, data })
        });
        proprietary.unwrap_or(Key::Broken)
    }

    /// Whether the key is one of an input's issuance fields, allowed or not.
    pub(super) fn is_of_issuance(&self) -> bool {
        let Key::Proprietary { prefix: PSET, subtype, .. } = self else { return false };
        matches!(subtype, 0x00..=0x03 | 0x0a..=0x0d | 0x0f | 0x10 | 0x15)
    }
}

/// A `pset` key without key data.
pub(super) fn pset_key(subtype: u8) -> Vec<u8> {
    // Four bytes of prefix.
    [&[PROPRIETARY, 4], PSET, &[subtype]].concat()
}

/// The subtype of a `pset` key without key data.
pub(super) fn subtype_of_bare_pset_key(key: &[u8]) -> Option<u8> {
    match Key::split(key) {
        Key::Proprietary { prefix: PSET, subtype, data: [] } => Some(subtype),
        _ => None,
    }
}

impl Field {
    const fn plain(kind: u8, name: &'static str, undecodable: KeyProblem) -> Self {
        let key_type = KeyType::Plain(kind);
        Field { name, key_type, data: KeyData::None, required: false, undecodable }
    }

    const fn proprietary(
        prefix: &'static [u8],
        subtype: u8,
        name: &'static str,
        undecodable: KeyProblem,
    ) -> Self {
        let key_type = KeyType::Proprietary(prefix, subtype);
        Field { name, key_type, data: KeyData::None, required: false, undecodable }
    }

    const fn pset(subtype: u8, name: &'static str, undecodable: KeyProblem) -> Self {
        Self::proprietary(PSET, subtype, name, undecodable)
    }

    const fn required(self) -> Self {
        Field { required: true, ..self }
    }

    const fn with_data(self, data: KeyData) -> Self {
        Field { data, ..self }
    }

    /// The key data of a key, if the key is of this field's type, whatever its data.
    pub(super) fn data_of<'k>(&self, key: &'k [u8]) -> Option<&'k [u8]> {
        match (self.key_type, Key::split(key)) {
            (KeyType::Plain(expected), Key::Plain { kind, data }) => (kind == expected).then_some(data),
            (KeyType::Proprietary(expected, number), Key::Proprietary { prefix, subtype, data }) => {
                ((prefix, subtype) == (expected, number)).then_some(data)
            }
            _ => None,
        }
    }

    /// Whether a key is this field's key, with the key data that it must have.
    pub(super) fn is(&self, key: &[u8]) -> bool {
        self.data_of(key).is_some_and(|data| match self.data {
            KeyData::None => data.is_empty(),
            KeyData::AssetId => data.len() == 32,
            KeyData::Decoded => true,
        })
    }

    /// The key as rust-elements writes it, for a proprietary field without key data.
    pub(super) fn proprietary_key(&self) -> ProprietaryKey {
        let (prefix, subtype) = match self.key_type {
            KeyType::Plain(kind) => (&[][..], kind),
            KeyType::Proprietary(prefix, subtype) => (prefix, subtype),
        };
        ProprietaryKey { prefix: prefix.to_vec(), subtype, key: Vec::new() }
    }
}

impl Refused {
    const fn plain(types: &'static [u8], problem: KeyProblem) -> Self {
        Refused { prefix: None, types: Some(types), bare: false, problem }
    }

    const fn pset(types: &'static [u8], problem: KeyProblem) -> Self {
        Refused { prefix: Some(PSET), types: Some(types), bare: false, problem }
    }

    const fn all_of(prefix: &'static [u8], problem: KeyProblem) -> Self {
        Refused { prefix: Some(prefix), types: None, bare: false, problem }
    }

    /// A `pset` field without key data. With key data it is a key that nobody knows.
    const fn bare_pset(types: &'static [u8], problem: KeyProblem) -> Self {
        Refused { prefix: Some(PSET), types: Some(types), bare: true, problem }
    }

    fn is(&self, key: Key<'_>) -> bool {
        let (prefix, number, data) = match key {
            Key::Plain { kind, data } => (None, kind, data),
            Key::Proprietary { prefix, subtype, data } => (Some(prefix), subtype, data),
            Key::Broken => return false,
        };
        self.prefix == prefix
            && self.types.is_none_or(|types| types.contains(&number))
            && (data.is_empty() || !self.bare)
    }
}

impl MapKeys {
    /// Why the map must not hold this key. `None` if it may.
    pub(super) fn problem(&self, key: &[u8]) -> Option<KeyProblem> {
        if self.fields.iter().any(|field| field.is(key)) {
            return None;
        }
        let split = Key::split(key);
        let refused = self.refused.iter().find(|refused| refused.is(split));
        Some(refused.map_or(P::Unknown, |refused| refused.problem))
    }
}

/// The global map.
pub(super) mod global {
    use super::{COLDAMP, Field, KeyData, MapKeys, P, Refused, elip100};

    pub(in crate::pset) const TX_VERSION: Field =
        Field::plain(0x02, "tx version (0x02)", P::LockTime).required();
    pub(in crate::pset) const LOCKTIME: Field = Field::plain(0x03, "fallback locktime (0x03)", P::LockTime);
    pub(in crate::pset) const INPUT_COUNT: Field = Field::plain(0x04, "input count (0x04)", P::Value);
    pub(in crate::pset) const OUTPUT_COUNT: Field = Field::plain(0x05, "output count (0x05)", P::Value);
    pub(in crate::pset) const VERSION: Field = Field::plain(0xfb, "version (0xfb)", P::Value);
    /// AMP's request, byte for byte.
    pub(in crate::pset) const REQUEST: Field = Field::proprietary(COLDAMP, 0, "request", P::Value);
    /// The entropy of the request's asset, 32 bytes in internal order.
    pub(in crate::pset) const ENTROPY: Field =
        Field::proprietary(COLDAMP, 1, "entropy of the asset", P::Entropy);
    pub(in crate::pset) const ASSET_METADATA: Field = Field::proprietary(
        elip100::PSET_HWW_PREFIX,
        elip100::PSBT_ELEMENTS_HWW_GLOBAL_ASSET_METADATA,
        "asset metadata (ELIP-100)",
        P::Metadata,
    )
    .with_data(KeyData::AssetId);
    pub(in crate::pset) const TOKEN_METADATA: Field = Field::proprietary(
        elip100::PSET_HWW_PREFIX,
        elip100::PSBT_ELEMENTS_HWW_GLOBAL_REISSUANCE_TOKEN,
        "token metadata (ELIP-100)",
        P::Metadata,
    )
    .with_data(KeyData::AssetId);
    pub(in crate::pset) const GENESIS: Field = Field::pset(0x02, "genesis hash (ELIP-101)", P::Genesis);

    pub(in crate::pset) const KEYS: MapKeys = MapKeys {
        fields: &[
            &TX_VERSION,
            &LOCKTIME,
            &INPUT_COUNT,
            &OUTPUT_COUNT,
            &VERSION,
            &REQUEST,
            &ENTROPY,
            &ASSET_METADATA,
            &TOKEN_METADATA,
            &GENESIS,
        ],
        refused: &[
            Refused::plain(&[0x06], P::Modifiable),
            Refused::pset(&[0x00], P::Scalar),
            Refused::pset(&[0x01], P::Modifiable),
        ],
    };
}

/// An input's map.
pub(super) mod input {
    use super::{COLDAMP, Field, KeyData, MapKeys, P, Refused};

    /// What blinding adds, by the subtype of its `pset` key. See [`crate::pset::Blinding`].
    pub(in crate::pset) const BLINDED: [(u8, &str); 3] = [
        (0x01, "commitment to the reissued amount (0x01)"),
        (0x02, "range proof of the reissued amount (0x02)"),
        (0x0f, "explicit-value proof of the reissued amount (0x0f)"),
    ];

    pub(in crate::pset) const NON_WITNESS_UTXO: Field =
        Field::plain(0x00, "previous transaction (0x00)", P::UtxoTransaction);
    pub(in crate::pset) const WITNESS_UTXO: Field =
        Field::plain(0x01, "witness UTXO (0x01)", P::UtxoCommitment);
    /// The key data is a public key. Only a PSET that others signed may hold it.
    pub(in crate::pset) const PARTIAL_SIGNATURE: Field =
        Field::plain(0x02, "partial signature (0x02)", P::SignaturesPresent).with_data(KeyData::Decoded);
    pub(in crate::pset) const SIGHASH: Field = Field::plain(0x03, "sighash type (0x03)", P::Sighash);
    pub(in crate::pset) const REDEEM_SCRIPT: Field = Field::plain(0x04, "redeem script (0x04)", P::Script);
    pub(in crate::pset) const WITNESS_SCRIPT: Field = Field::plain(0x05, "witness script (0x05)", P::Script);
    /// The key data is a public key.
    pub(in crate::pset) const DERIVATION: Field =
        Field::plain(0x06, "derivation", P::InputDerivation).with_data(KeyData::Decoded);
    pub(in crate::pset) const TXID: Field = Field::plain(0x0e, "previous txid (0x0e)", P::Value).required();
    pub(in crate::pset) const VOUT: Field = Field::plain(0x0f, "output index (0x0f)", P::Value).required();
    pub(in crate::pset) const SEQUENCE: Field = Field::plain(0x10, "sequence (0x10)", P::LockTime);
    pub(in crate::pset) const REQUIRED_TIME: Field =
        Field::plain(0x11, "required time locktime (0x11)", P::LockTime);
    pub(in crate::pset) const REQUIRED_HEIGHT: Field =
        Field::plain(0x12, "required height locktime (0x12)", P::LockTime);
    /// How the coin opens if its range proof does not, see [`crate::treasury::Opening`].
    pub(in crate::pset) const OPENING: Field =
        Field::proprietary(COLDAMP, 1, "opening of the coin", P::UtxoClaim);
    pub(in crate::pset) const ISSUANCE_VALUE: Field = Field::pset(0x00, "issuance value", P::Issuance);
    pub(in crate::pset) const ISSUANCE_NONCE: Field =
        Field::pset(0x0c, "issuance blinding nonce", P::Issuance);
    pub(in crate::pset) const ISSUANCE_ENTROPY: Field =
        Field::pset(0x0d, "issuance asset entropy", P::Issuance);
    pub(in crate::pset) const RANGE_PROOF: Field =
        Field::pset(0x0e, "range proof of the coin (0x0e)", P::UtxoProof);
    pub(in crate::pset) const AMOUNT: Field = Field::pset(0x11, "claimed amount (0x11)", P::UtxoClaim);
    pub(in crate::pset) const VALUE_PROOF: Field = Field::pset(0x12, "value proof (0x12)", P::UtxoClaim);
    pub(in crate::pset) const ASSET: Field = Field::pset(0x13, "claimed asset (0x13)", P::UtxoClaim);
    pub(in crate::pset) const ASSET_PROOF: Field = Field::pset(0x14, "asset proof (0x14)", P::UtxoClaim);
    pub(in crate::pset) const BLINDED_ISSUANCE: Field = Field::pset(0x15, "blinded issuance", P::Issuance);

    pub(in crate::pset) const KEYS: MapKeys = MapKeys {
        fields: &[
            &NON_WITNESS_UTXO,
            &WITNESS_UTXO,
            &SIGHASH,
            &REDEEM_SCRIPT,
            &WITNESS_SCRIPT,
            &DERIVATION,
            &TXID,
            &VOUT,
            &SEQUENCE,
            &REQUIRED_TIME,
            &REQUIRED_HEIGHT,
            &OPENING,
            &ISSUANCE_VALUE,
            &ISSUANCE_NONCE,
            &ISSUANCE_ENTROPY,
            &RANGE_PROOF,
            &AMOUNT,
            &VALUE_PROOF,
            &ASSET,
            &ASSET_PROOF,
            &BLINDED_ISSUANCE,
        ],
        refused: &[
            Refused::plain(
                &[0x02, 0x07, 0x08, 0x0a, 0x0b, 0x0c, 0x0d, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18],
                P::SignaturesPresent,
            ),
            Refused::all_of(COLDAMP, P::SuppliedOpening),
            Refused::bare_pset(&[0x03, 0x0a, 0x0b, 0x10], P::InflationKeys),
            Refused::bare_pset(&[0x04, 0x05, 0x06, 0x07, 0x08, 0x09], P::PegIn),
        ],
    };
}

/// An output's map.
pub(super) mod output {
    use super::{Field, KeyData, MapKeys, P, Refused};

    /// What blinding adds, by the subtype of its `pset` key. See [`crate::pset::Blinding`].
    pub(in crate::pset) const BLINDED: [(u8, &str); 7] = [
        (0x01, "value commitment (0x01)"),
        (0x03, "asset commitment (0x03)"),
        (0x04, "range proof (0x04)"),
        (0x05, "surjection proof (0x05)"),
        (0x07, "ephemeral key (0x07)"),
        (0x09, "explicit-value proof (0x09)"),
        (0x0a, "explicit-asset proof (0x0a)"),
    ];

    pub(in crate::pset) const REDEEM_SCRIPT: Field = Field::plain(0x00, "redeem script (0x00)", P::Script);
    pub(in crate::pset) const WITNESS_SCRIPT: Field = Field::plain(0x01, "witness script (0x01)", P::Script);
    /// The key data is a public key.
    pub(in crate::pset) const DERIVATION: Field =
        Field::plain(0x02, "derivation", P::OutputDerivation).with_data(KeyData::Decoded);
    pub(in crate::pset) const AMOUNT: Field = Field::plain(0x03, "amount (0x03)", P::Value).required();
    pub(in crate::pset) const SCRIPT: Field = Field::plain(0x04, "script (0x04)", P::Value).required();
    pub(in crate::pset) const ASSET: Field = Field::pset(0x02, "asset (0x02)", P::Value).required();
    pub(in crate::pset) const BLINDING_KEY: Field = Field::pset(0x06, "blinding key", P::BlindingKey);
    pub(in crate::pset) const BLINDER_INDEX: Field = Field::pset(0x08, "blinder index", P::BlinderIndex);

    pub(in crate::pset) const KEYS: MapKeys = MapKeys {
        fields: &[
            &REDEEM_SCRIPT,
            &WITNESS_SCRIPT,
            &DERIVATION,
            &AMOUNT,
            &SCRIPT,
            &ASSET,
            &BLINDING_KEY,
            &BLINDER_INDEX,
        ],
        refused: &[Refused::plain(&[0x05, 0x06, 0x07], P::SignaturesPresent)],
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every plain key and every key of the known prefixes, with these key data.
    fn keys(data: &[u8]) -> Vec<Vec<u8>> {
        let plain = (0..=0xff).filter(|kind| *kind != PROPRIETARY).map(|kind| [&[kind], data].concat());
        let prefixes = [COLDAMP, PSET, elip100::PSET_HWW_PREFIX, b"other"];
        let proprietary = prefixes.into_iter().flat_map(|prefix| {
            let length = u8::try_from(prefix.len()).unwrap();
            (0..=0xff).map(move |subtype| [&[PROPRIETARY, length], prefix, &[subtype], data].concat())
        });
        plain.chain(proprietary).collect()
    }

    #[test]
    fn a_map_holds_only_keys_of_one_field_each() {
        for (map, bare, with_asset) in [(&global::KEYS, 8, 2), (&input::KEYS, 21, 1), (&output::KEYS, 8, 1)] {
            for (data, expected) in [(&[][..], bare), (&[7; 32], with_asset)] {
                let keys = keys(data);
                let allowed: Vec<_> = keys.iter().filter(|key| map.problem(key).is_none()).collect();
                assert_eq!(allowed.len(), expected, "{allowed:02x?}");
                for key in allowed {
                    assert_eq!(map.fields.iter().filter(|field| field.is(key)).count(), 1, "{key:02x?}");
                }
            }
        }
    }

    #[test]
    fn a_key_that_is_broken_or_has_other_data_is_refused() {
        for key in [&b""[..], b"\xfc", b"\xfc\x04pse", b"\xfc\x04pset", b"\xfd\x00", b"\x02\x00"] {
            for map in [&global::KEYS, &input::KEYS] {
                assert!(map.problem(key).is_some(), "{key:02x?}");
            }
        }
        let opening = [b"\xfc\x07coldamp\x01", &[0; 32][..]].concat();
        assert_eq!(input::KEYS.problem(&opening), Some(P::SuppliedOpening));
    }
}
