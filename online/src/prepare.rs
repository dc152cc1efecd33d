//! From a synced treasury and a record of reserved coins to an unsigned PSET that passes the signer's review.
//!
//! Core plans and writes. This module chooses which coins are [`free`] for the request, gives back the coins of a
//! transaction that is to be [`replaced`], and runs the signer's review on the result ([`mod@look`]), so a PSET that the
//! signer would reject is never exported. The caller reserves the plan's coins in the record before the PSET leaves.

mod free;
pub mod listed;
mod look;
mod notice;
pub mod replaced;

use coldamp_core::Secp;
use coldamp_core::amp::Request;
use coldamp_core::amp::request::RequestIdentity;
use coldamp_core::code::Code;
use coldamp_core::elements::{BlockHash, OutPoint};
use coldamp_core::limits::MAX_INDEX_GAP;
use coldamp_core::listed::CoinName;
use coldamp_core::prepare::{Plan, PlanError, PrepareError as CoreError, Settings, Treasury};
use coldamp_core::pset::ParseError;
use coldamp_core::sign::review::{FeeCap, Mismatch, Warning};
use coldamp_core::treasury::{Branch, Utxo};

use crate::state::reservations::Reservations;
use listed::{Missing, MissingCoin};
pub use look::look;
pub use notice::Notice;

/// What the operator chose besides the request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// How the transaction is made.
    pub settings: Settings,
    /// The fee cap of the cold machine's policy, which this side does not know by itself; the default cap where it is empty.
    pub fee_cap: FeeCap,
    /// Whether a burn may leave out listed coins that are spent, reserved by another prepared request, or not the
    /// treasury's. It gives up the one sign that this burn was carried out before.
    pub allow_missing_coins: bool,
}

impl From<Settings> for Options {
    fn from(settings: Settings) -> Self {
        Options { settings, ..Options::default() }
    }
}

/// An unsigned PSET, and what the record is to be told of it.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// Base64 text without a line break.
    pub pset: String,
    /// What it does.
    pub plan: Plan,
    /// Up to which index the treasury has used its addresses without leaving one out.
    pub used_up_to: u32,
    /// What the cold side's review has to say, less what only the cold side can know.
    pub warnings: Vec<Warning>,
}

/// Why nothing was prepared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrepareError {
    /// The request cannot be met.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// It was prepared before, and a coin that it took then is gone: it may have been paid.
    #[error(
        "this request was prepared before, and its coin {} is no confirmed coin of the treasury any more",
        CoinName(*.coin)
    )]
    CoinsSpent {
        /// The first of those that are gone.
        coin: OutPoint,
        /// The request, as the record knows it.
        request: RequestIdentity,
    },
    /// A listed coin cannot be spent: the request may have been carried out before, or another job has the coin.
    #[error("the request lists coin {}, which {}{}", CoinName(.coin.outpoint), missing(.coin.why), self::more(*.more))]
    Listed {
        /// The first of them.
        coin: MissingCoin,
        /// How many more there are.
        more: usize,
    },
    /// The review refuses the PSET that was just made.
    #[error("{}", .mismatch.message)]
    Review {
        /// The first rule that fails.
        mismatch: Mismatch,
        /// Whether it replaces another transaction, and pays for that.
        replaces: bool,
    },
    /// What was written is no PSET of ours: a mistake in this program.
    #[error(transparent)]
    Written(CoreError),
    /// As above.
    #[error("the PSET just made does not read back: {0}")]
    ReadBack(#[from] ParseError),
}

impl PrepareError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            PrepareError::Plan(error) => error.code(),
            PrepareError::CoinsSpent { .. } => Code::CoinsSpent,
            PrepareError::Listed { coin, .. } => match coin.why {
                Missing::NotUnspent => Code::CoinsSpent,
                Missing::Reserved => Code::CoinsReserved,
            },
            PrepareError::Review { mismatch, .. } => mismatch.code,
            PrepareError::Written(_) | PrepareError::ReadBack(_) => Code::Internal,
        }
    }
}

/// Why a listed coin cannot be spent, behind its name.
fn missing(why: Missing) -> &'static str {
    match why {
        Missing::NotUnspent => "is not a confirmed, unspent coin of this treasury",
        Missing::Reserved => "is reserved by another prepared request",
    }
}

/// How many more coins it is true of.
pub fn more(coins: usize) -> String {
    match coins {
        0 => String::new(),
        1 => "; so is 1 more of its coins".to_owned(),
        coins => format!("; so are {coins} more of its coins"),
    }
}

impl From<CoreError> for PrepareError {
    fn from(error: CoreError) -> Self {
        match error {
            CoreError::Plan(error) => PrepareError::Plan(error),
            written => PrepareError::Written(written),
        }
    }
}

/// Prepares a request from the coins that are its own to take, and reviews the result. `told` hears what should be known
/// whether or not it succeeds.
///
/// # Errors
/// When the request cannot be met, or the review refuses what came out.
pub fn prepare(
    secp: &Secp,
    request: &Request,
    treasury: &Treasury<'_>,
    options: &Options,
    genesis: Option<BlockHash>,
    record: &Reservations,
    told: &mut dyn FnMut(Notice),
) -> Result<Prepared, PrepareError> {
    let settings = &options.settings;
    // The plan says so by its own name (NOTHING_TO_REPLACE), whatever else is gone.
    let nothing_to_replace = settings.replace.as_ref().is_some_and(|replaced| {
        !treasury.coins.iter().any(|coin| replaced.inputs().contains(&coin.outpoint))
    });
    if let Some(coin) = free::spent(request, treasury.coins, record).filter(|_| !nothing_to_replace) {
        return Err(PrepareError::CoinsSpent { coin, request: RequestIdentity::of(request) });
    }
    let missing = listed::missing(request, treasury.coins, settings, record);
    if let Some(coin) = missing.first().filter(|_| !options.allow_missing_coins && !nothing_to_replace) {
        return Err(PrepareError::Listed { coin: *coin, more: missing.len().saturating_sub(1) });
    }
    if record.knows(request) {
        told(Notice::PreparedBefore);
    }
    let free = record.free(request, treasury.free);
    let in_sight = free.used_up_to().saturating_add(MAX_INDEX_GAP);
    let far = treasury.coins.iter().filter(|coin| coin.own.path.index > in_sight).count();
    if far > 0 {
        told(Notice::FarIndex { coins: far, in_sight });
    }
    let treasury = Treasury { free: &free, ..*treasury };
    let made = free::prepare(secp, request, &treasury, settings, genesis, record, told)?;
    if let Some(index) = far_change(&made.plan, treasury.coins, record) {
        told(Notice::FarChange { index });
    }
    let warnings = look::agrees(secp, &treasury, &made.pset, options)?;
    Ok(Prepared { pset: made.pset, plan: made.plan, used_up_to: free.used_up_to(), warnings })
}

/// The highest own output of a plan, where it lies more than a gap above the coins and promises that a search from index 0
/// finds. Those show by themselves how far the treasury has used its addresses.
fn far_change(plan: &Plan, coins: &[Utxo], record: &Reservations) -> Option<u32> {
    let mut shown = record.reserved();
    coins.iter().for_each(|coin| shown.mark(coin.own.path));
    let ends = Branch::BOTH.map(|branch| shown.end_within(branch, MAX_INDEX_GAP));
    let highest = ends.into_iter().max().unwrap_or_default().saturating_sub(1);
    let in_sight = highest.saturating_add(MAX_INDEX_GAP);
    let own = plan.outputs().iter().filter_map(|output| output.own.as_ref());
    own.map(|own| own.path.index).max().filter(|index| *index > in_sight)
}
