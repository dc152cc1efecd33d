//! What goes in and what comes out, decided before any PSET exists.
//!
//! [`plan`] picks coins per asset ([`select`]), pays the fee in L-BTC ([`fee`]) and lays out the job's own outputs
//! ([`distribute`], [`reissue`], [`burn`]). Whatever the three decide passes through one constructor, which sums every
//! asset on both sides and bounds the weight.

mod burn;
mod distribute;
mod draft;
mod error;
mod fee;
mod reissue;
mod replace;
mod select;

use std::collections::BTreeMap;

use elements::secp256k1_zkp;
use elements::{AssetBlindingNonce, AssetEntropy, AssetId, Script};

use crate::Secp;
use crate::amp::{Job, Request};
use crate::consensus::{InputShape, OutputShape, TransactionShape, WeightBound};
use crate::hmac::hmac_sha256;
use crate::limits::{
    MAX_MONEY, MAX_PSET_MAPS, MAX_STANDARD_WEIGHT, MAX_SURJECTION_DOMAIN, MIN_RELAY_FEE_RATE,
};
use crate::network::Network;
use crate::treasury::{
    CtDescriptor, FreeIndices, IssuanceIds, IssuanceKind, OwnScript, ProvenContract, ScriptIndex, ScriptType,
    Utxo,
};
use crate::units::{AssetAmount, FeeRate, Satoshi};
use draft::Draft;
pub use error::{PlanError, Shortfall};
pub use replace::Replaced;

/// What the preparer knows of the treasury.
#[derive(Debug, Clone, Copy)]
pub struct Treasury<'a> {
    /// The network.
    pub network: &'a Network,
    /// The watch-only CT descriptor.
    pub descriptor: &'a CtDescriptor,
    /// Its confirmed, unspent coins.
    pub coins: &'a [Utxo],
    /// Scripts up to the highest index seen and the gap above it, for knowing own recipients.
    pub scripts: &'a ScriptIndex,
    /// Which of its addresses own outputs may take.
    pub free: &'a FreeIndices,
    /// The asset's issuance, which a reissue needs, and by which every job proves what the asset is.
    pub issuance: Option<(IssuanceIds, IssuanceKind)>,
    /// The asset's contract, for the signer to show its ticker and precision.
    pub contract: Option<&'a ProvenContract>,
}

impl Treasury<'_> {
    /// How the asset was issued. A token that the treasury holds decides, as it does for consensus
    /// (docs/rules.md#token-kind). The transaction from the chain source could be forged.
    pub(super) fn token_kind(&self) -> Option<IssuanceKind> {
        let (ids, claimed_kind) = self.issuance?;
        let held = self.coins.iter().find_map(|coin| ids.kind_of_token(coin.asset()));
        Some(held.unwrap_or(claimed_kind))
    }
}

/// What the operator chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Fee rate.
    pub fee_rate: FeeRate,
    /// Which size it applies to.
    pub fee_basis: FeeBasis,
    /// Whether a reissue may leave out listed token outputs that the treasury does not hold: AMP's split token
    /// (docs/rules.md#token-inputs).
    pub allow_missing_tokens: bool,
    /// The earlier transaction that must not confirm beside this one, and that nodes must let go for it.
    pub replace: Option<Replaced>,
}

/// Which size a fee rate applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeeBasis {
    /// The discounted size (ELIP-200), which today's nodes relay by.
    Discounted,
    /// The full size, for nodes that give no discount.
    Full,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            fee_rate: MIN_RELAY_FEE_RATE,
            fee_basis: FeeBasis::Discounted,
            allow_missing_tokens: false,
            replace: None,
        }
    }
}

/// Inputs and outputs, balanced per asset, of a weight that nodes relay. Made by [`plan`] only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    inputs: Vec<PlannedInput>,
    outputs: Vec<PlannedOutput>,
    fee: Satoshi,
    bound: WeightBound,
}

/// A coin to spend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedInput {
    /// The coin.
    pub coin: Utxo,
    /// The reissuance on this input.
    pub issuance: Option<PlannedIssuance>,
}

/// A reissuance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedIssuance {
    /// Explicit or blinded, as the asset was issued.
    pub kind: IssuanceKind,
    /// The asset it makes.
    pub asset: AssetId,
    /// How much.
    pub amount: AssetAmount,
    /// The token's asset blinding factor, which reissuing reveals.
    pub nonce: AssetBlindingNonce,
    /// The asset's entropy.
    pub entropy: AssetEntropy,
}

/// An output to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedOutput {
    /// The asset.
    pub asset: AssetId,
    /// How much.
    pub amount: AssetAmount,
    /// Its script; empty for the fee.
    pub script_pubkey: Script,
    /// The key to blind it to; none leaves it explicit.
    pub blinding_key: Option<secp256k1_zkp::PublicKey>,
    /// Our script, if it comes back to us.
    pub own: Option<OwnScript>,
}

/// Plans a request.
///
/// # Errors
/// When coins are missing, the token cannot reissue, or nodes would not relay the transaction.
pub fn plan(
    secp: &Secp,
    request: &Request,
    treasury: &Treasury<'_>,
    settings: &Settings,
) -> Result<Plan, PlanError> {
    if settings.fee_rate < MIN_RELAY_FEE_RATE {
        return Err(PlanError::FeeRateTooLow { found: settings.fee_rate });
    }
    if let Some(replaced) = &settings.replace {
        replaced.unspent_in(treasury.coins)?;
    }
    let draft = Draft::new(secp, request, treasury, settings);
    let draft = match &request.job {
        Job::Distribute { recipients, .. } => distribute::draft(draft, recipients)?,
        Job::Reissue { amount, tokens } => reissue::draft(draft, *amount, tokens)?,
        Job::Burn { amount, coins } => burn::draft(draft, *amount, coins)?,
    };
    fee::finish(draft)
}

impl Plan {
    /// The coins, in order.
    pub fn inputs(&self) -> &[PlannedInput] {
        &self.inputs
    }

    /// The outputs, in order; the fee is the last.
    pub fn outputs(&self) -> &[PlannedOutput] {
        &self.outputs
    }

    /// The fee.
    pub fn fee(&self) -> Satoshi {
        self.fee
    }

    /// What it weighs at most.
    pub fn bound(&self) -> WeightBound {
        self.bound
    }

    /// Orders, sums and weighs. Inputs stand in outpoint order with the reissuance on the first token; outputs in an
    /// order that says nothing to whoever lacks the view key, the fee last.
    fn balanced(
        mut inputs: Vec<PlannedInput>,
        mut outputs: Vec<PlannedOutput>,
        fee: (AssetId, Satoshi),
        request: &Request,
        descriptor: &CtDescriptor,
    ) -> Result<Self, PlanError> {
        let (policy_asset, fee) = fee;
        inputs.sort_by_key(|input| input.coin.outpoint);
        let request_hash = request.sha256();
        let key = descriptor.master_blinding_key();
        // HMAC-SHA256(master blinding key, 'coldamp/order/1' ‖ request hash ‖ script): docs/rules.md#output-order.
        outputs.sort_by_cached_key(|output| {
            hmac_sha256(key.as_bytes(), &[b"coldamp/order/1", &request_hash, output.script_pubkey.as_bytes()])
        });
        outputs.push(PlannedOutput {
            asset: policy_asset,
            amount: fee.as_asset_amount(),
            script_pubkey: Script::new(),
            blinding_key: None,
            own: None,
        });
        within("inputs", inputs.len(), MAX_PSET_MAPS)?;
        within("outputs", outputs.len(), MAX_PSET_MAPS)?;
        sums_agree(&inputs, &outputs)?;

        let shape = shape(&inputs, &outputs, descriptor.script_type());
        within("surjection members", shape.surjection_domain(), MAX_SURJECTION_DOMAIN)?;
        let bound = shape.bound();
        if bound.full > MAX_STANDARD_WEIGHT {
            let is_recipient =
                |output: &PlannedOutput| output.own.is_none() && !output.script_pubkey.is_empty();
            let outputs = outputs.iter().enumerate().filter(|(_, output)| is_recipient(output));
            let recipients: Vec<usize> = outputs.map(|(position, _)| position).collect();
            let fit = shape.recipients_that_fit(&recipients);
            return Err(PlanError::TooHeavy { found: bound.full, recipients: recipients.len(), fit });
        }
        Ok(Plan { inputs, outputs, fee, bound })
    }
}

fn within(what: &'static str, found: usize, limit: usize) -> Result<(), PlanError> {
    if found > limit { Err(PlanError::TooMany { what, found, limit }) } else { Ok(()) }
}

fn sums_agree(inputs: &[PlannedInput], outputs: &[PlannedOutput]) -> Result<(), PlanError> {
    let mut sums: BTreeMap<AssetId, (u128, u128)> = BTreeMap::new();
    for input in inputs {
        let sum = &mut sums.entry(input.coin.asset()).or_default().0;
        *sum = sum.saturating_add(input.coin.amount().base_units().into());
        if let Some(issuance) = &input.issuance {
            let sum = &mut sums.entry(issuance.asset).or_default().0;
            *sum = sum.saturating_add(issuance.amount.base_units().into());
        }
    }
    for output in outputs {
        let sum = &mut sums.entry(output.asset).or_default().1;
        *sum = sum.saturating_add(output.amount.base_units().into());
    }
    let explicit = outputs.iter().filter(|output| output.blinding_key.is_none());
    let found: u128 = explicit.map(|output| u128::from(output.amount.base_units())).sum();
    if found > u128::from(MAX_MONEY) {
        return Err(PlanError::ExplicitSum { found });
    }
    match sums.into_iter().find(|(_, (inputs, outputs))| inputs != outputs) {
        Some((asset, (inputs, outputs))) => Err(PlanError::Unbalanced { asset, inputs, outputs }),
        None => Ok(()),
    }
}

/// How the finished transaction will look.
fn shape(inputs: &[PlannedInput], outputs: &[PlannedOutput], script_type: ScriptType) -> TransactionShape {
    let input = |input: &PlannedInput| InputShape {
        script_type,
        issuance: input.issuance.map(|issuance| (issuance.kind, issuance.amount.base_units())),
    };
    let output = |output: &PlannedOutput| OutputShape {
        script_length: output.script_pubkey.len(),
        blinded_value: output.blinding_key.map(|_| output.amount.base_units()),
    };
    TransactionShape {
        inputs: inputs.iter().map(input).collect(),
        outputs: outputs.iter().map(output).collect(),
    }
}
