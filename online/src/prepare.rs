//! From a synced treasury and the reservations of earlier requests to an unsigned PSET that passes the signer's review.
//!
//! Core plans and writes the PSET. This module adds three things: which coins are [`free`] for the request, the coins of a
//! transaction that is to be [`replaced`], and the signer's [`mod@review`] of the result, so that a PSET that the signer would
//! refuse is never handed over. The caller reserves the plan's coins before it writes the PSET.

pub mod amp_listed_coins;
mod blinded;
mod free;
mod notice;
pub mod replaced;
mod review;

use coldamp_core::Secp;
use coldamp_core::amp::Request;
use coldamp_core::amp::request::RequestIdentity;
use coldamp_core::code::Code;
use coldamp_core::elements::{BlockHash, OutPoint};
use coldamp_core::limits::MAX_INDEX_GAP;
use coldamp_core::listed::CoinName;
use coldamp_core::prepare::{Plan, PlanError, PrepareError, Settings, Treasury};
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::BlindedPsetError;
use coldamp_core::sign::review::{FeeCap, Mismatch, Warning};
use coldamp_core::treasury::{Branch, Utxo};

use crate::state::reservations::Reservations;
use amp_listed_coins::{Missing, MissingCoin};
pub use blinded::blinded;
pub use notice::Notice;
pub use review::review_prepared;

/// The operator's choices besides the request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// How the transaction is made: fee and replacement.
    pub settings: Settings,
    /// The fee cap of the policy on the air-gapped machine, which the online machine does not have. Empty for the default
    /// cap.
    pub fee_cap: FeeCap,
    /// Whether a burn may skip listed coins that are spent, reserved by another prepared request, or not the treasury's. A
    /// spent listed coin may be the only sign that this burn was carried out before.
    pub allow_missing_coins: bool,
}

impl From<Settings> for Options {
    fn from(settings: Settings) -> Self {
        Options { settings, ..Options::default() }
    }
}

/// A PSET that passed the signer's review. It is unsigned, and only [`blinded()`] blinds it.
#[derive(Debug, Clone)]
pub struct ReviewedPset {
    /// The PSET as base64 text, without a line break.
    pub pset: String,
    /// The same PSET, read.
    pub unsigned: UnsignedPset,
    /// The plan that it was made from. Its coins and addresses are to be reserved.
    pub plan: Plan,
    /// The index up to which the treasury has used its addresses without a gap.
    pub used_up_to: u32,
    /// The warnings of the review, without those that only the air-gapped machine can give.
    pub warnings: Vec<Warning>,
}

/// Why a request was not prepared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotPrepared {
    /// The request cannot be planned.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The request was prepared before, and a coin that it reserved is no longer unspent: it may have been paid.
    #[error(
        "this request was prepared before, and its coin {} is no longer a confirmed coin of the treasury",
        CoinName(*.coin)
    )]
    CoinsSpent {
        /// The first such coin.
        coin: OutPoint,
        /// The identity under which the reservations know the request.
        request: RequestIdentity,
    },
    /// A listed coin cannot be spent: the request may have been carried out before, or another request has reserved it.
    #[error("the request lists coin {}, which {}{}", CoinName(.coin.outpoint), missing(.coin.why), self::more(*.more))]
    ListedCoin {
        /// The first such coin.
        coin: MissingCoin,
        /// How many more there are.
        more: usize,
    },
    /// The signer's review refuses the PSET that was just made.
    #[error("{}", .mismatch.message)]
    Review {
        /// The first rule that fails.
        mismatch: Mismatch,
        /// Whether the PSET replaces another transaction and pays the fee of a replacement.
        replaces: bool,
    },
    /// The PSET just written is faulty: an error in this program.
    #[error(transparent)]
    Written(PrepareError),
    /// The PSET could not be blinded, which is an error in this program or in a library.
    #[error(transparent)]
    Blinded(#[from] BlindedPsetError),
}

impl NotPrepared {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            NotPrepared::Plan(error) => error.code(),
            NotPrepared::CoinsSpent { .. } => Code::CoinsSpent,
            NotPrepared::ListedCoin { coin, .. } => match coin.why {
                Missing::NotUnspent => Code::CoinsSpent,
                Missing::Reserved => Code::CoinsReserved,
            },
            NotPrepared::Review { mismatch, .. } => mismatch.code,
            NotPrepared::Written(_) | NotPrepared::Blinded(_) => Code::Internal,
        }
    }
}

/// Why a listed coin cannot be spent: the end of a sentence that begins with the coin.
fn missing(why: Missing) -> &'static str {
    match why {
        Missing::NotUnspent => "is not a confirmed, unspent coin of this treasury",
        Missing::Reserved => "is reserved by another prepared request",
    }
}

/// The end of a message about a listed coin: how many more coins it is true of.
pub fn more(coins: usize) -> String {
    match coins {
        0 => String::new(),
        1 => "; so is 1 more of its coins".to_owned(),
        coins => format!("; so are {coins} more of its coins"),
    }
}

impl From<PrepareError> for NotPrepared {
    fn from(error: PrepareError) -> Self {
        match error {
            PrepareError::Plan(error) => NotPrepared::Plan(error),
            written => NotPrepared::Written(written),
        }
    }
}

/// Prepares a request from the coins that it may spend, and reviews the result. `notify` is called with what the operator
/// should know, also if this fails.
///
/// # Errors
/// When the request cannot be planned, or the review refuses the PSET.
pub fn prepare(
    secp: &Secp,
    request: &Request,
    treasury: &Treasury<'_>,
    options: &Options,
    genesis: Option<BlockHash>,
    record: &Reservations,
    notify: &mut dyn FnMut(Notice),
) -> Result<ReviewedPset, NotPrepared> {
    let settings = &options.settings;
    // The plan refuses this with a code of its own (NOTHING_TO_REPLACE), which comes before the codes below.
    let nothing_to_replace = settings.replace.as_ref().is_some_and(|replaced| {
        !treasury.coins.iter().any(|coin| replaced.inputs().contains(&coin.outpoint))
    });
    if let Some(coin) = free::spent_coin(request, treasury.coins, record).filter(|_| !nothing_to_replace) {
        return Err(NotPrepared::CoinsSpent { coin, request: RequestIdentity::of(request) });
    }
    let missing = amp_listed_coins::missing_coins(request, treasury.coins, settings, record);
    if let Some(coin) = missing.first().filter(|_| !options.allow_missing_coins && !nothing_to_replace) {
        return Err(NotPrepared::ListedCoin { coin: *coin, more: missing.len().saturating_sub(1) });
    }
    if record.knows(request) {
        notify(Notice::PreparedBefore);
    }
    let free = record.free(request, treasury.free);
    let limit = free.used_up_to().saturating_add(MAX_INDEX_GAP);
    let far = treasury.coins.iter().filter(|coin| coin.own.path.index > limit).count();
    if far > 0 {
        notify(Notice::FarIndex { coins: far, limit });
    }
    let treasury = Treasury { free: &free, ..*treasury };
    let made = free::prepare(secp, request, &treasury, settings, genesis, record, notify)?;
    if let Some(index) = far_change(&made.plan, treasury.coins, record) {
        notify(Notice::FarChange { index });
    }
    let warnings = review::warnings(secp, &treasury, &made.unsigned, options)?;
    let (pset, unsigned, plan) = (made.pset, made.unsigned, made.plan);
    Ok(ReviewedPset { pset, unsigned, plan, used_up_to: free.used_up_to(), warnings })
}

/// The highest index of a plan's outputs to the treasury, if it is more than a gap above all coins and reserved addresses that
/// a search from index 0 finds. These coins and addresses prove how far the treasury has used its addresses.
fn far_change(plan: &Plan, coins: &[Utxo], record: &Reservations) -> Option<u32> {
    let mut shown = record.reserved();
    coins.iter().for_each(|coin| shown.mark(coin.own.path));
    let ends = Branch::BOTH.map(|branch| shown.end_within(branch, MAX_INDEX_GAP));
    let highest = ends.into_iter().max().unwrap_or_default().saturating_sub(1);
    let limit = highest.saturating_add(MAX_INDEX_GAP);
    let own = plan.outputs().iter().filter_map(|output| output.own.as_ref());
    own.map(|own| own.path.index).max().filter(|index| *index > limit)
}
