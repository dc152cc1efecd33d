//! AMP's issuer API as a state machine: no sockets, no clock, no randomness. Newcomers and tests use it in place
//! of AMP, so it does what AMP is known to do, the awkward parts included: a GET that makes a
//! distribution, a 200 without one where nothing is to distribute, empty bodies, open distributions that no list shows.
//!
//! Where AMP's behaviour is not known, it is strict. It opens every commitment that a confirm payload names
//! ([`confirm`]), because AMP's records are made from it, and nobody can correct them afterwards.
//!
//! Tokens, uuids and the holders' addresses follow from a counter by SHA-256 ([`derived`]): the same calls give the same
//! answers.

mod account;
mod addresses;
mod answers;
mod asset;
mod assignments;
mod body;
mod confirm;
mod datetime;
mod derived;
mod distributions;
mod issue;
mod lost;
mod open;
mod outputs;
mod python_float;
mod requests;
mod routes;
mod setup;
mod standing;
#[cfg(test)]
mod tests;
mod txs;
mod users;

use std::collections::{BTreeMap, BTreeSet};

use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::Txid;
use serde_json::json;

pub use asset::{AssetRecord, TreasuryOutput};
pub use routes::Endpoint;
pub use setup::SetupError;

use crate::exchange::{Answer, Question};
use crate::ledger::Ledger;
use account::Account;
use answers::Refusal;
use asset::Asset;
use derived::Derived;
use routes::Route;
use users::User;

/// The API version that this is modelled on: the newest on record.
const VERSION: &str = "0.1.13";

/// `min_supported_client_script_version` of every request file that was ever seen.
const CLIENT_VERSION: u64 = 2;

/// AMP: its users, assets, assignments and the reports that it accepted.
#[derive(Debug, Clone)]
pub struct Amp {
    base_url: String,
    account: Account,
    derived: Derived,
    now: u64,
    missing: BTreeSet<Endpoint>,
    users: BTreeMap<u64, User>,
    assets: BTreeMap<Uuid, Asset>,
    last_assignment: u64,
    confirms: Vec<Confirmed>,
    distributions_created: u64,
}

/// A report that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// Where it was posted, below `/api/`.
    pub path: String,
    /// The transaction that it is about.
    pub txid: Txid,
    /// How often it was posted and accepted.
    pub times: u64,
}

impl Amp {
    /// AMP with one account, no users and no assets. `base_url` is what its request files will carry, in AMP's form a
    /// Python format string: `http://127.0.0.1:PORT/api/{}`.
    pub fn new(base_url: &str, username: &str, password: &str) -> Self {
        Amp {
            base_url: base_url.to_owned(),
            account: Account::new(username, password),
            derived: Derived::default(),
            now: 0,
            missing: BTreeSet::new(),
            users: BTreeMap::new(),
            assets: BTreeMap::new(),
            last_assignment: 0,
            confirms: Vec::new(),
            distributions_created: 0,
        }
    }

    /// Answers one request. It changes the chain in one way only: it issues assets.
    pub fn answer(&mut self, ledger: &mut dyn Ledger, question: &Question) -> Answer {
        self.dispatch(ledger, question).unwrap_or_else(Answer::from)
    }

    /// The accepted reports, in the order of their first post, and how often each was posted.
    pub fn confirms(&self) -> &[Confirmed] {
        &self.confirms
    }

    /// How many distributions `distributions/create` has made.
    pub fn distributions_created(&self) -> u64 {
        self.distributions_created
    }

    /// In the order of Django REST: the path, then who asks, then the method.
    fn dispatch(&mut self, ledger: &mut dyn Ledger, question: &Question) -> Result<Answer, Refusal> {
        let route = Route::find(&question.path).ok_or(Refusal::NotFound)?;
        if self.missing.contains(&route.endpoint) {
            return Err(Refusal::NotFound);
        }
        if route.endpoint.needs_token() {
            self.account.admit(question.authorization.as_deref())?;
        }
        if question.method != route.endpoint.method() {
            return Err(Refusal::Method { found: question.method.clone() });
        }
        match route.endpoint {
            Endpoint::Issue => self.issue(ledger, &question.body),
            Endpoint::Register => self.register(ledger, &route),
            _ => self.carry_out(ledger, &route, question),
        }
    }

    fn carry_out(
        &mut self,
        ledger: &dyn Ledger,
        route: &Route<'_>,
        question: &Question,
    ) -> Result<Answer, Refusal> {
        let item = route.item;
        match route.endpoint {
            Endpoint::ObtainToken => self.account.obtain_token(&mut self.derived, &question.body),
            Endpoint::Info => Ok(Answer::json(200, &json!({ "version": VERSION }))),
            Endpoint::Changelog => {
                Ok(Answer::json(200, &json!({ VERSION: "Adds the GAID to assignments." })))
            }
            Endpoint::RegisteredUsers => Ok(self.list_users()),
            Endpoint::RegisteredUser => self.show_user(item),
            Endpoint::Assets => Ok(self.list_assets()),
            // They change the chain or the registry, and are answered before this.
            Endpoint::Issue | Endpoint::Register => Err(Refusal::NotFound),
            Endpoint::RegisterAuthorized => self.register_authorized(ledger, route),
            Endpoint::Asset => Ok(Answer::json(200, &self.asset(route)?.describe())),
            Endpoint::Summary => Ok(Answer::json(200, &self.asset(route)?.summary())),
            Endpoint::Balance => self.balance(ledger, route),
            Endpoint::LostOutputs => Ok(Answer::json(200, &self.asset(route)?.lost(ledger).to_json())),
            Endpoint::Utxos => self.utxos(ledger, route),
            Endpoint::Txs => self.txs(ledger, route),
            Endpoint::Tx => self.tx(ledger, route),
            Endpoint::Reissuances => Ok(Answer::json(200, &self.asset(route)?.reissuances(ledger))),
            Endpoint::Assignments => self.list_assignments(route, &question.query),
            Endpoint::Assignment => self.show_assignment(route),
            Endpoint::CreateAssignment => self.create_assignment(ledger, route, &question.body),
            Endpoint::LockAssignment => self.lock_assignment(route, true),
            Endpoint::UnlockAssignment => self.lock_assignment(route, false),
            Endpoint::DeleteAssignment => self.delete_assignment(route),
            Endpoint::Distributions => self.list_distributions(ledger, route),
            Endpoint::Distribution => self.show_distribution(ledger, route),
            Endpoint::CreateDistribution => self.create_distribution(ledger, route),
            Endpoint::CancelDistribution => self.cancel_distribution(route),
            Endpoint::TreasuryAddresses => Ok(self.asset(route)?.list_treasury_addresses()),
            Endpoint::AddTreasuryAddresses => self.asset_mut(route)?.add_treasury_addresses(&question.body),
            Endpoint::DeleteTreasuryAddresses => {
                self.asset_mut(route)?.delete_treasury_addresses(&question.body)
            }
            Endpoint::ReissueRequest => self.reissue_request(ledger, route, &question.body),
            Endpoint::BurnRequest => self.burn_request(ledger, route, &question.body),
            Endpoint::ConfirmReissue => self.confirm_reissue(ledger, route, question),
            Endpoint::ConfirmDistribution => self.confirm_distribution(ledger, route, question),
            Endpoint::ConfirmBurn => self.confirm_burn(ledger, route, question),
            Endpoint::UpdateBlinders => self.update_blinders(ledger, route, &question.body),
        }
    }

    fn list_assets(&self) -> Answer {
        let assets: Vec<_> = self.assets.values().map(Asset::describe).collect();
        Answer::json(200, &json!(assets))
    }

    fn asset(&self, route: &Route<'_>) -> Result<&Asset, Refusal> {
        let uuid = route.asset_uuid()?;
        self.assets.get(&uuid).ok_or(Refusal::NotFound)
    }

    fn asset_mut(&mut self, route: &Route<'_>) -> Result<&mut Asset, Refusal> {
        let uuid = route.asset_uuid()?;
        self.assets.get_mut(&uuid).ok_or(Refusal::NotFound)
    }
}
