//! The typed fields of an unsigned PSET. They are what the file **claims**. The review checks every claim.

use std::collections::BTreeMap;

use elements::bitcoin::PublicKey;
use elements::bitcoin::bip32::KeySource;
use elements::encode;
use elements::pset::PartiallySignedTransaction;
use elements::secp256k1_zkp;
use elements::{AssetBlindingNonce, AssetEntropy, AssetId, BlockHash, OutPoint, RangeProof, Script};
use elements::{SurjectionProof, Transaction, TxOut, Txid};

use super::allowed::{FieldError, KeyProblem, Problems};
use super::blinding::Blinding;
use super::decode::{Fields, consensus, hex, rangeproof, script, u32_le, u64_le};
use super::keys::{Key, global};
use super::metadata::ClaimedMetadata;
use super::pairs::{self, Maps, Pair, ParseError};
use crate::treasury::Opening;

/// The fields of an unsigned PSET, and everything in its raw pairs that is not allowed.
#[derive(Debug, Clone, PartialEq)]
pub struct UnsignedPset {
    /// AMP's request, if the PSET carries one.
    pub request: Option<Vec<u8>>,
    /// The hash of the genesis block that it names (ELIP-101).
    pub genesis: Option<BlockHash>,
    /// What it says about the asset and its token.
    pub metadata: ClaimedMetadata,
    /// Transaction version.
    pub tx_version: u32,
    /// Locktime; 0 if absent. The review refuses an input that requires its own locktime.
    pub locktime: u32,
    /// The inputs, in order.
    pub inputs: Vec<ClaimedInput>,
    /// The outputs, in order.
    pub outputs: Vec<ClaimedOutput>,
    /// What of it is blinded already: nothing, or exactly the fields that this treasury's view key makes.
    pub blinding: Blinding,
    /// Every key that is not allowed, and every value that does not decode.
    pub problems: Vec<FieldError>,
}

/// An input's fields.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedInput {
    /// The coin that it spends, without flags.
    pub outpoint: OutPoint,
    /// Sequence number; 0xffffffff when absent (BIP-370).
    pub sequence: u32,
    /// Whether it requires its own locktime.
    pub requires_locktime: bool,
    /// The output spent, without its proofs.
    pub witness_utxo: Option<TxOut>,
    /// The whole previous transaction, if given.
    pub non_witness_utxo: Option<Transaction>,
    /// The range proof of the output spent.
    pub rangeproof: RangeProof,
    /// The sighash type that it asks for.
    pub sighash: Option<u32>,
    /// Redeem script of sh(wpkh) and sh(wsh).
    pub redeem_script: Option<Script>,
    /// Witness script of wsh and sh(wsh).
    pub witness_script: Option<Script>,
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
    /// The claimed opening of the coin, for a coin whose range proof does not open.
    pub opening: Option<Opening>,
    /// The issuance fields. `None` if the input has none of them.
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
    /// The amount, in base units.
    pub amount: u64,
    /// The script; empty for the fee.
    pub script_pubkey: Script,
    /// The key to blind it to; absent for an output that stays explicit.
    pub blinding_key: Option<secp256k1_zkp::PublicKey>,
    /// The input whose owner blinds it.
    pub blinder_index: Option<u32>,
    /// Redeem script of an own sh(wpkh) or sh(wsh) output.
    pub redeem_script: Option<Script>,
    /// Witness script of an own wsh or sh(wsh) output.
    pub witness_script: Option<Script>,
    /// Keys and where they are claimed to derive from.
    pub derivations: BTreeMap<PublicKey, KeySource>,
}

impl UnsignedPset {
    /// Reads a PSET file, base64 text or binary.
    ///
    /// Keys and values that are not allowed are collected in [`UnsignedPset::problems`], so that a review can list them all.
    /// A PSET without problems is also read by rust-elements, which must write the same pairs again.
    ///
    /// # Errors
    /// When the bytes are not a PSET, or rust-elements reads something else.
    pub fn read(file: &[u8]) -> Result<Self, ParseError> {
        let binary = pairs::pset_binary(file)?;
        let mut maps = pairs::split(&binary)?;
        let pset = Self::from_maps(&mut maps);
        if pset.problems.is_empty() {
            second_reader_agrees(maps)?;
        }
        Ok(pset)
    }

    /// Whether every output that is to be blinded is. Whether it is blinded rightly is for a review to say.
    pub fn is_blinded(&self) -> bool {
        let outputs = self.outputs.iter().enumerate();
        !self.blinding.is_empty()
            && outputs
                .filter(|(_, output)| output.blinding_key.is_some())
                .all(|(index, _)| self.blinding.has_output(index))
    }

    /// Reads the maps. What is blinded is taken out of them.
    pub(super) fn from_maps(maps: &mut Maps) -> Self {
        let blinding = Blinding::take_from(maps);
        let mut problems = Problems::default();
        for (place, key) in &maps.duplicates.listed {
            problems.push(|| FieldError::new(place, KeyProblem::Duplicate, hex(key)));
        }
        problems.count(maps.duplicates.more);
        let mut global = Fields::new("global map", &maps.global, &mut problems, &global::KEYS);
        let tx_version = global.read(&global::TX_VERSION, u32_le).unwrap_or_default();
        let locktime = global.read(&global::LOCKTIME, u32_le);
        let request = global.read(&global::REQUEST, |value| Some(value.to_vec()));
        let genesis = global
            .read(&global::GENESIS, |value| <[u8; 32]>::try_from(value).ok().map(BlockHash::from_byte_array));
        let metadata = ClaimedMetadata::read(&mut global);
        let inputs = maps.inputs.iter().enumerate();
        let inputs = inputs
            .map(|(index, pairs)| ClaimedInput::from_pairs(index, pairs, &blinding, &mut problems))
            .collect();
        let outputs = maps.outputs.iter().enumerate();
        let outputs =
            outputs.map(|(index, pairs)| ClaimedOutput::from_pairs(index, pairs, &mut problems)).collect();
        let locktime = locktime.unwrap_or_default();
        let problems = problems.into_listed();
        UnsignedPset { request, genesis, metadata, tx_version, locktime, inputs, outputs, blinding, problems }
    }
}

impl ClaimedInput {
    fn from_pairs(index: usize, pairs: &[Pair], blinding: &Blinding, problems: &mut Problems) -> Self {
        use super::keys::input as keys;
        use KeyProblem as P;
        let place = format!("input {index}");
        let mut fields = Fields::new(&place, pairs, problems, &keys::KEYS);
        let txid =
            fields.read(&keys::TXID, |value| <[u8; 32]>::try_from(value).ok().map(Txid::from_byte_array));
        let vout = fields.read(&keys::VOUT, u32_le).unwrap_or_default();
        // On the wire the two highest bits of an index are flags (elements primitives/transaction.h).
        for (flag, problem) in [(1 << 30, P::PegIn), (1 << 31, P::IssuanceFlag)] {
            if vout & flag != 0 {
                fields.report(problem, keys::VOUT.name);
            }
        }
        let issuance = ClaimedIssuance {
            amount: fields.read(&keys::ISSUANCE_VALUE, u64_le),
            nonce: fields.read(&keys::ISSUANCE_NONCE, consensus).unwrap_or_default(),
            entropy: fields.read(&keys::ISSUANCE_ENTROPY, consensus),
            blinded_flag: fields.read(&keys::BLINDED_ISSUANCE, |value| match value {
                [flag] => Some(*flag),
                _ => None,
            }),
        };
        let has_issuance_key = |pair: &Pair| Key::split(&pair.key).is_of_issuance();
        let required_time = fields.read(&keys::REQUIRED_TIME, u32_le);
        let required_height = fields.read(&keys::REQUIRED_HEIGHT, u32_le);
        ClaimedInput {
            outpoint: OutPoint::new(
                txid.unwrap_or_else(|| Txid::from_byte_array([0; 32])),
                vout & 0x3fff_ffff,
            ),
            sequence: fields.read(&keys::SEQUENCE, u32_le).unwrap_or(u32::MAX),
            requires_locktime: required_time.is_some() || required_height.is_some(),
            witness_utxo: fields.read(&keys::WITNESS_UTXO, consensus),
            non_witness_utxo: fields.read(&keys::NON_WITNESS_UTXO, consensus),
            rangeproof: fields.read(&keys::RANGE_PROOF, rangeproof).unwrap_or(RangeProof::EMPTY),
            sighash: fields.read(&keys::SIGHASH, u32_le),
            redeem_script: fields.read(&keys::REDEEM_SCRIPT, script),
            witness_script: fields.read(&keys::WITNESS_SCRIPT, script),
            derivations: fields.derivations(&keys::DERIVATION),
            claimed_amount: fields.read(&keys::AMOUNT, u64_le),
            value_proof: fields.read(&keys::VALUE_PROOF, rangeproof),
            claimed_asset: fields.read(&keys::ASSET, consensus),
            asset_proof: fields.read(&keys::ASSET_PROOF, |value| {
                SurjectionProof::from_slice(value).ok().filter(|proof| !proof.is_empty())
            }),
            opening: fields.read(&keys::OPENING, Opening::from_bytes),
            issuance: (pairs.iter().any(has_issuance_key) || blinding.has_issuance(index))
                .then_some(issuance),
        }
    }
}

impl ClaimedOutput {
    fn from_pairs(index: usize, pairs: &[Pair], problems: &mut Problems) -> Self {
        use super::keys::output as keys;
        let place = format!("output {index}");
        let mut fields = Fields::new(&place, pairs, problems, &keys::KEYS);
        let blinding_key = fields.read(&keys::BLINDING_KEY, |value| {
            (value.len() == 33).then(|| secp256k1_zkp::PublicKey::from_slice(value).ok()).flatten()
        });
        let blinder_index = fields.read(&keys::BLINDER_INDEX, u32_le);
        if fields.has(&keys::BLINDING_KEY) != blinder_index.is_some() {
            fields.report(KeyProblem::BlinderIndex, "blinder index (0x08)");
        }
        let asset = fields.read(&keys::ASSET, consensus);
        ClaimedOutput {
            asset: asset.unwrap_or_else(|| AssetId::from_byte_array([0; 32])),
            amount: fields.read(&keys::AMOUNT, u64_le).unwrap_or_default(),
            script_pubkey: fields.read(&keys::SCRIPT, script).unwrap_or_default(),
            blinding_key,
            blinder_index,
            redeem_script: fields.read(&keys::REDEEM_SCRIPT, script),
            witness_script: fields.read(&keys::WITNESS_SCRIPT, script),
            derivations: fields.derivations(&keys::DERIVATION),
        }
    }
}

/// Checks that rust-elements reads the PSET and writes the same pairs again. Otherwise a field could have two meanings.
///
/// What is blinded is no longer in the maps. It is compared, byte for byte, with what the Blinder makes.
pub(super) fn second_reader_agrees(maps: Maps) -> Result<(), ParseError> {
    let disagree = |reason: String| ParseError::SecondReader { reason };
    let decoded: PartiallySignedTransaction =
        encode::deserialize(&pairs::join(&maps)).map_err(|error| disagree(error.to_string()))?;
    let again = pairs::split(&encode::serialize(&decoded))?;
    let all =
        |maps: Maps| std::iter::once(maps.global).chain(maps.inputs).chain(maps.outputs).collect::<Vec<_>>();
    let (read, written) = (all(maps), all(again));
    // Without problems a map has few pairs, each key once.
    let is_same = |(one, other): (&Vec<Pair>, &Vec<Pair>)| {
        one.len() == other.len() && one.iter().all(|pair| other.contains(pair))
    };
    if read.len() != written.len() || !read.iter().zip(&written).all(is_same) {
        return Err(disagree("rust-elements writes other pairs than it read".to_owned()));
    }
    Ok(())
}
