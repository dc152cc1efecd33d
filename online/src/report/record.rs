//! Whether AMP's own record shows a report.

use coldamp_core::amp::confirm::Payload;
use coldamp_core::amp::request::Command;
use coldamp_core::elements::confidential::{AssetBlindingFactor, ValueBlindingFactor};
use coldamp_core::signed::SignedFile;
use coldamp_core::units::AssetAmount;

use super::ReportError;
use super::read_back::{Reported, reported};
use crate::amp::{self, Amp, AmpError, AmpTransaction};

/// What AMP's record shows of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportRecord {
    /// AMP has the report: the record holds something that only the report could tell it.
    Shown {
        /// Where it differs from the report, in words.
        differences: Vec<String>,
    },
    /// The record was read, and does not have it.
    Missing {
        /// What it has, in words.
        found: String,
    },
    /// The record does not tell.
    Untold {
        /// Why the record does not tell.
        reason: String,
    },
}

fn untold(reason: impl Into<String>) -> ReportRecord {
    ReportRecord::Untold { reason: reason.into() }
}

/// Reads the record: that of the distribution, the list of reissuances, or for a burn the list of transactions.
///
/// # Errors
/// When AMP cannot be asked, or has another transaction for this distribution.
pub async fn report_record<E: std::error::Error + 'static>(
    amp: &Amp,
    signed: &SignedFile,
) -> Result<ReportRecord, ReportError<E>> {
    let (asset, txid) = (signed.asset_uuid(), signed.txid());
    match (signed.command(), signed.distribution_uuid()) {
        (Command::Distribute, Some(uuid)) => match if_shown(amp.distribution(asset, uuid).await)? {
            Err(reason) => Ok(untold(reason)),
            Ok(distribution) => match distribution.entry_of(txid) {
                amp::DistributionEntry::Reported => Ok(ReportRecord::Shown { differences: Vec::new() }),
                amp::DistributionEntry::Other(found) => {
                    Err(ReportError::OtherTransaction { found, expected: txid })
                }
                amp::DistributionEntry::Unreported => Ok(ReportRecord::Missing {
                    found: "it has the distribution without a transaction".to_owned(),
                }),
                amp::DistributionEntry::Untold { reason } => Ok(untold(reason)),
            },
        },
        (Command::Reissue, _) => {
            let known = match if_shown(amp.reissuances(asset).await)? {
                Ok(known) => known,
                Err(reason) => return Ok(untold(reason)),
            };
            let Some(row) = known.iter().find(|row| row.txid == txid) else {
                let found = format!("it lists {} reissuances, and this one is not among them", known.len());
                return Ok(ReportRecord::Missing { found });
            };
            let made = signed.payload().issuances().first().map(|row| row.assetamount.amount());
            let words = |made: AssetAmount| {
                let (known, made) = (row.amount.in_base_units(), made.in_base_units());
                format!("reissuance: AMP has {known}, reported were {made}")
            };
            let differs = made.filter(|made| *made != row.amount).map(words);
            Ok(ReportRecord::Shown { differences: differs.into_iter().collect() })
        }
        (Command::Burn | Command::Distribute, _) => match if_shown(amp.transactions(asset).await)? {
            Err(reason) => Ok(untold(reason)),
            Ok(known) => Ok(of_burn(&known, signed)),
        },
    }
}

/// What an endpoint shows, or why it shows nothing.
pub(super) fn if_shown<T>(answer: Result<T, AmpError>) -> Result<Result<T, String>, AmpError> {
    match answer {
        Ok(there) => Ok(Ok(there)),
        Err(error) if error.shows_nothing() => Ok(Err(error.to_string())),
        Err(error) => Err(error),
    }
}

fn of_burn(known: &[AmpTransaction], signed: &SignedFile) -> ReportRecord {
    let txid = signed.txid();
    if known.is_empty() {
        // Every asset has at least one transaction, its issuance.
        return untold("AMP lists no transaction of the asset at all");
    }
    match known.iter().find(|record| record.txid == txid) {
        Some(record) => shown_by(record, signed.payload()),
        None => {
            let found = format!("it lists {} transactions, and this one is not among them", known.len());
            ReportRecord::Missing { found }
        }
    }
}

/// Only the change's blinders can come from the report alone: AMP sees the explicit burnt output on the chain by itself, and
/// explicit change too. If these counted as the report, it would never be posted.
fn shown_by(record: &AmpTransaction, payload: &Payload) -> ReportRecord {
    let blinded: Vec<(usize, Reported)> =
        reported(payload).into_iter().filter(|(_, reported)| reported.is_blinded()).collect();
    if blinded.is_empty() {
        return untold(
            "AMP's record looks the same with and without the report of a burn without blinded change",
        );
    }
    let shows = |(vout, reported): &(usize, Reported)| {
        let mut outputs = record.outputs.iter();
        let output = outputs.find(|output| usize::try_from(output.vout) == Ok(*vout));
        output.is_some_and(|output| {
            output.amount_blinder == Some(reported.amount_blinder)
                && output.asset_blinder == Some(reported.asset_blinder)
        })
    };
    match blinded.iter().find(|output| !shows(output)) {
        None => ReportRecord::Shown { differences: Vec::new() },
        Some((vout, _)) => ReportRecord::Missing { found: format!("it lacks the blinders of output {vout}") },
    }
}

impl Reported {
    /// Whether AMP learns something of the output from its report alone: an explicit one has blinders of zeros.
    fn is_blinded(&self) -> bool {
        self.asset_blinder != AssetBlindingFactor::zero()
            || self.amount_blinder != ValueBlindingFactor::zero()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coldamp_core::elements::Txid;

    #[test]
    fn a_burn_without_change_that_amp_sees_on_the_chain_is_no_proof_of_a_report() {
        let txid = Txid::from_byte_array([1; 32]);
        let payload = format!(r#"{{"tx_data":{{"txid":"{txid}"}},"change_data":[]}}"#);
        let payload = Payload::parse(Command::Burn, &payload).unwrap();
        let record = AmpTransaction { txid, is_issuance: false, outputs: Vec::new() };
        assert!(matches!(shown_by(&record, &payload), ReportRecord::Untold { .. }));
    }
}
