//! The typed fields of an unsigned PSET. Everything here is what the file **claims**; review turns claims into facts.

use std::collections::BTreeMap;

use elements::bitcoin::PublicKey;
use elements::bitcoin::bip32::KeySource;
use elements::encode;
use elements::pset::PartiallySignedTransaction;
use elements::secp256k1_zkp;
use elements::{AssetBlindingNonce, AssetEntropy, AssetId, BlockHash, OutPoint, RangeProof, Script};
use elements::{SurjectionProof, Transaction, TxOut, Txid};

use super::allowed::{FieldError, Key, KeyProblem, Problems};
use super::decode::{Fields, consensus, hex, proprietary, rangeproof, script, u32_le, u64_le};
use super::metadata::ClaimedMetadata;
use super::pairs::{self, Maps, Pair, ParseError};
use crate::treasury::Opening;

/// An unsigned PSET as read, with all that its raw pairs hold beyond what is allowed.
#[derive(Debug, Clone, PartialEq)]
pub struct UnsignedPset {
    /// AMP's request, if the PSET carries one.
    pub request: Option<Vec<u8>>,
    /// The chain it names (ELIP-101).
    pub genesis: Option<BlockHash>,
    /// What it says of the asset and its token.
    pub metadata: ClaimedMetadata,
    /// Transaction version.
    pub tx_version: u32,
    /// Locktime, 0 when absent. Inputs that ask for one of their own are refused.
    pub locktime: u32,
    /// What it spends.
    pub inputs: Vec<ClaimedInput>,
    /// What it pays.
    pub outputs: Vec<ClaimedOutput>,
    /// Every key that an unsigned PSET of ours never holds, and every value that does not decode.
    pub problems: Vec<FieldError>,
}

/// An input's fields.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedInput {
    /// What it spends, flags removed.
    pub outpoint: OutPoint,
    /// Sequence number; 0xffffffff when absent (BIP-370).
    pub sequence: u32,
    /// Whether it asks for a locktime of its own.
    pub requires_locktime: bool,
    /// The output spent, without its proofs.
    pub witness_utxo: Option<TxOut>,
    /// The whole previous transaction, if given.
    pub non_witness_utxo: Option<Transaction>,
    /// The range proof of the output spent.
    pub rangeproof: RangeProof,
    /// Asked-for sighash type.
    pub sighash: Option<u32>,
    /// Redeem script of sh(wpkh).
    pub redeem_script: Option<Script>,
    /// Keys and where they are claimed to derive from.
    pub derivations: BTreeMap<PublicKey, KeySource>,
    /// Claimed amount (0x11).
    pub claimed_amount: Option<u64>,
    /// Proof of the claimed amount (0x12).
    pub value_proof: Option<RangeProof>,
    /// Claimed asset (0x13).
    pub claimed_asset: Option<AssetId>,
    /// Proof of the claimed asset (0x14).
    pub asset_proof: Option<SurjectionProof>,
    /// How the coin is claimed to open, for where its range proof does not.
    pub opening: Option<Opening>,
    /// Issuance fields, if the input has any at all.
    pub issuance: Option<ClaimedIssuance>,
}

/// The issuance fields of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClaimedIssuance {
    /// Reissued amount in base units.
    pub amount: Option<u64>,
    /// The token's asset blinding factor; all zero would mean a new issuance.
    pub nonce: AssetBlindingNonce,
    /// The asset's entropy.
    pub entropy: Option<AssetEntropy>,
    /// Field 0x15: 0 for an amount that stays explicit, absent for one to be blinded.
    pub blinded_flag: Option<u8>,
}

/// An output's fields.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedOutput {
    /// The asset.
    pub asset: AssetId,
    /// Base units.
    pub amount: u64,
    /// The script; empty for the fee.
    pub script_pubkey: Script,
    /// The key to blind it to; absent for an output that stays explicit.
    pub blinding_key: Option<secp256k1_zkp::PublicKey>,
    /// The input whose owner blinds it.
    pub blinder_index: Option<u32>,
    /// Redeem script of an own sh(wpkh) output.
    pub redeem_script: Option<Script>,
    /// Keys and where they are claimed to derive from.
    pub derivations: BTreeMap<PublicKey, KeySource>,
}

impl UnsignedPset {
    /// Reads a PSET file, base64 text or binary.
    ///
    /// What a PSET may not hold is collected in [`UnsignedPset::problems`], so that a review can list all of it.
    /// Only a PSET without problems is shown to the second reader, rust-elements, which must read and write the same pairs.
    ///
    /// # Errors
    /// When the bytes are no PSET, or the second reader does not agree.
    pub fn read(file: &[u8]) -> Result<Self, ParseError> {
        let binary = pairs::to_binary(file)?;
        let maps = pairs::split(&binary)?;
        let pset = Self::from_maps(&maps);
        if pset.problems.is_empty() {
            second_reader_agrees(&binary, maps)?;
        }
        Ok(pset)
    }

    fn from_maps(maps: &Maps) -> Self {
        let mut problems = Problems::default();
        for (place, key) in &maps.duplicates.listed {
            problems.push(|| FieldError::new(place, KeyProblem::Duplicate, hex(key)));
        }
        problems.count(maps.duplicates.more);
        let mut global = Fields::new("global map", &maps.global, &mut problems, |key| key.global_problem());
        let tx_version =
            global.required(&[0x02], "tx version (0x02)", KeyProblem::LockTime, u32_le).unwrap_or_default();
        let locktime = global.optional(&[0x03], "fallback locktime (0x03)", KeyProblem::LockTime, u32_le);
        let request = global.optional(
            &proprietary(super::COLDAMP_PREFIX, super::COLDAMP_GLOBAL_REQUEST),
            "request",
            KeyProblem::Value,
            |value| Some(value.to_vec()),
        );
        let genesis = global.optional(
            &proprietary(b"pset", super::PSET_GLOBAL_GENESIS),
            "genesis hash (ELIP-101)",
            KeyProblem::Genesis,
            |value| <[u8; 32]>::try_from(value).ok().map(BlockHash::from_byte_array),
        );
        let metadata = ClaimedMetadata::read(&mut global);
        let inputs = maps.inputs.iter().enumerate();
        let inputs =
            inputs.map(|(index, pairs)| ClaimedInput::from_pairs(index, pairs, &mut problems)).collect();
        let outputs = maps.outputs.iter().enumerate();
        let outputs =
            outputs.map(|(index, pairs)| ClaimedOutput::from_pairs(index, pairs, &mut problems)).collect();
        let locktime = locktime.unwrap_or_default();
        let problems = problems.into_listed();
        UnsignedPset { request, genesis, metadata, tx_version, locktime, inputs, outputs, problems }
    }
}

impl ClaimedInput {
    fn from_pairs(index: usize, pairs: &[Pair], problems: &mut Problems) -> Self {
        use KeyProblem as P;
        let place = format!("input {index}");
        let mut fields = Fields::new(&place, pairs, problems, |key| key.input_problem());
        let txid = fields.required(&[0x0e], "previous txid (0x0e)", P::Value, |value| {
            <[u8; 32]>::try_from(value).ok().map(Txid::from_byte_array)
        });
        let vout = fields.required(&[0x0f], "output index (0x0f)", P::Value, u32_le).unwrap_or_default();
        // On the wire the two highest bits of an index are flags (elements primitives/transaction.h).
        for (flag, problem) in [(1 << 30, P::PegIn), (1 << 31, P::IssuanceFlag)] {
            if vout & flag != 0 {
                fields.report(problem, "output index (0x0f)");
            }
        }
        let issuance = ClaimedIssuance {
            amount: fields.optional(&proprietary(b"pset", 0x00), "issuance value", P::Issuance, u64_le),
            nonce: fields
                .optional(&proprietary(b"pset", 0x0c), "issuance blinding nonce", P::Issuance, consensus)
                .unwrap_or_default(),
            entropy: fields.optional(
                &proprietary(b"pset", 0x0d),
                "issuance asset entropy",
                P::Issuance,
                consensus,
            ),
            blinded_flag: fields.optional(
                &proprietary(b"pset", 0x15),
                "blinded issuance",
                P::Issuance,
                |value| match value {
                    [flag] => Some(*flag),
                    _ => None,
                },
            ),
        };
        let has_issuance_key = |pair: &Pair| match Key::split(&pair.key) {
            Key::Proprietary { prefix: b"pset", subtype, .. } => {
                matches!(subtype, 0x00..=0x03 | 0x0a..=0x0d | 0x0f | 0x10 | 0x15)
            }
            _ => false,
        };
        let required_time = fields.optional(&[0x11], "required time locktime (0x11)", P::LockTime, u32_le);
        let required_height =
            fields.optional(&[0x12], "required height locktime (0x12)", P::LockTime, u32_le);
        ClaimedInput {
            outpoint: OutPoint::new(
                txid.unwrap_or_else(|| Txid::from_byte_array([0; 32])),
                vout & 0x3fff_ffff,
            ),
            sequence: fields.optional(&[0x10], "sequence (0x10)", P::LockTime, u32_le).unwrap_or(u32::MAX),
            requires_locktime: required_time.is_some() || required_height.is_some(),
            witness_utxo: fields.optional(&[0x01], "witness UTXO (0x01)", P::UtxoCommitment, consensus),
            non_witness_utxo: fields.optional(
                &[0x00],
                "previous transaction (0x00)",
                P::UtxoTransaction,
                consensus,
            ),
            rangeproof: fields
                .optional(
                    &proprietary(b"pset", 0x0e),
                    "range proof of the coin (0x0e)",
                    P::UtxoProof,
                    rangeproof,
                )
                .unwrap_or(RangeProof::EMPTY),
            sighash: fields.optional(&[0x03], "sighash type (0x03)", P::Sighash, u32_le),
            redeem_script: fields.optional(&[0x04], "redeem script (0x04)", P::Script, script),
            derivations: fields.derivations(0x06, P::InputDerivation),
            claimed_amount: fields.optional(
                &proprietary(b"pset", 0x11),
                "claimed amount (0x11)",
                P::UtxoClaim,
                u64_le,
            ),
            value_proof: fields.optional(
                &proprietary(b"pset", 0x12),
                "value proof (0x12)",
                P::UtxoClaim,
                rangeproof,
            ),
            claimed_asset: fields.optional(
                &proprietary(b"pset", 0x13),
                "claimed asset (0x13)",
                P::UtxoClaim,
                consensus,
            ),
            asset_proof: fields.optional(
                &proprietary(b"pset", 0x14),
                "asset proof (0x14)",
                P::UtxoClaim,
                |value| SurjectionProof::from_slice(value).ok().filter(|proof| !proof.is_empty()),
            ),
            opening: fields.optional(
                &proprietary(super::COLDAMP_PREFIX, super::COLDAMP_INPUT_OPENING),
                "opening of the coin",
                P::UtxoClaim,
                Opening::from_bytes,
            ),
            issuance: pairs.iter().any(has_issuance_key).then_some(issuance),
        }
    }
}

impl ClaimedOutput {
    fn from_pairs(index: usize, pairs: &[Pair], problems: &mut Problems) -> Self {
        use KeyProblem as P;
        let place = format!("output {index}");
        let mut fields = Fields::new(&place, pairs, problems, |key| key.output_problem());
        let blinding_key =
            fields.optional(&proprietary(b"pset", 0x06), "blinding key", P::BlindingKey, |value| {
                (value.len() == 33).then(|| secp256k1_zkp::PublicKey::from_slice(value).ok()).flatten()
            });
        let blinder_index =
            fields.optional(&proprietary(b"pset", 0x08), "blinder index", P::BlinderIndex, u32_le);
        let marked = pairs.iter().any(|pair| pair.key == proprietary(b"pset", 0x06));
        if marked != blinder_index.is_some() {
            fields.report(P::BlinderIndex, "blinder index (0x08)");
        }
        let asset = fields.required(&proprietary(b"pset", 0x02), "asset (0x02)", P::Value, consensus);
        ClaimedOutput {
            asset: asset.unwrap_or_else(|| AssetId::from_byte_array([0; 32])),
            amount: fields.required(&[0x03], "amount (0x03)", P::Value, u64_le).unwrap_or_default(),
            script_pubkey: fields.required(&[0x04], "script (0x04)", P::Value, script).unwrap_or_default(),
            blinding_key,
            blinder_index,
            redeem_script: fields.optional(&[0x00], "redeem script (0x00)", P::Script, script),
            derivations: fields.derivations(0x02, P::OutputDerivation),
        }
    }
}

/// rust-elements must take the PSET and, writing it again, give the same pairs: then no field means two things.
fn second_reader_agrees(binary: &[u8], maps: Maps) -> Result<(), ParseError> {
    let disagree = |reason: String| ParseError::SecondReader { reason };
    let decoded: PartiallySignedTransaction =
        encode::deserialize(binary).map_err(|error| disagree(error.to_string()))?;
    let again = pairs::split(&encode::serialize(&decoded))?;
    let sorted = |maps: Maps| {
        let all = std::iter::once(maps.global).chain(maps.inputs).chain(maps.outputs);
        all.map(|mut pairs| {
            pairs.sort();
            pairs
        })
        .collect::<Vec<_>>()
    };
    if sorted(maps) != sorted(again) {
        return Err(disagree("rust-elements writes other pairs than it read".to_owned()));
    }
    Ok(())
}
