//! What a PSET does: its inputs, its outputs, and its weight.
//!
//! A field named `claimed_*` holds what the PSET claims, before it is verified. No other field is copied from a claim.

use elements::secp256k1_zkp;
use elements::{AssetId, OutPoint, Script, TxOut, TxOutSecrets};

use crate::consensus::WeightBound;
use crate::pset::ClaimedIssuance;
use crate::treasury::OwnScript;
use crate::units::AssetAmount;

/// What a PSET does.
#[derive(Debug, Clone, PartialEq)]
pub struct Effects {
    /// What goes in.
    pub inputs: Vec<InputEffect>,
    /// What comes out.
    pub outputs: Vec<OutputEffect>,
    /// What the finished transaction weighs at most.
    pub bound: WeightBound,
}

/// An input.
#[derive(Debug, Clone, PartialEq)]
pub struct InputEffect {
    /// What it spends.
    pub outpoint: OutPoint,
    /// The output spent; none where the PSET has none.
    pub spent: Option<TxOut>,
    /// Our script; none where it is not ours.
    pub own: Option<OwnScript>,
    /// What it holds, opened with our view key or as below; none where it cannot be opened.
    pub secrets: Option<TxOutSecrets>,
    /// Whether its range proof did not open, and the opening in the PSET did.
    pub opening_used: bool,
    /// What it would issue, as claimed.
    pub claimed_issuance: Option<ClaimedIssuance>,
}

/// An output, explicit as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputEffect {
    /// The asset.
    pub asset: AssetId,
    /// How much.
    pub amount: AssetAmount,
    /// The script; empty for a fee.
    pub script_pubkey: Script,
    /// The key it gets blinded to.
    pub blinding_key: Option<secp256k1_zkp::PublicKey>,
    /// Our script, if it is one.
    pub own: Option<OwnScript>,
}

impl InputEffect {
    /// Whether asset and amount are hidden on chain.
    pub fn is_blinded(&self) -> bool {
        self.spent.as_ref().is_some_and(|spent| spent.asset.is_confidential())
    }
}

impl Effects {
    /// The reissuance that the inputs claim: input index and fields. The first, where there are several.
    pub fn claimed_issuance(&self) -> Option<(usize, &ClaimedIssuance)> {
        let mut inputs = self.inputs.iter().enumerate();
        inputs.find_map(|(index, input)| input.claimed_issuance.as_ref().map(|issuance| (index, issuance)))
    }
}
