//! distributions/UUID/confirm: every assignment was paid, its address and its amount.

use std::collections::BTreeMap;

use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::{Transaction, Txid};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::details::Details;
use super::{Reported, change, settled};
use crate::amp::answers::Refusal;
use crate::amp::asset::Asset;
use crate::amp::assignments::Assignment;
use crate::amp::open::output_at;
use crate::amp::outputs::Holder;
use crate::amp::routes::Route;
use crate::amp::txs::Kind;
use crate::amp::{Amp, body};
use crate::exchange::{Answer, Question};
use crate::ledger::Ledger;
use coldamp_core::units::AssetAmount;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    tx_data: TxData,
    change_data: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TxData {
    details: Vec<Box<RawValue>>,
    #[serde(deserialize_with = "body::hex_64")]
    txid: Txid,
}

/// Which output paid which assignment, by the assignment's number.
type Paid = BTreeMap<u64, u32>;

impl Amp {
    /// Accepts the report of a distribution.
    pub(in crate::amp) fn confirm_distribution(
        &mut self,
        ledger: &dyn Ledger,
        route: &Route<'_>,
        question: &Question,
    ) -> Result<Answer, Refusal> {
        let uuid = route.distribution_uuid()?;
        let asset = self.asset(route)?;
        let confirmed = asset.distributions.get(&uuid).ok_or(Refusal::NotFound)?.txid;
        let told: Body = body::read(&question.body)?;
        let txid = told.tx_data.txid;
        if let Some(earlier) = confirmed.filter(|earlier| *earlier != txid) {
            return Err(Refusal::detail(format!("The distribution was confirmed by {earlier}.")));
        }
        let (transaction, confirmations) = settled(ledger, txid)?;
        let details = Details::read(&transaction, &told.tx_data.details, &[asset.record.asset])?;
        let change = change::read(&transaction, confirmations, &told.change_data, asset.record.asset)?;
        let paid = asset.match_payments(&transaction, &uuid, &details)?;
        // An own address among the recipients is in both lists. Its output is opened twice, with the same result.
        let reported: Reported = change.into_iter().chain(details.reported()).collect();
        asset.nothing_goes_missing(&transaction, &reported, AssetAmount::ZERO)?;

        let kind = Kind::Distribution { uuid: uuid.clone() };
        if !asset.is_repeated(txid, |known| *known == kind)? {
            self.asset_mut(route)?.settle(txid, &uuid, reported, &paid);
        }
        self.count(&question.path, txid);
        let described = self.asset(route)?.describe_distribution(ledger, &uuid);
        described.map(|value| Answer::json(200, &value)).ok_or(Refusal::NotFound)
    }
}

impl Asset {
    /// Matches sends and assignments one to one.
    fn match_payments(
        &self,
        transaction: &Transaction,
        uuid: &Uuid,
        details: &Details<'_>,
    ) -> Result<Paid, Refusal> {
        let mut paid = Paid::new();
        for send in &details.sends {
            let output = output_at(transaction, send.vout).map_err(|error| send.row.refuse(error))?;
            let script = &output.script_pubkey;
            let to = |row: &&Assignment| {
                !paid.contains_key(&row.id)
                    && row.address.as_ref().is_some_and(|address| address.script_pubkey() == *script)
            };
            let Some(row) = self.assignments_of(uuid).find(to) else {
                let vout = send.vout;
                return Err(send
                    .row
                    .refuse(format!("output {vout} pays no assignment of this distribution")));
            };
            if row.amount != send.opening.amount {
                let (found, expected) = (send.opening.amount.to_node_decimal(), row.amount.to_node_decimal());
                let reason = format!("amount is {found}, and assignment {} is of {expected}", row.id);
                return Err(send.row.refuse(reason));
            }
            let confidential = row.address.as_ref().is_some_and(|address| address.is_blinded());
            if confidential && !output.asset.is_confidential() {
                let reason = format!("output {} is explicit, and its address is confidential", send.vout);
                return Err(send.row.refuse(reason));
            }
            paid.insert(row.id, send.vout);
        }
        match self.assignments_of(uuid).find(|row| !paid.contains_key(&row.id)) {
            None => Ok(paid),
            Some(row) => Err(Refusal::detail(format!(
                "details: nothing pays assignment {} of {}",
                row.id,
                row.amount.to_node_decimal()
            ))),
        }
    }

    fn settle(&mut self, txid: Txid, uuid: &Uuid, reported: Reported, paid: &Paid) {
        let mut users = BTreeMap::new();
        for (id, vout) in paid {
            if let Some(row) = self.assignments.get_mut(id) {
                row.vout = Some(*vout);
                users.insert(*vout, row.user);
            }
        }
        if let Some(distribution) = self.distributions.get_mut(uuid) {
            distribution.txid = Some(txid);
        }
        let holder = |vout: u32, _: &_| users.get(&vout).map_or(Holder::Treasury, |id| Holder::User(*id));
        self.enter(txid, Kind::Distribution { uuid: uuid.clone() }, reported, holder);
    }
}
