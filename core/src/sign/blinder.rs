//! Blinder: a pure function of content and keys.
//!
//! Every secret is an HMAC of the master blinding key, the content's hash, and the secret's name and index ([`BlindingSeed`]).
//! Equal contents make the same transaction, byte for byte. Different contents have unrelated secrets. rust-elements' own
//! blinder cannot be used: it draws its secrets in its own order, and refuses blinded issuance amounts.

mod pset;
mod secrets;
mod surjection;
mod txid;

use elements::confidential::{Asset, AssetBlindingFactor, Nonce, Value, ValueBlindingFactor};
use elements::opcodes::all::OP_RETURN;
use elements::secp256k1_zkp::{PublicKey, SecretKey};
use elements::{
    AssetId, AssetIssuance, LockTime, OutPoint, RangeProof, RangeProofMessage, Script, Sequence,
    SurjectionProof, Transaction, TxIn, TxInWitness, TxOut, TxOutSecrets, TxOutWitness,
};

use super::review::{CheckedPset, Effects};
use crate::Secp;
use crate::pset::{Content, ContentInput, ContentOutput};
use crate::treasury::{CtDescriptor, IssuanceIds, IssuanceKind};
pub(super) use pset::blinding_of;
pub use pset::{BlindedPsetError, blinded_pset};
pub use secrets::BlindingSeed;
use surjection::{Domain, KnownAsset};
pub(super) use txid::txid_of;

/// A blinded, unsigned transaction and how its commitments open.
#[derive(Clone)]
pub struct Blinded {
    pub(super) transaction: Transaction,
    pub(super) openings: Openings,
}

/// The secrets of a blinded transaction. It has no Debug: with them every amount is readable.
#[derive(Clone)]
pub struct Openings {
    /// The opening of each output, in order. `None` where the output stays explicit.
    pub(super) outputs: Vec<Option<OutputOpening>>,
    /// The opening of the reissued amount.
    pub(super) issuance: Option<IssuanceOpening>,
}

/// How a reissued amount opens.
#[derive(Clone, Copy)]
pub(super) struct IssuanceOpening {
    /// The input that reissues.
    pub(super) input: usize,
    /// The amount, in base units.
    pub(super) amount: u64,
    /// The blinding factor of the amount. Zero for an explicit amount.
    pub(super) value_bf: ValueBlindingFactor,
}

/// An input, and the blinding factor of the amount that it reissues.
struct BlindedInput {
    txin: TxIn,
    issuance_bf: Option<ValueBlindingFactor>,
}

impl BlindedInput {
    /// How the amount opens that this input, the one at `index`, reissues.
    fn issuance(&self, index: usize, content: &ContentInput) -> Option<IssuanceOpening> {
        let amount = content.issuance.as_ref()?.amount.base_units();
        self.issuance_bf.map(|value_bf| IssuanceOpening { input: index, amount, value_bf })
    }
}

/// How one output opens.
#[derive(Clone)]
pub(super) struct OutputOpening {
    pub(super) secrets: TxOutSecrets,
    pub(super) ephemeral: SecretKey,
    pub(super) receiver: PublicKey,
}

/// Why blinding failed. For a checked PSET only a failing library can cause one of these.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BlindError {
    /// An input was not opened.
    #[error("input {index} was not opened")]
    InputNotOpened {
        /// The index of the input.
        index: usize,
    },
    /// There is no output to blind, so the blinding factors of the amounts cannot be balanced.
    #[error("no output is to be blinded")]
    NothingToBlind,
    /// No seed gave a surjection proof.
    #[error("output {index}: no surjection proof found in {tries} tries")]
    Surjection {
        /// The index of the output.
        index: usize,
        /// How many seeds were tried.
        tries: u32,
    },
    /// The library took more or less randomness than the one seed that it is known to take.
    #[error("{place}: the library did not draw exactly one seed")]
    NotOneSeed {
        /// What was being blinded.
        place: String,
    },
    /// The library returned an error.
    #[error("{place}: {reason}")]
    Library {
        /// What was being blinded.
        place: String,
        /// The library's message.
        reason: String,
    },
}

/// Blinds a checked PSET.
pub struct Blinder<'a> {
    secp: &'a Secp,
    content: &'a Content,
    descriptor: &'a CtDescriptor,
    seed: BlindingSeed,
    inputs: Vec<TxOutSecrets>,
}

impl<'a> Blinder<'a> {
    /// Takes the content, the keys and the opened inputs of a checked PSET.
    ///
    /// # Errors
    /// When an input was not opened.
    pub fn new(secp: &'a Secp, checked: &'a CheckedPset) -> Result<Self, BlindError> {
        Self::of(secp, checked.content(), checked.descriptor(), checked.effects())
    }

    fn of(
        secp: &'a Secp,
        content: &'a Content,
        descriptor: &'a CtDescriptor,
        effects: &Effects,
    ) -> Result<Self, BlindError> {
        let opened = effects.inputs.iter().enumerate();
        let inputs = opened.map(|(index, input)| input.secrets.ok_or(BlindError::InputNotOpened { index }));
        let seed = BlindingSeed::new(&descriptor.master_blinding_key(), &content.hash());
        Ok(Blinder { secp, content, descriptor, seed, inputs: inputs.collect::<Result<_, _>>()? })
    }

    /// Makes the transaction.
    ///
    /// # Errors
    /// When a library fails.
    pub fn blind(self) -> Result<Blinded, BlindError> {
        let mut inputs = Vec::with_capacity(self.content.inputs.len());
        let mut issuance = None;
        for (index, input) in self.content.inputs.iter().enumerate() {
            let blinded = self.input(index, input)?;
            issuance = blinded.issuance(index, input).or(issuance);
            inputs.push(blinded.txin);
        }
        let openings = self.openings(issuance)?;
        let domain = self.surjection_domain();
        // Here the time of a signing goes. The secrets of an output follow from its index, so each output can be made alone.
        let outputs: Vec<_> = self.content.outputs.iter().zip(&openings).enumerate().collect();
        let outputs = self.secp.threads().try_map(&outputs, |(index, (output, opening))| match opening {
            Some(opening) => self.blinded_output(*index, output, opening, &domain),
            None => Ok(explicit_output(output)),
        })?;
        let transaction = Transaction {
            version: self.content.tx_version,
            lock_time: LockTime::from_consensus(self.content.locktime),
            input: inputs,
            output: outputs,
        };
        Ok(Blinded { transaction, openings: Openings { outputs: openings, issuance } })
    }

    /// The input. Its issuance amount is blinded and proven where the asset was issued blinded.
    fn input(&self, index: usize, input: &ContentInput) -> Result<BlindedInput, BlindError> {
        let mut blinded = self.unproven_input(index, input)?;
        let issuance = input.issuance.as_ref().filter(|issuance| issuance.kind == IssuanceKind::Blinded);
        if let (Some(issuance), Some(vbf)) = (issuance, blinded.issuance_bf) {
            let asset = AssetId::from_entropy(issuance.entropy);
            let message = RangeProofMessage::new(asset, AssetBlindingFactor::zero());
            let key = issuance_blinding_key(self.descriptor, &input.outpoint);
            let (commitment, proof) = Value::Explicit(issuance.amount.base_units())
                .blind_with_shared_secret(self.secp, vbf, key, &Script::new(), &message)
                .map_err(|error| library(format!("issuance of input {index}"), &error))?;
            blinded.txin.asset_issuance.amount = commitment;
            blinded.txin.witness.amount_rangeproof = proof;
        }
        Ok(blinded)
    }

    /// The same without the proof, which no transaction id covers.
    fn unproven_input(&self, index: usize, input: &ContentInput) -> Result<BlindedInput, BlindError> {
        let mut txin = TxIn {
            previous_output: input.outpoint,
            is_pegin: false,
            script_sig: Script::new(),
            sequence: Sequence::from_consensus(input.sequence),
            asset_issuance: AssetIssuance::null(),
            witness: TxInWitness::empty(),
        };
        let Some(issuance) = &input.issuance else { return Ok(BlindedInput { txin, issuance_bf: None }) };
        let mut amount = Value::Explicit(issuance.amount.base_units());
        let mut vbf = ValueBlindingFactor::zero();
        if issuance.kind == IssuanceKind::Blinded {
            vbf = value_factor(&self.seed.scalar("issuance-vbf", index), index)?;
            let (asset, abf) = (AssetId::from_entropy(issuance.entropy), AssetBlindingFactor::zero());
            amount = Value::new_confidential_from_assetid(
                self.secp,
                issuance.amount.base_units(),
                asset,
                vbf,
                abf,
            );
        }
        txin.asset_issuance = AssetIssuance {
            asset_blinding_nonce: issuance.nonce,
            asset_entropy: issuance.entropy,
            amount,
            inflation_keys: Value::Null,
        };
        Ok(BlindedInput { txin, issuance_bf: Some(vbf) })
    }

    /// The secrets of every blinded output. The value blinding factor of the last one makes all of them sum to zero.
    fn openings(&self, issuance: Option<IssuanceOpening>) -> Result<Vec<Option<OutputOpening>>, BlindError> {
        let outputs = self.content.outputs.iter();
        let last = outputs
            .clone()
            .rposition(|output| output.blinding_key.is_some())
            .ok_or(BlindError::NothingToBlind)?;
        let mut openings = Vec::with_capacity(self.content.outputs.len());
        for (index, output) in outputs.enumerate() {
            let Some(receiver) = output.blinding_key else {
                openings.push(None);
                continue;
            };
            let abf = asset_factor(&self.seed.scalar("abf", index), index)?;
            let vbf = match index == last {
                true => ValueBlindingFactor::zero(),
                false => value_factor(&self.seed.scalar("vbf", index), index)?,
            };
            let secrets = TxOutSecrets::new(output.asset, abf, output.amount.base_units(), vbf);
            openings.push(Some(OutputOpening {
                secrets,
                ephemeral: self.seed.scalar("ephemeral", index),
                receiver,
            }));
        }
        let balance = self.balancing_factor(last, &openings, issuance);
        if let Some(Some(opening)) = openings.get_mut(last) {
            opening.secrets.value_bf = balance;
        }
        Ok(openings)
    }

    fn balancing_factor(
        &self,
        last: usize,
        openings: &[Option<OutputOpening>],
        issuance: Option<IssuanceOpening>,
    ) -> ValueBlindingFactor {
        let zero = (AssetBlindingFactor::zero(), ValueBlindingFactor::zero());
        let mut inputs: Vec<_> = self.inputs.iter().map(TxOutSecrets::value_blind_inputs).collect();
        for (index, input) in self.content.inputs.iter().enumerate() {
            if let Some(content) = &input.issuance {
                let opening = issuance.filter(|opening| opening.input == index);
                let vbf = opening.map_or(zero.1, |opening| opening.value_bf);
                inputs.push((content.amount.base_units(), zero.0, vbf));
            }
        }
        let mut outputs = Vec::new();
        let mut own = (0, zero.0);
        for (index, (output, opening)) in self.content.outputs.iter().zip(openings).enumerate() {
            match opening {
                Some(opening) if index == last => {
                    own = (output.amount.base_units(), opening.secrets.asset_bf)
                }
                Some(opening) => outputs.push(opening.secrets.value_blind_inputs()),
                None => outputs.push((output.amount.base_units(), zero.0, zero.1)),
            }
        }
        ValueBlindingFactor::last(self.secp, own.0, own.1, &inputs, &outputs)
    }

    /// Every input's asset and, behind an input that issues, the issued asset: the order consensus reads.
    fn surjection_domain(&self) -> Domain {
        let mut assets = Vec::with_capacity(self.inputs.len());
        for (secrets, input) in self.inputs.iter().zip(&self.content.inputs) {
            assets.push(KnownAsset { asset: secrets.asset, asset_bf: secrets.asset_bf });
            if let Some(issuance) = &input.issuance {
                let asset = IssuanceIds::from_entropy(issuance.entropy).asset;
                assets.push(KnownAsset { asset, asset_bf: AssetBlindingFactor::zero() });
            }
        }
        Domain::of(self.secp, &assets)
    }

    fn blinded_output(
        &self,
        index: usize,
        output: &ContentOutput,
        opening: &OutputOpening,
        domain: &Domain,
    ) -> Result<TxOut, BlindError> {
        let secrets = &opening.secrets;
        let asset = Asset::new_confidential(self.secp, secrets.asset, secrets.asset_bf);
        let surjection_proof = surjection::prove(self.secp, &self.seed, index, secrets, domain)?;
        let message = RangeProofMessage::new(secrets.asset, secrets.asset_bf);
        let (value, nonce, rangeproof) = Value::Explicit(secrets.value)
            .blind(
                self.secp,
                secrets.value_bf,
                opening.receiver,
                opening.ephemeral,
                &output.script_pubkey,
                &message,
            )
            .map_err(|error| library(format!("output {index}"), &error))?;
        let script_pubkey = output.script_pubkey.clone();
        Ok(TxOut {
            asset,
            value,
            nonce,
            script_pubkey,
            witness: TxOutWitness { surjection_proof, rangeproof },
        })
    }
}

/// The key that opens the amount of a blinded issuance, as Elements derives it: the SLIP-77 key of the script
/// `OP_RETURN <txid> <vout>` of the coin that issues (elements wallet/wallet.cpp, GetIssuanceBlindingKey).
pub(super) fn issuance_blinding_key(descriptor: &CtDescriptor, prevout: &OutPoint) -> SecretKey {
    let script = elements::script::Builder::new()
        .push_opcode(OP_RETURN)
        .push_slice(&prevout.txid.to_byte_array())
        .push_int(prevout.vout.into())
        .into_script();
    descriptor.blinding_private_key(&script)
}

fn explicit_output(output: &ContentOutput) -> TxOut {
    TxOut {
        asset: Asset::Explicit(output.asset),
        value: Value::Explicit(output.amount.base_units()),
        nonce: Nonce::Null,
        script_pubkey: output.script_pubkey.clone(),
        witness: TxOutWitness { surjection_proof: SurjectionProof::EMPTY, rangeproof: RangeProof::EMPTY },
    }
}

fn library(place: String, error: &impl std::fmt::Display) -> BlindError {
    BlindError::Library { place, reason: error.to_string() }
}

fn asset_factor(secret: &SecretKey, index: usize) -> Result<AssetBlindingFactor, BlindError> {
    AssetBlindingFactor::from_slice(&secret.secret_bytes())
        .map_err(|error| BlindError::Library { place: format!("abf {index}"), reason: error.to_string() })
}

fn value_factor(secret: &SecretKey, index: usize) -> Result<ValueBlindingFactor, BlindError> {
    ValueBlindingFactor::from_slice(&secret.secret_bytes())
        .map_err(|error| BlindError::Library { place: format!("vbf {index}"), reason: error.to_string() })
}
