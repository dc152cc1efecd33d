//! AMP's record of the transactions that it knows: what a client compares its own with after confirming.

use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::{OutPoint, Txid};
use coldamp_core::units::AssetAmount;
use serde_json::{Value, json};

use super::answers::Refusal;
use super::asset::Asset;
use super::outputs::{Holder, Known, mined_spender};
use super::routes::Route;
use super::{Amp, datetime};
use crate::exchange::Answer;
use crate::ledger::Ledger;

/// A transaction that AMP knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Report {
    /// The transaction.
    pub(super) txid: Txid,
    /// What it did.
    pub(super) kind: Kind,
}

/// What a transaction did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Issued the asset.
    Issuance,
    /// Moved units or tokens of the treasury before AMP was told of the asset.
    Transfer,
    /// Issued more.
    Reissuance {
        /// The input that did.
        vin: u32,
        /// The amount, in base units.
        amount: AssetAmount,
        /// The first output that took it.
        vout: u32,
    },
    /// Paid the assignments of a distribution.
    Distribution {
        /// The distribution.
        uuid: Uuid,
    },
    /// Destroyed units.
    Burn {
        /// The amount, in base units.
        amount: AssetAmount,
    },
}

impl Report {
    /// The block that holds it.
    pub(super) fn height(&self, ledger: &dyn Ledger) -> Option<u32> {
        let confirmations = ledger.confirmations(self.txid)?;
        let above = confirmations.checked_sub(1)?;
        ledger.tip().checked_sub(above)
    }
}

impl Kind {
    /// The words of a refusal.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Kind::Issuance => "the issuance",
            Kind::Transfer => "a transfer",
            Kind::Reissuance { .. } => "a reissuance",
            Kind::Distribution { .. } => "a distribution",
            Kind::Burn { .. } => "a burn",
        }
    }
}

impl Amp {
    /// All of an asset, the issuance first.
    pub(super) fn txs(&self, ledger: &dyn Ledger, route: &Route<'_>) -> Result<Answer, Refusal> {
        let asset = self.asset(route)?;
        let rows: Vec<Value> =
            asset.reports.iter().map(|report| self.describe_tx(ledger, asset, report)).collect();
        Ok(Answer::json(200, &json!(rows)))
    }

    /// One of them.
    pub(super) fn tx(&self, ledger: &dyn Ledger, route: &Route<'_>) -> Result<Answer, Refusal> {
        let asset = self.asset(route)?;
        let txid: Txid = route.item.parse().map_err(|_| Refusal::NotFound)?;
        let report = asset.report(txid).ok_or(Refusal::NotFound)?;
        Ok(Answer::json(200, &self.describe_tx(ledger, asset, report)))
    }

    fn describe_tx(&self, ledger: &dyn Ledger, asset: &Asset, report: &Report) -> Value {
        let height = report.height(ledger);
        let transaction = ledger.transaction(report.txid);
        let inputs = transaction.iter().flat_map(|tx| (0_u32..).zip(&tx.input)).filter_map(|(vin, input)| {
            let known = asset.outputs.get(&input.previous_output)?;
            let mut row = self.describe_output(known);
            row.insert("vin".to_owned(), json!(vin));
            row.insert("prev_txid".to_owned(), json!(input.previous_output.txid.to_string()));
            row.insert("prev_vout".to_owned(), json!(input.previous_output.vout));
            Some(row)
        });
        let of_tx = |vout| OutPoint { txid: report.txid, vout };
        let outputs = asset.outputs.range(of_tx(0)..=of_tx(u32::MAX)).map(|(outpoint, known)| {
            let mut row = self.describe_output(known);
            row.insert("vout".to_owned(), json!(outpoint.vout));
            row.insert("is_spent".to_owned(), json!(mined_spender(ledger, *outpoint).is_some()));
            row.insert("is_burnt".to_owned(), json!(known.holder == Holder::Burnt));
            row
        });
        json!({
            "txid": report.txid.to_string(),
            "datetime": datetime::of_block(height),
            "blockheight": height,
            "is_issuance": report.kind == Kind::Issuance,
            "is_reissuance": matches!(report.kind, Kind::Reissuance { .. }),
            "is_distribution": matches!(report.kind, Kind::Distribution { .. }),
            "inputs": inputs.collect::<Vec<_>>(),
            "outputs": outputs.collect::<Vec<_>>(),
            "unblinded_url": "",
        })
    }

    fn describe_output(&self, known: &Known) -> serde_json::Map<String, Value> {
        let user = self.holder_of(known);
        let members = [
            ("asset_id", json!(known.opening.asset.to_string())),
            ("amount", json!(known.opening.amount.base_units())),
            ("asset_blinder", json!(known.opening.asset_blinder.to_string())),
            ("amount_blinder", json!(known.opening.amount_blinder.to_string())),
            ("registered_user", json!(user.map(|user| user.id))),
            ("GAID", json!(user.map(|user| &user.gaid))),
            ("is_treasury", json!(known.holder == Holder::Treasury)),
        ];
        members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}
