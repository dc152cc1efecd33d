//! The three confirms, and update-blinders.
//!
//! Each reads its body strictly, requires two confirmations of the transaction, opens every output that a row names, and
//! compares the outputs with what the treasury spent: what is neither paid, burnt nor reported as change would be lost. A
//! refusal names the row. The same report again is accepted again, and counted.

mod burn;
mod change;
mod details;
mod distribution;
mod reissue;

use std::collections::BTreeMap;

use coldamp_core::elements::confidential::{AssetBlindingFactor, ValueBlindingFactor};
use coldamp_core::elements::{AssetId, OutPoint, Transaction, Txid};
use coldamp_core::listed::CoinName;
use coldamp_core::units::AssetAmount;
use serde::Deserialize;

use super::answers::Refusal;
use super::asset::Asset;
use super::open::{Opening, open_output, output_at};
use super::outputs::{ENOUGH_CONFIRMATIONS, Holder, Known};
use super::requests::Asked;
use super::routes::Route;
use super::txs::{Kind, Report};
use super::{Amp, Confirmed, body};
use crate::exchange::Answer;
use crate::ledger::Ledger;

/// Outputs of one transaction, by index, as they were reported and opened.
type Reported = BTreeMap<u32, Opening>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UpdateBody {
    #[serde(deserialize_with = "body::hex_64")]
    txid: Txid,
    vout: u32,
    #[serde(deserialize_with = "body::hex_64")]
    asset_blinder: AssetBlindingFactor,
    #[serde(deserialize_with = "body::hex_64")]
    amount_blinder: ValueBlindingFactor,
}

/// A transaction with enough confirmations, and their number.
fn settled(ledger: &dyn Ledger, txid: Txid) -> Result<(Transaction, u32), Refusal> {
    let known = ledger.transaction(txid).zip(ledger.confirmations(txid));
    let (transaction, confirmations) =
        known.ok_or_else(|| Refusal::detail(format!("Transaction {txid} is not known.")))?;
    if confirmations < ENOUGH_CONFIRMATIONS {
        return Err(Refusal::detail(format!(
            "Transaction {txid} has {confirmations} confirmations; {ENOUGH_CONFIRMATIONS} are needed."
        )));
    }
    Ok((transaction, confirmations))
}

impl Asset {
    /// What went into the transaction out of the treasury, and what it issued, must be reported as coming out of it.
    fn nothing_goes_missing(
        &self,
        transaction: &Transaction,
        reported: &Reported,
        issued: AssetAmount,
    ) -> Result<(), Refusal> {
        let assets = [(self.record.asset, issued)];
        let tokens = self.record.token.map(|token| (token, AssetAmount::ZERO));
        for (asset, issued) in assets.into_iter().chain(tokens) {
            let spent = transaction.input.iter().filter_map(|input| self.outputs.get(&input.previous_output));
            let spent = spent.filter(|known| known.holder == Holder::Treasury).map(|known| &known.opening);
            let gone = total(spent, asset).saturating_add(u128::from(issued.base_units()));
            let come = total(reported.values(), asset);
            if come < gone {
                return Err(Refusal::detail(format!(
                    "{gone} base units of {asset} went into {}, and the report says of {come} where they went",
                    transaction.txid()
                )));
            }
        }
        Ok(())
    }

    /// Whether this very report was accepted before.
    ///
    /// # Errors
    /// When the transaction is known as something else.
    fn is_repeated(&self, txid: Txid, same: impl Fn(&Kind) -> bool) -> Result<bool, Refusal> {
        match self.report(txid) {
            None => Ok(false),
            Some(report) if same(&report.kind) => Ok(true),
            Some(report) => {
                Err(Refusal::detail(format!("Transaction {txid} is known as {}.", report.kind.name())))
            }
        }
    }

    /// Records a transaction and the outputs of its report.
    fn enter(
        &mut self,
        txid: Txid,
        kind: Kind,
        reported: Reported,
        holder_of: impl Fn(u32, &Opening) -> Holder,
    ) {
        self.reports.push(Report { txid, kind });
        for (vout, opening) in reported {
            let holder = holder_of(vout, &opening);
            self.outputs.insert(OutPoint { txid, vout }, Known { opening, holder });
        }
    }
}

fn total<'a>(openings: impl Iterator<Item = &'a Opening>, asset: AssetId) -> u128 {
    let amounts = openings.filter(|opening| opening.asset == asset).map(|opening| opening.amount);
    amounts.map(|amount| u128::from(amount.base_units())).sum()
}

/// The first open request of that amount.
fn open_request<'a>(
    asked: &'a mut [Asked],
    amount: AssetAmount,
    name: &str,
) -> Result<&'a mut Asked, Refusal> {
    let mut open = asked.iter_mut().filter(|asked| asked.answered.is_none());
    open.find(|asked| asked.amount == amount)
        .ok_or_else(|| Refusal::detail(format!("No open {name} request is of {}.", amount.to_node_decimal())))
}

impl Amp {
    /// Accepts the blinders of an output of the treasury. AMP already knows asset and amount.
    pub(super) fn update_blinders(
        &mut self,
        ledger: &dyn Ledger,
        route: &Route<'_>,
        body: &[u8],
    ) -> Result<Answer, Refusal> {
        let told: UpdateBody = body::read(body)?;
        let asset = self.asset_mut(route)?;
        let outpoint = OutPoint { txid: told.txid, vout: told.vout };
        let known = asset.outputs.get_mut(&outpoint);
        let known = known
            .ok_or_else(|| Refusal::detail(format!("{} is no output of this asset.", CoinName(outpoint))))?;
        let transaction = ledger.transaction(told.txid);
        let transaction =
            transaction.ok_or_else(|| Refusal::detail(format!("Transaction {} is not known.", told.txid)))?;
        let opening = Opening {
            asset_blinder: told.asset_blinder,
            amount_blinder: told.amount_blinder,
            ..known.opening
        };
        let output = output_at(&transaction, told.vout);
        let opened = output.and_then(|output| open_output(output, told.vout, &opening));
        opened.map_err(|error| Refusal::detail(error.to_string()))?;
        known.opening = opening;
        Ok(Answer::empty(200))
    }

    /// Counts an accepted report.
    fn count(&mut self, path: &str, txid: Txid) {
        match self.confirms.iter_mut().find(|taken| taken.path == path && taken.txid == txid) {
            Some(taken) => taken.times = taken.times.saturating_add(1),
            None => self.confirms.push(Confirmed { path: path.to_owned(), txid, times: 1 }),
        }
    }
}
