//! Compares AMP's record of a transaction with the report.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use coldamp_core::amp::confirm::{Category, Payload};
use coldamp_core::elements::confidential::{AssetBlindingFactor, ValueBlindingFactor};
use coldamp_core::elements::{Address, Script};
use coldamp_core::signed::SignedFile;
use coldamp_core::units::AssetAmount;

use super::record::if_shown;
use super::{Posted, ReportError, ReportRecord};
use crate::amp::{Amp, AmpError, AmpOutput, AmpTransaction};

/// What comparing AMP's record with the report showed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadBack {
    /// Where AMP's record differs from the report, or lacks something, in words.
    pub differences: Vec<String>,
    /// What AMP does not show, so that it was not compared, and other facts for the operator.
    pub notices: Vec<String>,
    /// Whether AMP showed a record of the transaction to compare with.
    pub compared: bool,
}

/// Compares AMP's record with the report, once AMP has taken it.
///
/// # Errors
/// When AMP cannot be asked, or its record does not have the report.
pub async fn read_back<E: std::error::Error + 'static>(
    amp: &Amp,
    signed: &SignedFile,
    posted: &Posted,
) -> Result<ReadBack, ReportError<E>> {
    let mut look = ReadBack::default();
    match posted {
        Posted::Now { record: ReportRecord::Shown { differences }, .. }
        | Posted::AlreadyReported { differences } => {
            look.differences.clone_from(differences);
        }
        Posted::Now { record: ReportRecord::Missing { found }, .. } => {
            return Err(ReportError::Missing { txid: signed.txid(), found: found.clone() });
        }
        Posted::Now { record: ReportRecord::Untold { reason }, .. } | Posted::ByLogAlone { reason } => {
            look.notices.push(format!("AMP's record does not tell whether it has the report: {reason}"));
        }
    }
    match if_shown(amp.transaction(signed.asset_uuid(), signed.txid()).await)? {
        Err(reason) => look
            .notices
            .push(format!("AMP has no record of the transaction to compare the report with: {reason}")),
        Ok(record) => {
            look.compared = true;
            compare(&record, signed.payload(), &mut look);
            not_the_treasurys(amp, signed, &record, &mut look).await?;
        }
    }
    Ok(look)
}

/// An output as it was reported.
pub(super) struct Reported {
    amount: AssetAmount,
    pub(super) amount_blinder: ValueBlindingFactor,
    pub(super) asset_blinder: AssetBlindingFactor,
    own: bool,
}

fn output_of(record: &AmpTransaction, vout: usize) -> Option<&AmpOutput> {
    record.outputs.iter().find(|output| usize::try_from(output.vout) == Ok(vout))
}

fn compare(record: &AmpTransaction, payload: &Payload, look: &mut ReadBack) {
    let differences = &mut look.differences;
    for (vout, reported) in reported(payload) {
        let Some(output) = output_of(record, vout) else {
            differences.push(format!("output {vout}: AMP does not list it"));
            continue;
        };
        match output.amount {
            None => look.notices.push(format!("output {vout}: AMP does not show its amount")),
            Some(amount) if amount != reported.amount => differences.push(format!(
                "output {vout}: AMP has {}, reported were {}",
                amount.in_base_units(),
                reported.amount.in_base_units()
            )),
            Some(_) => {}
        }
        // Blinders are secret: the message says that they differ, and not how. For an explicit output AMP has zeros.
        let asset = output.asset_blinder.unwrap_or_else(AssetBlindingFactor::zero) == reported.asset_blinder;
        let amount =
            output.amount_blinder.unwrap_or_else(ValueBlindingFactor::zero) == reported.amount_blinder;
        for (name, same, is_there) in [
            ("asset blinder", asset, output.asset_blinder.is_some()),
            ("amount blinder", amount, output.amount_blinder.is_some()),
        ] {
            match (same, is_there) {
                (true, _) => {}
                (false, false) => differences.push(format!("output {vout}: AMP misses its {name}")),
                (false, true) => differences
                    .push(format!("output {vout}: AMP has another {name} than the one that opens it")),
            }
        }
        if reported.own && output.is_treasury.is_none() {
            look.notices.push(format!("output {vout}: AMP does not say whether it is the treasury's"));
        }
    }
}

/// Own outputs that AMP does not count as the treasury's. If the address was never registered, AMP may be unable to, and that
/// is not a difference. If it was registered, it is one. If AMP does not show which were registered, this is not known.
async fn not_the_treasurys(
    amp: &Amp,
    signed: &SignedFile,
    record: &AmpTransaction,
    look: &mut ReadBack,
) -> Result<(), AmpError> {
    let reported = reported(signed.payload());
    let own = reported.iter().filter(|(_, reported)| reported.own).map(|(vout, _)| *vout);
    let strangers: Vec<usize> = own
        .filter(|vout| output_of(record, *vout).is_some_and(|output| output.is_treasury == Some(false)))
        .collect();
    if strangers.is_empty() {
        return Ok(());
    }
    let registered = if_shown(amp.treasury_addresses(signed.asset_uuid()).await)?;
    let registered: Option<Vec<Script>> = registered.ok().and_then(|addresses| {
        let scripts = addresses.iter().map(|text| Address::from_str(text).ok());
        scripts.map(|address| address.map(|address| address.script_pubkey())).collect()
    });
    for vout in strangers {
        let script = signed.transaction().output.get(vout).map(|output| &output.script_pubkey);
        let is_registered = script.zip(registered.as_ref()).map(|(script, all)| all.contains(script));
        match is_registered {
            Some(false) => look.notices.push(format!(
                "output {vout}: AMP does not count it as the treasury's; its address is not registered at AMP as one of the treasury's"
            )),
            Some(true) => look.differences.push(format!(
                "output {vout}: AMP does not count it as the treasury's, whose address it is by AMP's own list"
            )),
            None => look.differences.push(format!(
                "output {vout}: AMP does not count it as the treasury's, and does not show which addresses are"
            )),
        }
    }
    Ok(())
}

/// What a payload says of each output.
pub(super) fn reported(payload: &Payload) -> BTreeMap<usize, Reported> {
    let mut outputs = BTreeMap::new();
    for row in payload.details() {
        let known: &mut Reported = outputs.entry(row.vout).or_insert_with(|| Reported {
            amount: row.amount.amount(),
            amount_blinder: row.amountblinder,
            asset_blinder: row.assetblinder,
            own: false,
        });
        known.own |= row.category == Category::Receive;
    }
    for row in payload.change_data() {
        let known = outputs.entry(row.vout).or_insert_with(|| Reported {
            amount: row.amount.amount(),
            amount_blinder: row.amountblinder,
            asset_blinder: row.assetblinder,
            own: true,
        });
        known.own = true;
    }
    outputs
}
