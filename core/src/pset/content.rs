//! What a PSET does, as one canonical string, and its hash.
//!
//! The hash keys blinding and approval, so it covers exactly what the blinder reads and no more (docs/rules.md#content):
//! two PSETs of equal content give the same transaction, and no two different transactions share a secret.
//!
//! ```text
//! content = policy asset 32 ‖ tx version u32 ‖ locktime u32 ‖ SHA256(request)
//!         ‖ n u32 ‖ n × (outpoint 36 ‖ sequence u32 ‖ spent TxOut ‖ 00 | 01 ‖ kind ‖ amount u64 ‖ nonce 32 ‖ entropy 32)
//!         ‖ n u32 ‖ n × (asset 32 ‖ amount u64 ‖ u32 ‖ script ‖ 00 | 01 ‖ blinding key 33)
//! ```
//!
//! Integers are little-endian; ids, nonce and entropy are in internal byte order; kind is 0 explicit, 1 blinded.

use elements::hashes::sha256;
use elements::secp256k1_zkp;
use elements::{AssetBlindingNonce, AssetEntropy, AssetId, OutPoint, Script, TxOut, encode};

use super::fields::UnsignedPset;
use crate::treasury::IssuanceKind;
use crate::units::AssetAmount;

/// What a PSET does: all that the blinder may read besides keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// L-BTC: tells networks apart.
    pub policy_asset: AssetId,
    /// Transaction version.
    pub tx_version: u32,
    /// Effective locktime.
    pub locktime: u32,
    /// SHA-256 of AMP's request, byte for byte. Without these bytes, nobody who learns the view key later can guess the content.
    pub request_hash: [u8; 32],
    /// What is spent.
    pub inputs: Vec<ContentInput>,
    /// What is paid.
    pub outputs: Vec<ContentOutput>,
}

/// An input of the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentInput {
    /// What it spends, without flags.
    pub outpoint: OutPoint,
    /// Effective sequence.
    pub sequence: u32,
    /// The output spent, without proofs.
    pub spent: TxOut,
    /// The reissuance it carries.
    pub issuance: Option<ContentIssuance>,
}

/// A reissuance of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentIssuance {
    /// Whether the amount gets blinded.
    pub kind: IssuanceKind,
    /// The amount, in base units.
    pub amount: AssetAmount,
    /// The token's asset blinding factor.
    pub nonce: AssetBlindingNonce,
    /// The asset's entropy.
    pub entropy: AssetEntropy,
}

/// An output of the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentOutput {
    /// The asset.
    pub asset: AssetId,
    /// The amount, in base units.
    pub amount: AssetAmount,
    /// The script; empty for the fee.
    pub script_pubkey: Script,
    /// The key it gets blinded to; none if it stays explicit.
    pub blinding_key: Option<secp256k1_zkp::PublicKey>,
}

/// SHA-256 of the canonical string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ContentHash(pub [u8; 32]);

impl Content {
    /// The content of a PSET together with the request it answers. `None` where a field that counts is missing.
    pub fn of(pset: &UnsignedPset, policy_asset: AssetId, request: &[u8]) -> Option<Self> {
        let mut inputs = Vec::with_capacity(pset.inputs.len());
        for input in &pset.inputs {
            let issuance = match &input.issuance {
                None => None,
                Some(claimed) => Some(ContentIssuance {
                    kind: match claimed.blinded_flag {
                        None => IssuanceKind::Blinded,
                        Some(0) => IssuanceKind::Explicit,
                        Some(_) => return None,
                    },
                    amount: AssetAmount::from_base_units(claimed.amount?),
                    nonce: claimed.nonce,
                    entropy: claimed.entropy?,
                }),
            };
            inputs.push(ContentInput {
                outpoint: input.outpoint,
                sequence: input.sequence,
                spent: input.witness_utxo.clone()?,
                issuance,
            });
        }
        let outputs = pset.outputs.iter().map(|output| ContentOutput {
            asset: output.asset,
            amount: AssetAmount::from_base_units(output.amount),
            script_pubkey: output.script_pubkey.clone(),
            blinding_key: output.blinding_key,
        });
        Some(Content {
            policy_asset,
            tx_version: pset.tx_version,
            locktime: pset.locktime,
            request_hash: sha256::Hash::hash(request).to_byte_array(),
            outputs: outputs.collect(),
            inputs,
        })
    }

    /// Where two contents first differ: the name of the place, for a message. `None` if they are equal.
    pub fn first_difference(&self, other: &Content) -> Option<String> {
        let fields = [
            ("the policy asset", self.policy_asset == other.policy_asset),
            ("the transaction version", self.tx_version == other.tx_version),
            ("the locktime", self.locktime == other.locktime),
            ("the request", self.request_hash == other.request_hash),
            ("the number of inputs", self.inputs.len() == other.inputs.len()),
            ("the number of outputs", self.outputs.len() == other.outputs.len()),
        ];
        let field = fields.into_iter().find(|(_, same)| !same).map(|(name, _)| name.to_owned());
        let input = || self.inputs.iter().zip(&other.inputs).position(|(one, other)| one != other);
        let output = || self.outputs.iter().zip(&other.outputs).position(|(one, other)| one != other);
        field
            .or_else(|| input().map(|index| format!("input {index}")))
            .or_else(|| output().map(|index| format!("output {index}")))
    }

    /// The canonical string.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend(self.policy_asset.into_tag().as_ref());
        out.extend(self.tx_version.to_le_bytes());
        out.extend(self.locktime.to_le_bytes());
        out.extend(self.request_hash);
        out.extend(count(self.inputs.len()));
        for input in &self.inputs {
            out.extend(encode::serialize(&input.outpoint));
            out.extend(input.sequence.to_le_bytes());
            out.extend(encode::serialize(&input.spent));
            match &input.issuance {
                None => out.push(0),
                Some(issuance) => {
                    out.extend([1, issuance.kind.byte()]);
                    out.extend(issuance.amount.base_units().to_le_bytes());
                    out.extend(issuance.nonce.to_byte_array());
                    out.extend(issuance.entropy.to_byte_array());
                }
            }
        }
        out.extend(count(self.outputs.len()));
        for output in &self.outputs {
            out.extend(output.asset.into_tag().as_ref());
            out.extend(output.amount.base_units().to_le_bytes());
            out.extend(count(output.script_pubkey.len()));
            out.extend(output.script_pubkey.as_bytes());
            match &output.blinding_key {
                None => out.push(0),
                Some(key) => {
                    out.push(1);
                    out.extend(key.serialize());
                }
            }
        }
        out
    }

    /// SHA-256 of the canonical string.
    pub fn hash(&self) -> ContentHash {
        ContentHash(sha256::Hash::hash(&self.encode()).to_byte_array())
    }
}

/// A count or length as u32. Files are at most 4 MiB, so none is larger. A larger one would be written as `u32::MAX`, and not
/// truncated to a smaller one.
fn count(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes()
}
