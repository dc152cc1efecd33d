//! Whether what AMP said to a report, with status 200, is its yes. A proxy's page of maintenance comes with 200 too, and a
//! report that was taken for posted on that ground would never be posted.

use coldamp_core::amp::confirm::Payload;
use coldamp_core::amp::request::Command;
use coldamp_core::signed::SignedFile;

use crate::amp::{Distribution, DistributionEntry, reissued};

/// Holds an answer against the report. AMP says nothing to the report of a burn, and nothing, or the distribution with our
/// transaction in it, to that of a distribution. To that of a reissue it names transaction, input and amount.
///
/// # Errors
/// What is wrong with it, in words that may quote it.
pub(super) fn is_yes(signed: &SignedFile, answer: &[u8]) -> Result<(), String> {
    let txid = signed.txid();
    match (signed.command(), signed.payload(), answer.trim_ascii()) {
        (Command::Distribute | Command::Burn, _, b"") => Ok(()),
        (Command::Burn, ..) => Err("expected nothing".to_owned()),
        (Command::Distribute, _, text) => {
            let uuid = signed.distribution_uuid().ok_or("the signed file names no distribution")?;
            match Distribution::read(text, uuid)?.entry_of(txid) {
                DistributionEntry::Reported => Ok(()),
                DistributionEntry::Other(found) => Err(format!("found transaction {found}, expected {txid}")),
                DistributionEntry::Unreported => Err("it has the distribution as not reported".to_owned()),
                DistributionEntry::Untold { reason } => Err(reason),
            }
        }
        (Command::Reissue, Payload::Reissue { reissuance_output, listissuances, .. }, text) => {
            let told = reissued(text)?;
            if told.txid != txid {
                return Err(format!("found transaction {}, expected {txid}", told.txid));
            }
            if usize::try_from(told.vin) != Ok(reissuance_output.vin) {
                return Err(format!("found input {}, expected {}", told.vin, reissuance_output.vin));
            }
            match listissuances.first().map(|row| row.assetamount.amount()) {
                Some(amount) if amount == told.amount => Ok(()),
                reported => Err(format!(
                    "found {} base units, expected {}",
                    told.amount,
                    reported.map(|amount| amount.to_string()).unwrap_or_default()
                )),
            }
        }
        (Command::Reissue, ..) => Err("the signed file holds no report of a reissue".to_owned()),
    }
}
