//! Assignments: who is to get how much.

use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::Address;
use coldamp_core::units::AssetAmount;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answers::Refusal;
use super::asset::Asset;
use super::routes::Route;
use super::{Amp, body, datetime};
use crate::exchange::Answer;
use crate::ledger::Ledger;

/// An assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Assignment {
    /// Its number, across all assets.
    pub(super) id: u64,
    /// The registered user.
    pub(super) user: u64,
    /// How much, in base units.
    pub(super) amount: AssetAmount,
    /// Where to; none before its first distribution.
    pub(super) address: Option<Address>,
    /// The distribution that carries it, open or confirmed.
    pub(super) distribution: Option<Uuid>,
    /// Whether the next distribution may take it.
    pub(super) ready: bool,
    /// The vesting time, in Unix seconds: before it no distribution may take it.
    pub(super) vesting: Option<u64>,
    /// The output that paid it.
    pub(super) vout: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    assignments: Option<Vec<Wanted>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    registered_user: Option<u64>,
    amount: Option<u64>,
    vesting_timestamp: Option<u64>,
    #[serde(default)]
    ready_for_distribution: bool,
}

impl Assignment {
    /// Whether its vesting time has passed.
    pub(super) fn has_vested(&self, now: u64) -> bool {
        self.vesting.is_none_or(|vesting| vesting <= now)
    }
}

impl Asset {
    /// What is assigned and not distributed, in base units.
    fn owed(&self) -> AssetAmount {
        let owed = self.assignments.values().filter(|row| row.vout.is_none()).map(|row| row.amount);
        AssetAmount::checked_sum(owed).unwrap_or(AssetAmount::from_base_units(u64::MAX))
    }
}

impl Amp {
    /// All of them, or with `distributed=` only those that were or were not.
    pub(super) fn list_assignments(&self, route: &Route<'_>, query: &str) -> Result<Answer, Refusal> {
        let asset = self.asset(route)?;
        let filter = query.split('&').find_map(|pair| pair.strip_prefix("distributed="));
        let wanted = match filter {
            None => None,
            Some("true") => Some(true),
            Some("false") => Some(false),
            Some(other) => return Err(Refusal::field("distributed", format!("{other:?} is not a boolean."))),
        };
        let rows: Vec<Value> = asset
            .assignments
            .values()
            .filter(|row| wanted.is_none_or(|distributed| row.vout.is_some() == distributed))
            .map(|row| self.describe_assignment(row))
            .collect();
        Ok(Answer::json(200, &json!(rows)))
    }

    /// One of them.
    pub(super) fn show_assignment(&self, route: &Route<'_>) -> Result<Answer, Refusal> {
        let row = self.asset(route)?.assignments.get(&route.id()?).ok_or(Refusal::NotFound)?;
        Ok(Answer::json(200, &self.describe_assignment(row)))
    }

    /// Makes one. AMP wants a list, and accepts only lists of length one.
    pub(super) fn create_assignment(
        &mut self,
        ledger: &dyn Ledger,
        route: &Route<'_>,
        body: &[u8],
    ) -> Result<Answer, Refusal> {
        let body: Body = body::read(body)?;
        let [wanted] = <[Wanted; 1]>::try_from(body::required("assignments", body.assignments)?)
            .map_err(|_| Refusal::field("assignments", "Exactly one assignment is expected."))?;
        let amount = body::amount("amount", wanted.amount)?;
        let user = body::required("registered_user", wanted.registered_user)?;
        if !self.users.contains_key(&user) {
            let reason = format!("Invalid pk \"{user}\" - object does not exist.");
            return Err(Refusal::field("registered_user", reason));
        }
        let asset = self.asset(route)?;
        let held = asset.treasury_balance(ledger);
        if asset.owed().checked_add(amount).is_none_or(|owed| owed > held) {
            return Err(Refusal::NonField("There is not enough in the treasury balance.".to_owned()));
        }
        let uuid = asset.uuid.clone();
        let assignment = Assignment {
            id: 0,
            user,
            amount,
            address: None,
            distribution: None,
            ready: wanted.ready_for_distribution,
            vesting: wanted.vesting_timestamp,
            vout: None,
        };
        let id = self.enter_assignment(&uuid, assignment).ok_or(Refusal::NotFound)?;
        let row = self.asset(route)?.assignments.get(&id).ok_or(Refusal::NotFound)?;
        Ok(Answer::json(200, &json!([self.describe_assignment(row)])))
    }

    /// Locks or unlocks one: the next distribution does not take what is locked. AMP's changelog (0.1.0) has both as part of what
    /// replaced `edit`, which set whether an assignment is ready; so a locked one shows as not ready here. What AMP does with
    /// one that is locked already, or part of a distribution, is not known, and is refused here.
    pub(super) fn lock_assignment(&mut self, route: &Route<'_>, lock: bool) -> Result<Answer, Refusal> {
        let id = route.id()?;
        let row = self.asset_mut(route)?.assignments.get_mut(&id).ok_or(Refusal::NotFound)?;
        if let Some(uuid) = &row.distribution {
            return Err(Refusal::detail(format!("The assignment is part of distribution {uuid}.")));
        }
        if row.ready != lock {
            let state = if lock { "locked" } else { "unlocked" };
            return Err(Refusal::detail(format!("The assignment is already {state}.")));
        }
        row.ready = !lock;
        let row = self.asset(route)?.assignments.get(&id).ok_or(Refusal::NotFound)?;
        Ok(Answer::json(200, &self.describe_assignment(row)))
    }

    /// Removes one that no distribution carries.
    pub(super) fn delete_assignment(&mut self, route: &Route<'_>) -> Result<Answer, Refusal> {
        let id = route.id()?;
        let assignments = &mut self.asset_mut(route)?.assignments;
        let row = assignments.get(&id).ok_or(Refusal::NotFound)?;
        if let Some(uuid) = &row.distribution {
            return Err(Refusal::detail(format!("The assignment is part of distribution {uuid}.")));
        }
        assignments.remove(&id);
        Ok(Answer::empty(204))
    }

    /// Gives an assignment its number and adds it.
    pub(super) fn enter_assignment(&mut self, asset: &Uuid, assignment: Assignment) -> Option<u64> {
        let assignments = &mut self.assets.get_mut(asset)?.assignments;
        let id = self.last_assignment.saturating_add(1);
        self.last_assignment = id;
        assignments.insert(id, Assignment { id, ..assignment });
        Some(id)
    }

    fn describe_assignment(&self, row: &Assignment) -> Value {
        json!({
            "id": row.id,
            "registered_user": row.user,
            "amount": row.amount.base_units(),
            "receiving_address": row.address.as_ref().map(ToString::to_string),
            "distribution_uuid": row.distribution.as_ref().map(ToString::to_string),
            "ready_for_distribution": row.ready,
            "vesting_datetime": row.vesting.map(datetime::of_unix),
            "vesting_timestamp": row.vesting,
            "has_vested": row.has_vested(self.now),
            "is_distributed": row.vout.is_some(),
            "creator": 1,
            "GAID": self.users.get(&row.user).map(|user| &user.gaid),
            "investor": row.user,
        })
    }
}
