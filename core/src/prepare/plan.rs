//! What goes in and what comes out, decided before any PSET exists.
//!
//! [`plan()`] lays out the outputs of the job, picks coins of the asset and adds L-BTC for the fee. Every plan passes through
//! one constructor, which sums each asset on both sides and bounds the weight.

mod burn;
mod distribute;
mod draft;
mod error;
mod fee;
mod reissue;
mod replace;
mod select;
mod settings;
mod spend;
mod treasury;

use std::collections::BTreeMap;

use elements::secp256k1_zkp;
use elements::{AssetBlindingNonce, AssetEntropy, AssetId, Script};

use crate::Secp;
use crate::amp::request::RequestIdentity;
use crate::amp::{Job, Request};
use crate::consensus::{InputShape, OutputShape, TransactionShape, WeightBound};
use crate::hmac::hmac_sha256;
use crate::limits::{
    MAX_MONEY, MAX_NODE_FEE_RATE, MAX_PSET_MAPS, MAX_STANDARD_WEIGHT, MAX_SURJECTION_DOMAIN,
    MIN_RELAY_FEE_RATE,
};
use crate::treasury::{IssuanceKind, OwnScript, SpendSize, Utxo};
use crate::units::{AssetAmount, Satoshi};
use draft::Draft;
pub use error::{Dust, PlanError, Shortfall};
pub use replace::Replaced;
pub use settings::{FeeBasis, Settings};
pub use treasury::Treasury;

/// What is to be planned.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// The asset that is paid, made or destroyed.
    pub asset: AssetId,
    /// What is done with the asset.
    pub job: &'a Job,
    /// The outputs are ordered by an HMAC over this hash and their scripts (docs/rules.md#output-order).
    pub request_hash: [u8; 32],
}

impl<'a> Task<'a> {
    /// The task of a request. The hash is SHA-256 of its bytes.
    pub fn of(request: &'a Request) -> Self {
        Task { asset: request.asset, job: &request.job, request_hash: request.sha256() }
    }

    /// A job that AMP has not been asked for yet. The plan shows whether the job is possible, and no PSET is made of it. A
    /// request's bytes do not exist yet, so the order of the outputs follows the job's identity.
    pub fn before_request(asset: AssetId, job: &'a Job) -> Self {
        Task { asset, job, request_hash: RequestIdentity::of_job(asset, job).0 }
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

/// A coin to spend, with the reissuance on its input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedInput {
    /// The coin of the treasury.
    pub coin: Utxo,
    /// The reissuance on this input. `None` where it makes no new units.
    pub issuance: Option<PlannedIssuance>,
}

/// A reissuance: new units of an asset, made by an input that spends its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedIssuance {
    /// Explicit or blinded, as the asset was issued.
    pub kind: IssuanceKind,
    /// The asset of the new units.
    pub asset: AssetId,
    /// The new units, in base units.
    pub amount: AssetAmount,
    /// The token's asset blinding factor, which reissuing reveals.
    pub nonce: AssetBlindingNonce,
    /// The asset's entropy.
    pub entropy: AssetEntropy,
}

/// An output to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedOutput {
    /// The asset that the output holds.
    pub asset: AssetId,
    /// Its amount, in base units.
    pub amount: AssetAmount,
    /// Its script. The fee has an empty one.
    pub script_pubkey: Script,
    /// The key that the output is blinded to. `None` for an explicit output.
    pub blinding_key: Option<secp256k1_zkp::PublicKey>,
    /// The treasury's script, if the output belongs to the treasury.
    pub own: Option<OwnScript>,
}

/// Plans a task with the coins of a treasury.
///
/// # Errors
/// When coins are missing, the token cannot reissue, or nodes would not relay the transaction.
pub fn plan(
    secp: &Secp,
    task: Task<'_>,
    treasury: &Treasury<'_>,
    settings: &Settings,
) -> Result<Plan, PlanError> {
    if settings.fee_rate < MIN_RELAY_FEE_RATE {
        return Err(PlanError::FeeRateTooLow { found: settings.fee_rate });
    }
    if settings.fee_rate > MAX_NODE_FEE_RATE {
        return Err(PlanError::FeeRateTooHigh { found: settings.fee_rate });
    }
    if let Some(replaced) = &settings.replace {
        replaced.unspent_in(treasury.coins)?;
    }
    let draft = Draft::new(secp, task, treasury, settings);
    let draft = match task.job {
        Job::Distribute { recipients, .. } => distribute::draft(draft, recipients)?,
        Job::Reissue { amount, tokens } => reissue::draft(draft, *amount, tokens)?,
        Job::Burn { amount, coins } => burn::draft(draft, *amount, coins)?,
    };
    fee::finish(draft)
}

impl Plan {
    /// The coins to spend, in the order of the transaction.
    pub fn inputs(&self) -> &[PlannedInput] {
        &self.inputs
    }

    /// The outputs, in the order of the transaction. The fee is the last.
    pub fn outputs(&self) -> &[PlannedOutput] {
        &self.outputs
    }

    /// The fee, in satoshi.
    pub fn fee(&self) -> Satoshi {
        self.fee
    }

    /// The highest weight that the finished transaction can have.
    pub fn bound(&self) -> WeightBound {
        self.bound
    }

    /// Orders, sums and weighs. Inputs are ordered by outpoint, with the reissuance on the first token. The order of the
    /// outputs tells nothing to people without the view key. The fee is the last output.
    fn balanced(draft: Draft<'_>, fee: Satoshi) -> Result<Self, PlanError> {
        let (policy_asset, descriptor) = (draft.policy_asset(), draft.treasury.descriptor);
        let Draft { mut inputs, mut outputs, task, .. } = draft;
        inputs.sort_by_key(|input| input.coin.outpoint);
        let key = descriptor.master_blinding_key();
        // HMAC-SHA256(master blinding key, 'coldamp/order/1' ‖ request hash ‖ script): docs/rules.md#output-order.
        outputs.sort_by_cached_key(|output| {
            let parts = [b"coldamp/order/1".as_slice(), &task.request_hash, output.script_pubkey.as_bytes()];
            hmac_sha256(key.as_bytes(), &parts)
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

        let shape = shape(&inputs, &outputs, descriptor.spend_size());
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

/// What the weight of the finished transaction depends on.
fn shape(inputs: &[PlannedInput], outputs: &[PlannedOutput], spend_size: SpendSize) -> TransactionShape {
    let input = |input: &PlannedInput| InputShape {
        spend_size,
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
