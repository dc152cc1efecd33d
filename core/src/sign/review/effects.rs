//! What a PSET does: its inputs, its outputs, and its weight.
//!
//! A field named `claimed_*` holds what the PSET claims, before it is verified. No other field is copied from a claim.

use elements::secp256k1_zkp;
use elements::{AssetId, OutPoint, Script, TxOut, TxOutSecrets};

use crate::consensus::{InputShape, OutputShape, TransactionShape, WeightBound};
use crate::pset::ClaimedIssuance;
use crate::treasury::{IssuanceKind, OwnScript, SpendSize};
use crate::units::AssetAmount;

/// What a PSET does.
#[derive(Debug, Clone, PartialEq)]
pub struct Effects {
    /// The inputs, in order.
    pub inputs: Vec<InputEffect>,
    /// The outputs, in order.
    pub outputs: Vec<OutputEffect>,
    /// The most that the finished transaction can weigh.
    pub bound: WeightBound,
}

/// What an input spends.
#[derive(Debug, Clone, PartialEq)]
pub struct InputEffect {
    /// The coin that it spends.
    pub outpoint: OutPoint,
    /// The output that it spends. `None` where the PSET does not carry it.
    pub spent: Option<TxOut>,
    /// The treasury's own script. `None` where the coin belongs to somebody else.
    pub own: Option<OwnScript>,
    /// Asset, amount and blinding factors of the coin. `None` where neither the view key nor an opening in the PSET opens it.
    pub secrets: Option<TxOutSecrets>,
    /// Whether the opening in the PSET opened the coin, because the view key did not open its range proof.
    pub opening_used: bool,
    /// The reissuance that the PSET claims for this input.
    pub claimed_issuance: Option<ClaimedIssuance>,
}

/// What an output pays.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputEffect {
    /// The asset that it pays.
    pub asset: AssetId,
    /// The amount, in base units.
    pub amount: AssetAmount,
    /// The script that it pays to. Empty for a fee.
    pub script_pubkey: Script,
    /// The key that it gets blinded to. `None` if it stays explicit.
    pub blinding_key: Option<secp256k1_zkp::PublicKey>,
    /// The treasury's own script. `None` where the output pays somebody else.
    pub own: Option<OwnScript>,
}

/// A reissuance that an input claims.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClaimOnInput<'a> {
    /// The index of the input.
    pub(super) input: usize,
    /// The claim.
    pub(super) issuance: &'a ClaimedIssuance,
}

impl InputEffect {
    /// Whether asset and amount are blinded on the chain.
    pub fn is_blinded(&self) -> bool {
        self.spent.as_ref().is_some_and(|spent| spent.asset.is_confidential())
    }
}

impl Effects {
    /// The first reissuance that an input claims.
    pub(super) fn claimed_issuance(&self) -> Option<ClaimOnInput<'_>> {
        let mut inputs = self.inputs.iter().enumerate();
        inputs.find_map(|(input, effect)| {
            effect.claimed_issuance.as_ref().map(|issuance| ClaimOnInput { input, issuance })
        })
    }
}

/// The shape of the finished transaction. Issued amounts are claims here, and are checked elsewhere.
pub(super) fn shape(
    spend_size: SpendSize,
    inputs: &[InputEffect],
    outputs: &[OutputEffect],
) -> TransactionShape {
    let kind = |issuance: &ClaimedIssuance| match issuance.blinded_flag {
        None => IssuanceKind::Blinded,
        Some(_) => IssuanceKind::Explicit,
    };
    let issued = |issuance: ClaimedIssuance| (kind(&issuance), issuance.amount.unwrap_or_default());
    let inputs =
        inputs.iter().map(|input| InputShape { spend_size, issuance: input.claimed_issuance.map(issued) });
    let outputs = outputs.iter().map(|output| OutputShape {
        script_length: output.script_pubkey.len(),
        blinded_value: output.blinding_key.map(|_| output.amount.base_units()),
    });
    TransactionShape { inputs: inputs.collect(), outputs: outputs.collect() }
}
