//! The report: two confirmations, then AMP's confirm endpoint, once (docs/rules.md#report).
//!
//! AMP has taken a report when its answer accepts it ([`answer`]) or its record shows it ([`mod@record`]). A report that
//! the record shows is never posted again. Where neither is known ([`ReportError::Unknown`]), or AMP accepted it and its
//! record does not have it ([`ReportError::Missing`]), a person decides.

mod answer;
mod read_back;
mod record;

use std::fmt;
use std::time::Duration;

use coldamp_core::code::Code;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::elements::{OutPoint, Txid};
use coldamp_core::listed::CoinName;
use coldamp_core::signed::SignedFile;

use crate::amp::{Amp, AmpError};
use crate::pace::{Pause, Progress, Watch};
use crate::source::{Chain, Place, Spending};
use crate::state::log::{Acceptance, Log, LogError, Step};
pub use read_back::{ReadBack, read_back};
pub use record::{ReportRecord, report_record};

/// Confirmations that a transaction needs before it is reported.
pub const NEEDED: u32 = 2;

/// Why there is no report yet, or never will be.
#[derive(Debug, thiserror::Error)]
pub enum ReportError<E: std::error::Error + 'static> {
    /// The chain could not be asked.
    #[error(transparent)]
    Source(E),
    /// AMP could not be asked, or refuses.
    #[error(transparent)]
    Amp(#[from] AmpError),
    /// The chain does not show the transaction.
    #[error("the chain source does not show transaction {txid}")]
    NotSent {
        /// The transaction of the report.
        txid: Txid,
    },
    /// Another transaction has spent one of its coins.
    #[error("transaction {txid} is not on the chain: {taken}")]
    Conflict {
        /// The transaction of the report.
        txid: Txid,
        /// The coin, and the other transaction.
        taken: TakenCoin,
    },
    /// Too few confirmations, and waiting was not asked for.
    #[error("transaction {txid} has {found} confirmations, {NEEDED} are needed")]
    NotYet {
        /// The transaction of the report.
        txid: Txid,
        /// The confirmations that it has.
        found: u32,
    },
    /// AMP did not say whether it took the report, and its record does not have it.
    #[error("AMP did not say whether it took the report: {source}")]
    Unclear {
        /// The error in place of AMP's answer.
        source: AmpError,
    },
    /// The report was posted once without an answer, and AMP keeps no record to look it up in.
    #[error("the report was posted before and no answer came; AMP's record does not tell whether it has it")]
    Unknown,
    /// AMP took the report, and its record does not have it: the record may be behind, or AMP's answer was wrong.
    #[error("AMP took the report of {txid}, and its record does not have it: {found}")]
    Missing {
        /// The transaction of the report.
        txid: Txid,
        /// What the record has.
        found: String,
    },
    /// AMP has another transaction for this distribution.
    #[error("AMP has transaction {found} for this distribution, not {expected}")]
    OtherTransaction {
        /// The transaction that AMP has.
        found: Txid,
        /// The transaction of the report.
        expected: Txid,
    },
    /// The payload could not be written.
    #[error("the report cannot be written: {reason}")]
    Payload {
        /// Why the payload could not be written.
        reason: String,
    },
    /// A step could not be recorded.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// What became of a report, and what AMP's record shows of it. [`read_back()`] checks the rest of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posted {
    /// AMP took it now.
    Now {
        /// AMP's answer, byte for byte.
        answer: Vec<u8>,
        /// AMP's record, read after the answer.
        record: ReportRecord,
    },
    /// AMP's record shows that it has the report already.
    AlreadyReported {
        /// Where the record differs from the report, in words.
        differences: Vec<String>,
    },
    /// Only the log says that AMP took it. A log can be forged, or be of another copy of the file, and AMP's record does not
    /// tell: that AMP has the report is not known.
    ByLogAlone {
        /// Why the record does not tell.
        reason: String,
    },
}

impl<E: std::error::Error + 'static> ReportError<E> {
    /// Its code. Where the source failed, `of_source` says the source's.
    pub fn code(&self, of_source: impl Fn(&E) -> Code) -> Code {
        match self {
            ReportError::Source(error) => of_source(error),
            ReportError::Amp(error) => error.code(),
            ReportError::NotSent { .. } => Code::NotSent,
            ReportError::Conflict { .. } => Code::InputSpent,
            ReportError::NotYet { .. } => Code::NotYet,
            ReportError::Unclear { .. } => Code::Unclear,
            ReportError::Unknown => Code::ReportUnknown,
            ReportError::Missing { .. } => Code::ReportMissing,
            ReportError::OtherTransaction { .. } => Code::OtherTransaction,
            ReportError::Payload { .. } => Code::Payload,
            ReportError::Log(_) => Code::Log,
        }
    }
}

/// Looks for the transaction until it has enough confirmations. After a reorganisation it waits again. Without `every` it
/// looks once.
///
/// # Errors
/// When the chain does not show the transaction, or it has too few confirmations and waiting was not asked for.
pub async fn confirmed<C: Chain>(
    chain: &C,
    signed: &SignedFile,
    pause: &impl Pause,
    every: Option<Duration>,
    watch: &dyn Watch,
) -> Result<u32, ReportError<C::Error>> {
    let txid = signed.txid();
    loop {
        let found = chain.place(txid).await.map_err(ReportError::Source)?.confirmations();
        watch.at(Progress::Confirmations { found, total: NEEDED });
        let Some(found) = found else { return Err(gone(chain, signed).await?) };
        if found >= NEEDED {
            return Ok(found);
        }
        let Some(every) = every else { return Err(ReportError::NotYet { txid, found }) };
        pause.pause(every).await;
    }
}

/// Why the chain does not show it: another transaction took a coin, or it was never sent, or fell out of the mempool.
async fn gone<C: Chain>(
    chain: &C,
    signed: &SignedFile,
) -> Result<ReportError<C::Error>, ReportError<C::Error>> {
    let txid = signed.txid();
    Ok(match taken_coin(chain, signed).await.map_err(ReportError::Source)? {
        Some(taken) => ReportError::Conflict { txid, taken },
        None => ReportError::NotSent { txid },
    })
}

/// A coin of a transaction that another one spends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenCoin {
    /// The coin.
    pub outpoint: OutPoint,
    /// The other transaction; none where the source does not name it.
    pub by: Option<Txid>,
}

impl fmt::Display for TakenCoin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let coin = CoinName(self.outpoint);
        match self.by {
            Some(by) => write!(f, "its coin {coin} is spent by {by}"),
            None => {
                write!(f, "its coin {coin} is spent by another transaction, which the source does not name")
            }
        }
    }
}

/// The first coin of a transaction that another one spends. Where the source does not name the spender it is asked for the
/// transaction itself once more: it may have come into a block since the chain was looked at, and then spends its own coins.
///
/// # Errors
/// When the source cannot be read.
pub async fn taken_coin<C: Chain>(chain: &C, signed: &SignedFile) -> Result<Option<TakenCoin>, C::Error> {
    for input in &signed.transaction().input {
        let outpoint = input.previous_output;
        match chain.spending(outpoint).await? {
            Spending::By(by) if by != signed.txid() => return Ok(Some(TakenCoin { outpoint, by: Some(by) })),
            Spending::Unnamed if chain.place(signed.txid()).await? == Place::Unknown => {
                return Ok(Some(TakenCoin { outpoint, by: None }));
            }
            Spending::Unnamed => return Ok(None),
            Spending::By(_) | Spending::Unspent | Spending::Gone => {}
        }
    }
    Ok(None)
}

/// Posts the report, unless AMP has it. `again` posts although an earlier one may have arrived, or was said to have; never
/// where AMP's record shows it.
///
/// # Errors
/// When AMP refuses, or nobody knows whether it took the report, or it said so and its record does not have it.
pub async fn post<E: std::error::Error + 'static>(
    amp: &Amp,
    signed: &SignedFile,
    confirmations: u32,
    again: bool,
    log: &mut dyn Log,
) -> Result<Posted, ReportError<E>> {
    let was_accepted = was_accepted(log.steps());
    // Before the first post too: the log is beside one copy of the file, and another may have been reported from. And where
    // the log says that AMP took it: an answer is more often wrong than a record.
    match report_record(amp, signed).await? {
        ReportRecord::Shown { differences } => {
            if !was_accepted {
                log.add(Step::Accepted { by: Acceptance::Record })?;
            }
            return Ok(Posted::AlreadyReported { differences });
        }
        _ if again => {}
        ReportRecord::Missing { found } if was_accepted => {
            return Err(ReportError::Missing { txid: signed.txid(), found });
        }
        ReportRecord::Untold { reason } if was_accepted => return Ok(Posted::ByLogAlone { reason }),
        ReportRecord::Untold { .. } if may_have_arrived(log.steps()) => return Err(ReportError::Unknown),
        ReportRecord::Missing { .. } | ReportRecord::Untold { .. } => {}
    }
    let payload = signed.payload().with_confirmations(confirmations);
    let body =
        serde_json::to_vec(&payload).map_err(|error| ReportError::Payload { reason: error.to_string() })?;
    let sha256 = sha256::Hash::hash(&body).to_byte_array().to_lower_hex_string();
    log.add(Step::Posting { sha256 })?;
    let path = signed.path();
    let error = match amp.confirm(&path, &body).await {
        Ok(answer) => match answer::is_yes(signed, &answer) {
            Ok(()) => {
                log.add(Step::Accepted { by: Acceptance::Answer })?;
                return Ok(Posted::Now { answer, record: afterwards(amp, signed).await? });
            }
            // A proxy's page with status 200, or an answer about something else: it does not accept this report.
            Err(reason) => amp.not_as_expected(&path, &reason, &answer),
        },
        Err(error) => error,
    };
    if !error.may_have_acted() {
        log.add(match error {
            AmpError::Refused { status, .. } => Step::Refused { status },
            AmpError::Credentials { .. } => Step::Refused { status: 401 },
            _ => Step::Unposted,
        })?;
        return Err(error.into());
    }
    match afterwards(amp, signed).await? {
        ReportRecord::Shown { differences } => {
            log.add(Step::Accepted { by: Acceptance::Record })?;
            Ok(Posted::AlreadyReported { differences })
        }
        ReportRecord::Missing { .. } | ReportRecord::Untold { .. } => {
            Err(ReportError::Unclear { source: error })
        }
    }
}

/// AMP's record after a post. If it cannot be asked, that is told, and AMP's answer still counts.
async fn afterwards<E: std::error::Error + 'static>(
    amp: &Amp,
    signed: &SignedFile,
) -> Result<ReportRecord, ReportError<E>> {
    match report_record(amp, signed).await {
        Err(ReportError::Amp(error)) => Ok(ReportRecord::Untold { reason: error.to_string() }),
        other => other,
    }
}

/// Whether AMP was once found to have the report, by its answer or by its record.
pub fn was_accepted(steps: &[Step]) -> bool {
    steps.iter().any(|step| matches!(step, Step::Accepted { .. }))
}

/// Whether a report was posted and its outcome is not known. Steps of a broadcast in the same log say nothing about that, and
/// the refusal of a second post says nothing about the first.
pub fn may_have_arrived(steps: &[Step]) -> bool {
    let mut open = false;
    for step in steps.iter().filter(|step| step.is_about_report()) {
        match step {
            Step::Posting { .. } if open => return true,
            step => open = matches!(step, Step::Posting { .. }),
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posting() -> Step {
        Step::Posting { sha256: String::new() }
    }

    #[test]
    fn a_post_without_an_outcome_stays_open_whatever_else_is_added_to_the_log() {
        let sent = Step::Sent { txid: String::new() };
        let refused = Step::Refused { status: 400 };
        assert!(!may_have_arrived(&[]) && !may_have_arrived(std::slice::from_ref(&sent)));
        assert!(may_have_arrived(&[sent.clone(), posting()]));
        assert!(may_have_arrived(&[posting(), sent.clone()]), "a broadcast says nothing about a report");
        assert!(!may_have_arrived(&[posting(), refused.clone(), sent]));
        assert!(!may_have_arrived(&[posting(), Step::Unposted]));
        assert!(may_have_arrived(&[posting(), refused.clone(), posting()]));
        assert!(
            may_have_arrived(&[posting(), posting(), refused]),
            "the second one's refusal is not the first's"
        );
    }
}
