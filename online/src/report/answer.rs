//! Whether AMP's answer to a report, with status 200, accepts it. A proxy's maintenance page has status 200 too. If it
//! counted as acceptance, the report would never be posted.

use coldamp_core::amp::confirm::Payload;
use coldamp_core::amp::request::Command;
use coldamp_core::signed::SignedFile;
use coldamp_core::units::AssetAmount;

use crate::amp::{Distribution, DistributionEntry, reissued};

/// Compares an answer with the report. AMP answers the report of a burn with an empty body, that of a distribution with an
/// empty body or with the distribution and our transaction in it, and that of a reissue with transaction, input and amount.
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
                    "found {}, expected {}",
                    told.amount.in_base_units(),
                    reported.map(AssetAmount::in_base_units).unwrap_or_default()
                )),
            }
        }
        (Command::Reissue, ..) => Err("the signed file holds no report of a reissue".to_owned()),
    }
}
