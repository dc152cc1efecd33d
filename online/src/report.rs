//! The report: two confirmations, then AMP's confirm endpoint, once.
//!
//! What AMP has taken is not posted again, be it that AMP answered so or that its own record shows it. Where neither is
//! known ([`ReportError::Unknown`]) a person decides.

use std::collections::BTreeMap;
use std::time::Duration;

use coldamp_core::amp::confirm::{Category, Payload};
use coldamp_core::amp::request::Command;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::elements::{OutPoint, Txid};
use coldamp_core::signed::Signed;

use crate::amp::{Amp, AmpError, AmpTransaction};
use crate::log::{Acceptance, Log, LogError, Step};
use crate::pace::{Pause, Progress, Watch};
use crate::source::{Chain, Spending};

/// Confirmations that AMP is told of a transaction after.
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
        /// Which.
        txid: Txid,
    },
    /// Another transaction has spent one of its coins.
    #[error("transaction {txid} is gone: its coin {}:{} is spent by {by}", .outpoint.txid, .outpoint.vout)]
    Conflict {
        /// Which.
        txid: Txid,
        /// The coin.
        outpoint: OutPoint,
        /// The other transaction.
        by: Txid,
    },
    /// Too few confirmations, and waiting was not asked for.
    #[error("transaction {txid} has {found} confirmations, {NEEDED} are needed")]
    NotYet {
        /// Which.
        txid: Txid,
        /// So many.
        found: u32,
    },
    /// AMP did not say whether it took the report, and its record does not have it.
    #[error("AMP did not say whether it took the report: {source}")]
    Unclear {
        /// What came instead.
        source: AmpError,
    },
    /// The report was posted once without an answer, and AMP keeps no record to look it up in.
    #[error("the report was posted before and no answer came; AMP's record does not tell whether it has it")]
    Unknown,
    /// AMP has another transaction for this distribution.
    #[error("AMP has transaction {found} for this distribution, not {expected}")]
    OtherTransaction {
        /// AMP's.
        found: String,
        /// Ours.
        expected: Txid,
    },
    /// The payload could not be written.
    #[error("the report cannot be written: {reason}")]
    Payload {
        /// Why.
        reason: String,
    },
    /// A step could not be recorded.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// What became of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posted {
    /// AMP took it now, and said this.
    Now(Vec<u8>),
    /// AMP had it.
    Before,
}

impl<E: std::error::Error + 'static> ReportError<E> {
    /// The stable code; the source's own where that failed.
    pub fn code(&self, of_source: impl Fn(&E) -> &'static str) -> &'static str {
        match self {
            ReportError::Source(error) => of_source(error),
            ReportError::Amp(error) => error.code(),
            ReportError::NotSent { .. } => "NOT_SENT",
            ReportError::Conflict { .. } => "INPUT_SPENT",
            ReportError::NotYet { .. } => "NOT_YET",
            ReportError::Unclear { .. } => "UNCLEAR",
            ReportError::Unknown => "REPORT_UNKNOWN",
            ReportError::OtherTransaction { .. } => "OTHER_TRANSACTION",
            ReportError::Payload { .. } => "PAYLOAD",
            ReportError::Log(_) => "LOG",
        }
    }
}

/// Looks for the transaction until it is deep enough; a reorganisation steps back and is waited out. With no `every`
/// it looks once.
///
/// # Errors
/// When the chain does not show the transaction, or it is not deep enough and there is no waiting.
pub async fn confirmed<C: Chain>(
    chain: &C,
    signed: &Signed,
    pause: &impl Pause,
    every: Option<Duration>,
    watch: &dyn Watch,
) -> Result<u32, ReportError<C::Error>> {
    let txid = signed.txid();
    loop {
        let found = chain.place(txid).await.map_err(ReportError::Source)?.confirmations();
        watch.at(Progress::Confirmations { found, of: NEEDED });
        let Some(found) = found else { return Err(gone(chain, signed).await?) };
        if found >= NEEDED {
            return Ok(found);
        }
        let Some(every) = every else { return Err(ReportError::NotYet { txid, found }) };
        pause.pause(every).await;
    }
}

/// Why the chain does not show it: another transaction took a coin, or it was never sent, or fell out of the mempool.
async fn gone<C: Chain>(chain: &C, signed: &Signed) -> Result<ReportError<C::Error>, ReportError<C::Error>> {
    let txid = signed.txid();
    for input in &signed.transaction().input {
        let outpoint = input.previous_output;
        if let Spending::By(by) = chain.spending(outpoint).await.map_err(ReportError::Source)?
            && by != txid
        {
            return Ok(ReportError::Conflict { txid, outpoint, by });
        }
    }
    Ok(ReportError::NotSent { txid })
}

/// Posts the report, unless AMP has it. `again` posts although an earlier one may have arrived.
///
/// # Errors
/// When AMP refuses, or nobody knows whether it took the report.
pub async fn post<E: std::error::Error + 'static>(
    amp: &Amp,
    signed: &Signed,
    confirmations: u32,
    again: bool,
    log: &mut dyn Log,
) -> Result<Posted, ReportError<E>> {
    if log.steps().iter().any(|step| matches!(step, Step::Accepted { .. })) {
        return Ok(Posted::Before);
    }
    // Before the first post too: the log is beside one copy of the file, and another may have been reported from.
    let recorded = recorded(amp, signed).await?;
    if recorded == Some(true) {
        log.add(Step::Accepted { by: Acceptance::Record })?;
        return Ok(Posted::Before);
    }
    if may_have_arrived(log.steps()) && recorded.is_none() && !again {
        return Err(ReportError::Unknown);
    }
    let payload = signed.payload().with_confirmations(confirmations);
    let body =
        serde_json::to_vec(&payload).map_err(|error| ReportError::Payload { reason: error.to_string() })?;
    let sha256 = sha256::Hash::hash(&body).to_byte_array().to_lower_hex_string();
    log.add(Step::Posting { sha256 })?;
    let error = match amp.confirm(&signed.path(), &body).await {
        Ok(said) => {
            log.add(Step::Accepted { by: Acceptance::Answer })?;
            return Ok(Posted::Now(said));
        }
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
    match self::recorded::<E>(amp, signed).await {
        Ok(Some(true)) => {
            log.add(Step::Accepted { by: Acceptance::Record })?;
            Ok(Posted::Before)
        }
        Ok(Some(false) | None) | Err(_) => Err(ReportError::Unclear { source: error }),
    }
}

/// Whether a report was posted whose outcome nobody learnt. What a broadcast adds to the same log says nothing about that,
/// nor does the refusal of a second post about the first.
pub fn may_have_arrived(steps: &[Step]) -> bool {
    let about_reports = steps.iter().filter(|step| {
        matches!(step, Step::Posting { .. } | Step::Accepted { .. } | Step::Refused { .. } | Step::Unposted)
    });
    let mut open = false;
    for step in about_reports {
        match step {
            Step::Posting { .. } if open => return true,
            step => open = matches!(step, Step::Posting { .. }),
        }
    }
    open
}

/// Whether AMP's own record has the report; none where AMP does not keep one that would show it.
async fn recorded<E: std::error::Error + 'static>(
    amp: &Amp,
    signed: &Signed,
) -> Result<Option<bool>, ReportError<E>> {
    let (asset, txid) = (signed.asset_uuid(), signed.txid());
    match (signed.command(), signed.distribution_uuid()) {
        (Command::Distribute, Some(uuid)) => {
            let Some(distribution) = if_there(amp.distribution(asset, uuid).await)? else { return Ok(None) };
            if !distribution.is_confirmed() {
                return Ok(Some(false));
            }
            let other = distribution.transactions.iter().find(|known| known.txid != txid.to_string());
            match other {
                Some(other) => {
                    Err(ReportError::OtherTransaction { found: other.txid.clone(), expected: txid })
                }
                None => Ok(Some(true)),
            }
        }
        (Command::Reissue, _) => {
            let known = if_there(amp.reissuances(asset).await)?;
            Ok(known.map(|known| known.contains(&txid.to_string())))
        }
        (Command::Burn | Command::Distribute, _) => {
            let Some(known) = if_there(amp.transactions(asset).await)? else { return Ok(None) };
            let record = known.iter().find(|record| record.txid == txid.to_string());
            Ok(record.map_or(Some(false), |record| shows_burn(record, signed.payload())))
        }
    }
}

/// None where AMP has no such thing, or shows it in a way that cannot be read: no report may be lost over a neighbour.
fn if_there<T>(answer: Result<T, AmpError>) -> Result<Option<T>, AmpError> {
    match answer {
        Ok(there) => Ok(Some(there)),
        Err(error) if error.is_absent() || matches!(error, AmpError::Answer { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a record can only come from the report: it holds the change's blinders, which AMP learns nowhere else. None for
/// a burn without change: AMP sees the explicit burnt output on the chain by itself, and a report taken for posted on
/// that ground alone would never be posted.
fn shows_burn(record: &AmpTransaction, payload: &Payload) -> Option<bool> {
    let reported = reported(payload);
    if reported.is_empty() {
        return None;
    }
    Some(reported.iter().all(|(vout, reported)| {
        let mut outputs = record.outputs.iter();
        let output = outputs.find(|output| usize::try_from(output.vout) == Ok(*vout));
        output.is_some_and(|output| {
            output.amount_blinder.as_ref() == Some(&reported.amount_blinder)
                && output.asset_blinder.as_ref() == Some(&reported.asset_blinder)
        })
    }))
}

/// Reads AMP's record of the transaction and holds it against what was reported: every difference, in words. `None`
/// where AMP has no such record.
///
/// # Errors
/// When AMP cannot be asked.
pub async fn read_back(amp: &Amp, signed: &Signed) -> Result<Option<Vec<String>>, AmpError> {
    let record = if_there(amp.transaction(signed.asset_uuid(), signed.txid()).await)?;
    Ok(record.map(|record| differences(&record, signed.payload())))
}

/// An output as it was reported.
struct Reported {
    amount: u64,
    amount_blinder: String,
    asset_blinder: String,
    own: bool,
}

fn differences(record: &AmpTransaction, payload: &Payload) -> Vec<String> {
    let mut found = Vec::new();
    for (vout, reported) in reported(payload) {
        let Some(output) = record.outputs.iter().find(|output| usize::try_from(output.vout) == Ok(vout))
        else {
            found.push(format!("output {vout}: AMP does not list it"));
            continue;
        };
        let mut differs = |what: &str, theirs: Option<String>, ours: String| {
            if let Some(theirs) = theirs.filter(|theirs| *theirs != ours) {
                found.push(format!("output {vout}: AMP has {what} {theirs}, reported was {ours}"));
            }
        };
        differs("amount", output.amount.map(|amount| amount.to_string()), reported.amount.to_string());
        // Blinders are secret: that they differ is told, not how.
        let blinders = [
            ("asset blinder", &output.asset_blinder, &reported.asset_blinder),
            ("amount blinder", &output.amount_blinder, &reported.amount_blinder),
        ];
        for (what, theirs, ours) in blinders {
            if theirs.as_ref().is_some_and(|theirs| theirs != ours) {
                differs(what, Some("another".to_owned()), "the one that opens it".to_owned());
            }
        }
        if reported.own && output.is_treasury == Some(false) {
            found.push(format!("output {vout}: AMP does not count it as the treasury's"));
        }
    }
    found
}

/// What a payload says of each output.
fn reported(payload: &Payload) -> BTreeMap<usize, Reported> {
    let (details, change): (&[_], &[_]) = match payload {
        Payload::Distribute { tx_data, change_data } => (&tx_data.details, change_data),
        Payload::Reissue { details, .. } => (details, &[]),
        Payload::Burn { change_data, .. } => (&[], change_data),
    };
    let mut outputs = BTreeMap::new();
    for row in details {
        let known: &mut Reported = outputs.entry(row.vout).or_insert_with(|| Reported {
            amount: row.amount.amount().base_units(),
            amount_blinder: row.amountblinder.to_string(),
            asset_blinder: row.assetblinder.to_string(),
            own: false,
        });
        known.own |= row.category == Category::Receive;
    }
    for row in change {
        let known = outputs.entry(row.vout).or_insert_with(|| Reported {
            amount: row.amount.amount().base_units(),
            amount_blinder: row.amountblinder.to_string(),
            asset_blinder: row.assetblinder.to_string(),
            own: true,
        });
        known.own = true;
    }
    outputs
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

    #[test]
    fn a_burn_without_change_that_amp_sees_on_the_chain_is_no_proof_of_a_report() {
        let txid = "01".repeat(32);
        let payload = format!(r#"{{"tx_data":{{"txid":"{txid}"}},"change_data":[]}}"#);
        let payload = Payload::parse(Command::Burn, &payload).unwrap();
        let record = format!(r#"{{"txid":"{txid}","outputs":[{{"vout":0,"is_burnt":true}}]}}"#);
        let record: AmpTransaction = serde_json::from_str(&record).unwrap();
        assert_eq!(shows_burn(&record, &payload), None);
    }
}
