//! Why a task cannot be planned: what was found, what was needed, and a stable code for each reason.

use elements::{AssetId, OutPoint, Txid};

use crate::code::Code;
use crate::limits::{MAX_MONEY, MAX_NODE_FEE_RATE, MAX_STANDARD_WEIGHT, MIN_RELAY_FEE_RATE};
use crate::listed::{CoinName, coins};
use crate::treasury::DescriptorError;
use crate::units::{AssetAmount, FeeRate, Satoshi, Weight, base_units};

/// L-BTC coins that cost at least as much to spend as they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dust {
    /// The number of such coins.
    pub coins: usize,
    /// The sum of their amounts, in base units.
    pub amount: AssetAmount,
}

/// An asset of which the treasury holds too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortfall {
    /// The asset that is missing.
    pub asset: AssetId,
    /// Base units needed.
    pub needed: AssetAmount,
    /// Base units in confirmed coins that may be used.
    pub found: AssetAmount,
    /// The L-BTC that `found` does not count, because spending it costs at least what it holds.
    pub dust: Option<Dust>,
}

/// Why a task cannot be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The treasury holds too little of one or more assets.
    #[error("missing coins: {}", shortfalls(.0))]
    MissingCoins(Vec<Shortfall>),
    /// The issuance of the asset to reissue is not known.
    #[error(
        "the issuance of asset {asset} is not among the transactions; its entropy cannot be proven without it"
    )]
    NoIssuance {
        /// The asset to reissue.
        asset: AssetId,
    },
    /// AMP lists token outputs that are not confirmed, unspent coins of the treasury.
    #[error("reissuance token outputs not found among the confirmed, unspent coins: {}", coins(.missing))]
    TokenMissing {
        /// The listed outputs that are missing.
        missing: Vec<OutPoint>,
    },
    /// A listed output does not hold the asset's token.
    #[error("{} holds asset {found}, expected the reissuance token {expected}", CoinName(*.outpoint))]
    NotTheToken {
        /// The listed output.
        outpoint: OutPoint,
        /// The asset that it holds.
        found: AssetId,
        /// The token's id.
        expected: AssetId,
    },
    /// The token is in an unblinded output, and consensus lets no such token reissue (elements#259).
    #[error(
        "the reissuance token in {} is not blinded; only a token in a blinded output can reissue",
        CoinName(*.outpoint)
    )]
    TokenUnblinded {
        /// The output that holds the token.
        outpoint: OutPoint,
    },
    /// The transaction to be replaced has no unspent coin.
    #[error(
        "none of the coins of {txid} is unspent: it has confirmed, or another transaction has spent them"
    )]
    NothingToReplace {
        /// The transaction to be replaced.
        txid: Txid,
    },
    /// The request may not spend the unspent coins of the transaction to be replaced.
    #[error("this request cannot spend the unspent coins of {txid}: {}", coins(.unspent))]
    CannotReplace {
        /// The transaction to be replaced.
        txid: Txid,
        /// Its unspent coins.
        unspent: Vec<OutPoint>,
    },
    /// The transaction would be heavier than nodes relay.
    #[error(
        "the transaction would weigh up to {found}; nodes relay {MAX_STANDARD_WEIGHT}. With these coins {fit} of the {recipients} recipients fit"
    )]
    TooHeavy {
        /// The highest weight that it can have.
        found: Weight,
        /// The number of recipients.
        recipients: usize,
        /// How many of them fit.
        fit: usize,
    },
    /// There are more inputs or outputs than Coldamp puts into a PSET, or than a surjection proof allows.
    #[error("{found} {what}; at most {limit} are possible")]
    TooMany {
        /// Inputs, outputs or surjection members.
        what: &'static str,
        /// The number of them.
        found: usize,
        /// The highest number allowed.
        limit: usize,
    },
    /// The amount of a single blinded output is public where no input is blinded (docs/rules.md#enough-blinded).
    #[error(
        "{found} outputs would be blinded, {needed} are needed to hide an amount; no coin is left to add one"
    )]
    TooFewBlinded {
        /// The number of blinded outputs.
        found: usize,
        /// The number that is needed.
        needed: usize,
    },
    /// The explicit outputs add up to more than consensus allows.
    #[error("explicit outputs add up to {}; consensus allows {}", base_units(*.found), base_units(MAX_MONEY))]
    ExplicitSum {
        /// The sum, in base units.
        found: u128,
    },
    /// Nodes do not relay a transaction at this fee rate.
    #[error("a fee rate of {found} is not relayed; the least is {MIN_RELAY_FEE_RATE}")]
    FeeRateTooLow {
        /// The fee rate of the settings.
        found: FeeRate,
    },
    /// No node sends a transaction at this fee rate. A number with some digits too many asks for it.
    #[error("a fee rate of {found} is not sent by nodes; the highest is {MAX_NODE_FEE_RATE}")]
    FeeRateTooHigh {
        /// The fee rate of the settings.
        found: FeeRate,
    },
    /// Inputs and outputs of an asset differ: an error in this program, found before a PSET is written.
    #[error("asset {asset}: the inputs hold {}, the outputs {}", base_units(*.inputs), base_units(*.outputs))]
    Unbalanced {
        /// The asset whose sums differ.
        asset: AssetId,
        /// Base units of the inputs, new units included.
        inputs: u128,
        /// Base units of the outputs.
        outputs: u128,
    },
    /// The amounts add up to more than 2^64 base units.
    #[error("the amounts add up to more than 2^64 base units")]
    Overflow,
    /// The descriptor has no index left for another address.
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
            PlanError::FeeRateTooHigh { .. } => Code::FeeTooHigh,
            PlanError::Unbalanced { .. } => Code::AssetUnbalanced,
            PlanError::Overflow => Code::Overflow,
            PlanError::Descriptor(error) => error.code(),
        }
    }
}

fn shortfalls(list: &[Shortfall]) -> String {
    let line = |shortfall: &Shortfall| {
        let Shortfall { asset, needed, found, dust } = shortfall;
        let dust = dust.as_ref().map(not_counted).unwrap_or_default();
        let (needed, found) = (needed.in_base_units(), found.in_base_units());
        format!("asset {asset}: needed {needed}, found {found}{dust}")
    };
    list.iter().map(line).collect::<Vec<_>>().join("; ")
}

fn not_counted(dust: &Dust) -> String {
    let amount = Satoshi::from_sat(dust.amount.base_units());
    match dust.coins {
        1 => format!(" (1 coin with {amount} is not counted: spending it costs at least that much)"),
        coins => format!(
            " ({coins} coins with {amount} in all are not counted: spending each costs at least what it holds)"
        ),
    }
}
