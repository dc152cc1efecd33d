//! Sending a signed transaction, behind the guards of AMP's script and more.
//!
//! The transaction is fixed, so sending it twice is harmless. It must not be sent while AMP cannot track it, or beside
//! another one for the same request. Where the chain has the transaction already, the guards are skipped: AMP may list
//! the outputs that this very transaction spent as lost until the report arrives (docs/rules.md#broadcast).

mod fee;

use std::collections::BTreeSet;

use coldamp_core::amp::request::Command;
use coldamp_core::code::Code;
use coldamp_core::elements::{BlockHash, OutPoint, Txid};
use coldamp_core::listed::{CoinName, listed};
use coldamp_core::network::{Chain as ChainName, Network};
use coldamp_core::signed::SignedFile;

use crate::amp::{Amp, AmpError, Distribution, DistributionEntry, places};
use crate::report::{may_have_arrived, was_accepted};
use crate::source::{Chain, Place, SendError, Spending};
use crate::state::log::{Log, LogError, Step};
pub use fee::AskedFee;
use fee::is_fee;

/// Whether the transaction was sent now or before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// The chain has taken it now.
    Now,
    /// The chain has it already.
    AlreadyOnChain(Place),
}

/// Why nothing was sent, or why it is not known whether it was.
#[derive(Debug, thiserror::Error)]
pub enum BroadcastError<E: std::error::Error + 'static> {
    /// The chain could not be asked.
    #[error(transparent)]
    Source(E),
    /// AMP could not be asked.
    #[error(transparent)]
    Amp(#[from] AmpError),
    /// The source is of another chain than the file.
    #[error("the chain source has genesis {found}, which is not {expected}'s")]
    OtherChain {
        /// The source's.
        found: BlockHash,
        /// What the file names.
        expected: ChainName,
    },
    /// Another transaction has spent a coin: this one can confirm only if the other is dropped or reorganised away.
    #[error("its coin {} is spent by {by}", CoinName(*.outpoint))]
    Spent {
        /// The coin, an input of this transaction.
        outpoint: OutPoint,
        /// The transaction that spends it.
        by: Txid,
    },
    /// The same, where the source does not name the other transaction.
    #[error("its coin {} is spent by another transaction, which the source does not name", CoinName(*.outpoint))]
    SpentByUnnamed {
        /// The coin, an input of this transaction.
        outpoint: OutPoint,
    },
    /// The source does not know the coin.
    #[error("this chain source does not know its coin {}: it is of another chain, or the transaction that makes the coin is not there yet", CoinName(*.outpoint))]
    NotUnspent {
        /// The coin, an input of this transaction.
        outpoint: OutPoint,
    },
    /// AMP has lost track of outputs. It cannot follow what spends them.
    #[error("AMP no longer tracks {}", listed(.outputs))]
    LostOutputs {
        /// The outputs, each as `txid:vout`.
        outputs: Vec<String>,
    },
    /// AMP knows no assignment of this distribution: it was cancelled, or never made.
    #[error("AMP has no assignments of distribution {uuid}")]
    NoAssignments {
        /// The distribution.
        uuid: String,
    },
    /// AMP has the distribution as paid already.
    #[error("AMP has distribution {uuid} as distributed already")]
    Distributed {
        /// The distribution.
        uuid: String,
    },
    /// AMP has another transaction for this distribution.
    #[error("AMP has transaction {found} for this distribution, not {expected}")]
    OtherTransaction {
        /// The transaction that AMP has.
        found: Txid,
        /// The transaction to be broadcast.
        expected: Txid,
    },
    /// The node or server refuses the transaction.
    #[error("the chain refuses the transaction: {reason}")]
    Rejected {
        /// The reason, as the node states it.
        reason: String,
    },
    /// The node or server asks a higher fee.
    #[error("the chain refuses the transaction: {reason}")]
    FeeTooLow {
        /// The reason, as the node states it.
        reason: String,
        /// The fee that it asks, if it states one.
        asked: Option<AskedFee>,
    },
    /// No answer came, and the chain does not show it.
    #[error("whether the transaction was taken is not known: {source}")]
    Unclear {
        /// The error of the source.
        source: E,
    },
    /// A step could not be recorded.
    #[error(transparent)]
    Log(#[from] LogError),
}

impl<E: std::error::Error + 'static> BroadcastError<E> {
    /// Its code. Where the source failed, `of_source` says the source's.
    pub fn code(&self, of_source: impl Fn(&E) -> Code) -> Code {
        match self {
            BroadcastError::Source(error) => of_source(error),
            BroadcastError::Amp(error) => error.code(),
            BroadcastError::OtherChain { .. } => Code::Network,
            BroadcastError::Spent { .. }
            | BroadcastError::SpentByUnnamed { .. }
            | BroadcastError::NotUnspent { .. } => Code::InputSpent,
            BroadcastError::LostOutputs { .. } => Code::LostOutputs,
            BroadcastError::NoAssignments { .. } => Code::NoAssignments,
            BroadcastError::Distributed { .. } => Code::AlreadyDistributed,
            BroadcastError::OtherTransaction { .. } => Code::OtherTransaction,
            BroadcastError::FeeTooLow { .. } => Code::FeeTooLow,
            BroadcastError::Rejected { .. } => Code::Rejected,
            BroadcastError::Unclear { .. } => Code::Unclear,
            BroadcastError::Log(_) => Code::Log,
        }
    }
}

/// Checks that the source is of the network of the file.
///
/// # Errors
/// When it is another chain's, or cannot be asked.
pub async fn same_chain<C: Chain>(chain: &C, expected: ChainName) -> Result<(), BroadcastError<C::Error>> {
    let Some(found) = chain.genesis().await.map_err(BroadcastError::Source)? else { return Ok(()) };
    match Network::new(expected).accepts_genesis(found) {
        true => Ok(()),
        false => Err(BroadcastError::OtherChain { found, expected }),
    }
}

/// Sends the transaction, once, if it is not there yet and every guard agrees. Without `amp` AMP is not asked. A coin that
/// the waiting transaction `replaces` spends counts as unspent: nodes take the one that pays more.
///
/// # Errors
/// When a guard objects, the chain refuses, or no answer came. Run again, it continues from what the log and the chain show.
pub async fn broadcast<C: Chain>(
    chain: &C,
    amp: Option<&Amp>,
    signed: &SignedFile,
    replaces: Option<Txid>,
    log: &mut dyn Log,
) -> Result<Sent, BroadcastError<C::Error>> {
    let txid = signed.txid();
    let sent = Step::Sent { txid: txid.to_string() };
    match chain.place(txid).await.map_err(BroadcastError::Source)? {
        Place::Unknown => {}
        place => return sent_before(place, sent, log),
    }
    let given_way = match replaces {
        Some(replaced) => waiting_inputs(chain, replaced).await?,
        None => BTreeSet::new(),
    };
    let coins = signed.transaction().input.iter().map(|input| input.previous_output);
    for outpoint in coins.filter(|coin| !given_way.contains(coin)) {
        match chain.spending(outpoint).await.map_err(BroadcastError::Source)? {
            Spending::Unspent => {}
            Spending::By(by) => return Err(BroadcastError::Spent { outpoint, by }),
            // It may have entered a block since the last look. Then it is itself the one that spends its coins.
            Spending::Unnamed => match chain.place(txid).await.map_err(BroadcastError::Source)? {
                Place::Unknown => return Err(BroadcastError::SpentByUnnamed { outpoint }),
                place => return sent_before(place, sent, log),
            },
            Spending::Gone => return Err(BroadcastError::NotUnspent { outpoint }),
        }
    }
    if let Some(amp) = amp {
        let steps = log.steps();
        // A transaction that was sent from here and fell out of the mempool: AMP may have seen it, and flags its coins as lost
        // until the report. Only sending it again helps. A `sent` without `sending` is the chain source's word alone, and a
        // source that lies once would lift this guard for good.
        let sending = Step::Sending { txid: txid.to_string() };
        if !(steps.contains(&sending) && steps.contains(&sent)) {
            nothing_lost(amp, signed).await?;
        }
        // A report that AMP refused tells nothing: the distribution may have been cancelled since, and its holders paid by
        // another transaction.
        let reported = was_accepted(steps) || may_have_arrived(steps);
        still_to_pay(amp, signed, reported).await?;
    }
    log.add(Step::Sending { txid: txid.to_string() })?;
    match chain.send(signed.transaction()).await {
        Ok(()) => {}
        Err(SendError::Rejected { reason }) if is_fee(&reason) => {
            let asked = AskedFee::from_words(&reason, signed.transaction());
            return Err(BroadcastError::FeeTooLow { reason, asked });
        }
        Err(SendError::Rejected { reason }) => return Err(BroadcastError::Rejected { reason }),
        Err(SendError::Source(source)) => match chain.place(txid).await {
            Ok(Place::Mempool | Place::Block { .. }) => {}
            Ok(Place::Unknown) | Err(_) => return Err(BroadcastError::Unclear { source }),
        },
    }
    log.add(sent)?;
    Ok(Sent::Now)
}

/// Records that the chain has it.
fn sent_before<E: std::error::Error + 'static>(
    place: Place,
    sent: Step,
    log: &mut dyn Log,
) -> Result<Sent, BroadcastError<E>> {
    if !log.steps().contains(&sent) {
        log.add(sent)?;
    }
    Ok(Sent::AlreadyOnChain(place))
}

/// What a transaction spends, if it still waits for a block.
async fn waiting_inputs<C: Chain>(
    chain: &C,
    txid: Txid,
) -> Result<BTreeSet<OutPoint>, BroadcastError<C::Error>> {
    if chain.place(txid).await.map_err(BroadcastError::Source)? != Place::Mempool {
        return Ok(BTreeSet::new());
    }
    let transaction = chain.transaction(txid).await.map_err(BroadcastError::Source)?;
    let inputs = transaction.into_iter().flat_map(|transaction| transaction.input);
    Ok(inputs.map(|input| input.previous_output).collect())
}

/// The guard of AMP's script, and the same for tokens.
async fn nothing_lost<E: std::error::Error + 'static>(
    amp: &Amp,
    signed: &SignedFile,
) -> Result<(), BroadcastError<E>> {
    let outputs = amp.lost_outputs(signed.asset_uuid()).await?;
    if outputs.is_empty() { Ok(()) } else { Err(BroadcastError::LostOutputs { outputs: places(&outputs) }) }
}

/// A distribution must still be unpaid at AMP, by its assignments and by its record, or AMP has this very transaction for it.
/// Once it was `reported`, AMP may show it as distributed by this transaction. Then it is refused only if AMP names another
/// transaction, or has no assignments of it any more.
async fn still_to_pay<E: std::error::Error + 'static>(
    amp: &Amp,
    signed: &SignedFile,
    reported: bool,
) -> Result<(), BroadcastError<E>> {
    let (Command::Distribute, Some(uuid)) = (signed.command(), signed.distribution_uuid()) else {
        return Ok(());
    };
    let (asset, txid) = (signed.asset_uuid(), signed.txid());
    if reported {
        let entry = match amp.distribution(asset, uuid).await {
            Err(error) if error.shows_nothing() => DistributionEntry::Untold { reason: error.to_string() },
            Err(error) => return Err(error.into()),
            Ok(record) => record.entry_of(txid),
        };
        match entry {
            DistributionEntry::Reported => return Ok(()),
            DistributionEntry::Other(found) => {
                return Err(BroadcastError::OtherTransaction { found, expected: txid });
            }
            // A cancelled distribution has no transaction either. Its assignments show that it was cancelled.
            DistributionEntry::Unreported | DistributionEntry::Untold { .. } => {}
        }
    }
    let assignments = amp.assignments(asset).await?;
    let mut ours = assignments.iter().filter(|row| row.distribution_uuid.as_ref() == Some(uuid)).peekable();
    if ours.peek().is_none() {
        return Err(BroadcastError::NoAssignments { uuid: uuid.to_string() });
    }
    if reported {
        return Ok(());
    }
    let distributed = || BroadcastError::Distributed { uuid: uuid.to_string() };
    match amp.distribution(asset, uuid).await {
        // One that was not reported may not be shown; then the assignments alone say whether it was.
        Err(error) if error.is_absent() => {}
        Err(error) => return Err(error.into()),
        Ok(Distribution::Unreported) => {}
        Ok(Distribution::ConfirmedByNone) => return Err(distributed()),
        Ok(record) => match record.entry_of(txid) {
            DistributionEntry::Reported => return Ok(()),
            DistributionEntry::Other(found) => {
                return Err(BroadcastError::OtherTransaction { found, expected: txid });
            }
            DistributionEntry::Unreported => {}
            DistributionEntry::Untold { reason } => {
                return Err(amp
                    .not_as_expected(&format!("assets/{asset}/distributions/{uuid}"), &reason, b"")
                    .into());
            }
        },
    }
    if ours.any(|row| row.is_distributed) { Err(distributed()) } else { Ok(()) }
}
