//! Distributions: a GET makes one of all assignments that are ready. No list shows it before it is confirmed.

use std::collections::BTreeMap;

use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::Txid;
use coldamp_core::units::AssetAmount;
use serde::Serialize;
use serde_json::{Value, json};

use super::answers::{Refusal, written};
use super::asset::Asset;
use super::assignments::Assignment;
use super::datetime;
use super::python_float::PythonFloat;
use super::routes::Route;
use super::txs::Report;
use super::{Amp, CLIENT_VERSION};
use crate::exchange::Answer;
use crate::ledger::Ledger;

/// A distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Distribution {
    /// The transaction that carried it out, once that was reported.
    pub(super) txid: Option<Txid>,
}

#[derive(Serialize)]
struct RequestFile<'a> {
    command: &'static str,
    min_supported_client_script_version: u64,
    base_url: &'a str,
    asset_uuid: String,
    asset_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    distribution_uuid: Option<String>,
    map_address_amount: BTreeMap<String, PythonFloat>,
    map_address_asset: BTreeMap<String, String>,
}

impl Asset {
    /// The assignments of a distribution, by number.
    pub(super) fn assignments_of<'a>(&'a self, uuid: &'a Uuid) -> impl Iterator<Item = &'a Assignment> {
        self.assignments.values().filter(move |row| row.distribution.as_ref() == Some(uuid))
    }

    /// The answer to `distributions/UUID`.
    pub(super) fn describe_distribution(&self, ledger: &dyn Ledger, uuid: &Uuid) -> Option<Value> {
        let distribution = self.distributions.get(uuid)?;
        let report = distribution.txid.and_then(|txid| self.report(txid));
        let transaction = |report: &Report| {
            let height = report.height(ledger);
            let rows: Vec<Value> = self
                .assignments_of(uuid)
                .map(|row| {
                    json!({
                        "registered_user": row.user,
                        "amount": row.amount.base_units(),
                        "vout": row.vout,
                    })
                })
                .collect();
            json!({
                "txid": report.txid.to_string(),
                "transaction_status": "CONFIRMED",
                "included_blockheight": height,
                "confirmed_datetime": datetime::of_block(height),
                "assignments": rows,
            })
        };
        Some(json!({
            "distribution_uuid": uuid.to_string(),
            "distribution_status": if report.is_some() { "CONFIRMED" } else { "UNCONFIRMED" },
            "transactions": report.map(transaction).into_iter().collect::<Vec<Value>>(),
        }))
    }
}

impl Amp {
    /// The confirmed ones.
    pub(super) fn list_distributions(
        &self,
        ledger: &dyn Ledger,
        route: &Route<'_>,
    ) -> Result<Answer, Refusal> {
        let asset = self.asset(route)?;
        let confirmed = asset.distributions.iter().filter(|(_, distribution)| distribution.txid.is_some());
        let rows: Vec<Value> =
            confirmed.filter_map(|(uuid, _)| asset.describe_distribution(ledger, uuid)).collect();
        Ok(Answer::json(200, &json!(rows)))
    }

    /// One of them.
    pub(super) fn show_distribution(
        &self,
        ledger: &dyn Ledger,
        route: &Route<'_>,
    ) -> Result<Answer, Refusal> {
        let described = self.asset(route)?.describe_distribution(ledger, &route.distribution_uuid()?);
        described.map(|value| Answer::json(200, &value)).ok_or(Refusal::NotFound)
    }

    /// Makes a distribution of every assignment that is ready, vested, not distributed and in no other distribution.
    /// If there is no such assignment, the answer is the same without a uuid, and not an error.
    pub(super) fn create_distribution(
        &mut self,
        ledger: &dyn Ledger,
        route: &Route<'_>,
    ) -> Result<Answer, Refusal> {
        let asset = self.asset(route)?;
        asset.may_be_distributed(ledger)?;
        let due = |row: &&Assignment| row.ready && row.distribution.is_none() && row.has_vested(self.now);
        let due: Vec<u64> = asset.assignments.values().filter(due).map(|row| row.id).collect();
        let (asset_uuid, asset_id) = (asset.uuid.clone(), asset.record.asset.to_string());
        let mut amounts: BTreeMap<String, AssetAmount> = BTreeMap::new();
        let uuid = (!due.is_empty()).then(|| self.derived.uuid());
        if let (Some(asset), Some(uuid)) = (self.assets.get_mut(&asset_uuid), &uuid) {
            for id in due {
                let Some(row) = asset.assignments.get_mut(&id) else { continue };
                // A map has one amount for an address: two assignments never share one.
                let mut address = row.address.take().unwrap_or_else(|| self.derived.address());
                while amounts.contains_key(&address.to_string()) {
                    address = self.derived.address();
                }
                amounts.insert(address.to_string(), row.amount);
                row.address = Some(address);
                row.distribution = Some(uuid.clone());
            }
            asset.distributions.insert(uuid.clone(), Distribution { txid: None });
            self.distributions_created = self.distributions_created.saturating_add(1);
        }
        written(&RequestFile {
            command: "distribute",
            min_supported_client_script_version: CLIENT_VERSION,
            base_url: &self.base_url,
            asset_uuid: asset_uuid.to_string(),
            map_address_asset: amounts.keys().map(|address| (address.clone(), asset_id.clone())).collect(),
            asset_id,
            distribution_uuid: uuid.map(|uuid| uuid.to_string()),
            map_address_amount: amounts
                .into_iter()
                .map(|(address, amount)| (address, PythonFloat(amount)))
                .collect(),
        })
    }

    /// Cancels an open distribution. Its assignments are ready again, each with its old address.
    pub(super) fn cancel_distribution(&mut self, route: &Route<'_>) -> Result<Answer, Refusal> {
        let uuid = route.distribution_uuid()?;
        let asset = self.asset_mut(route)?;
        match asset.distributions.get(&uuid) {
            None => return Err(Refusal::NotFound),
            Some(Distribution { txid: Some(txid) }) => {
                return Err(Refusal::detail(format!("The distribution was confirmed by {txid}.")));
            }
            Some(Distribution { txid: None }) => {}
        }
        asset.distributions.remove(&uuid);
        for row in asset.assignments.values_mut() {
            if row.distribution.as_ref() == Some(&uuid) {
                row.distribution = None;
            }
        }
        Ok(Answer::empty(200))
    }
}
