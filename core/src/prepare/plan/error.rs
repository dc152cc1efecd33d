//! Why a request cannot be met: what was found, what was needed, and a stable code for each reason.

use elements::{AssetId, OutPoint, Txid};

use crate::code::Code;
use crate::limits::{MAX_MONEY, MAX_STANDARD_WEIGHT, MIN_RELAY_FEE_RATE};
use crate::listed::{CoinName, coins};
use crate::treasury::DescriptorError;
use crate::units::{AssetAmount, FeeRate, Weight};

/// An asset there is too little of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortfall {
    /// The asset.
    pub asset: AssetId,
    /// Base units needed.
    pub needed: AssetAmount,
    /// Base units in confirmed coins that may be used.
    pub found: AssetAmount,
}

/// Why a request cannot be met.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// Too little of one or more assets.
    #[error("missing coins: {}", shortfalls(.0))]
    MissingCoins(Vec<Shortfall>),
    /// A reissue whose issuance is not known.
    #[error(
        "the issuance of asset {asset} is not among the transactions; its entropy cannot be proven without it"
    )]
    NoIssuance {
        /// The asset.
        asset: AssetId,
    },
    /// Listed token outputs that the treasury does not hold confirmed and unspent.
    #[error("reissuance token outputs not found among the confirmed, unspent coins: {}", coins(.missing))]
    TokenMissing {
        /// Which.
        missing: Vec<OutPoint>,
    },
    /// A listed output that holds something else than the asset's token.
    #[error("{} holds asset {found}, expected the reissuance token {expected}", CoinName(*.outpoint))]
    NotTheToken {
        /// Which.
        outpoint: OutPoint,
        /// What it holds.
        found: AssetId,
        /// The token.
        expected: AssetId,
    },
    /// A token in an unblinded output, which consensus does not let reissue (elements#259).
    #[error(
        "the reissuance token in {} is not blinded; only a token in a blinded output can reissue",
        CoinName(*.outpoint)
    )]
    TokenUnblinded {
        /// Which.
        outpoint: OutPoint,
    },
    /// A transaction to be replaced that has none of its coins left.
    #[error(
        "none of the coins of {txid} is unspent: it has confirmed, or another transaction has spent them"
    )]
    NothingToReplace {
        /// The transaction.
        txid: Txid,
    },
    /// A transaction to be replaced whose coins that are left this request may not spend.
    #[error(
        "what is unspent of the coins of {txid}, this request cannot spend: {}", coins(.unspent)
    )]
    CannotReplace {
        /// The transaction.
        txid: Txid,
        /// Its coins that are left.
        unspent: Vec<OutPoint>,
    },
    /// Heavier than nodes relay.
    #[error(
        "the transaction would weigh up to {found}; nodes relay {MAX_STANDARD_WEIGHT}. With these coins {fit} of the {recipients} recipients fit"
    )]
    TooHeavy {
        /// Upper bound of its weight.
        found: Weight,
        /// Recipients asked for.
        recipients: usize,
        /// Recipients that fit.
        fit: usize,
    },
    /// More inputs or outputs than a PSET of ours or a surjection proof takes.
    #[error("{found} {what}; at most {limit} are possible")]
    TooMany {
        /// Inputs, outputs or surjection members.
        what: &'static str,
        /// How many.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// A single blinded output, with nothing blinded on the input side, shows its amount (docs/rules.md#enough-blinded).
    #[error(
        "{found} outputs would be blinded, {needed} are needed to hide an amount; no coin is left to add one"
    )]
    TooFewBlinded {
        /// Blinded outputs.
        found: usize,
        /// Needed.
        needed: usize,
    },
    /// Explicit outputs above what consensus sums.
    #[error("explicit outputs add up to {found} base units; consensus allows {MAX_MONEY}")]
    ExplicitSum {
        /// The sum.
        found: u128,
    },
    /// A rate that nodes do not relay.
    #[error("a fee rate of {found} is not relayed; the least is {MIN_RELAY_FEE_RATE}")]
    FeeRateTooLow {
        /// What was asked for.
        found: FeeRate,
    },
    /// Inputs and outputs of an asset differ: a mistake in this program, caught before it is written down.
    #[error("asset {asset}: {inputs} in, {outputs} out")]
    Unbalanced {
        /// The asset.
        asset: AssetId,
        /// Base units in, issued ones included.
        inputs: u128,
        /// Base units out.
        outputs: u128,
    },
    /// Sums above 2^64 base units.
    #[error("the amounts add up to more than 2^64 base units")]
    Overflow,
    /// No index left.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
}

impl PlanError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            PlanError::MissingCoins(_) => Code::MissingCoins,
            PlanError::NoIssuance { .. } => Code::NoIssuance,
            PlanError::TokenMissing { .. } => Code::TokenMissing,
            PlanError::NotTheToken { .. } => Code::NotTheToken,
            PlanError::TokenUnblinded { .. } => Code::TokenUnblinded,
            PlanError::NothingToReplace { .. } => Code::NothingToReplace,
            PlanError::CannotReplace { .. } => Code::CannotReplace,
            PlanError::TooHeavy { .. } => Code::TooHeavy,
            PlanError::TooMany { .. } => Code::TooMany,
            PlanError::TooFewBlinded { .. } => Code::TooFewBlinded,
            PlanError::ExplicitSum { .. } => Code::ExplicitSum,
            PlanError::FeeRateTooLow { .. } => Code::FeeTooLow,
            PlanError::Unbalanced { .. } => Code::AssetUnbalanced,
            PlanError::Overflow => Code::Overflow,
            PlanError::Descriptor(error) => error.code(),
        }
    }
}

fn shortfalls(list: &[Shortfall]) -> String {
    let line = |shortfall: &Shortfall| {
        let Shortfall { asset, needed, found } = shortfall;
        format!("asset {asset}: needed {needed}, found {found} base units")
    };
    list.iter().map(line).collect::<Vec<_>>().join("; ")
}
