//! Whether a job could be carried out, before AMP is asked for it: it is planned with the coins that no other request has
//! reserved.

use std::collections::BTreeSet;

use coldamp_core::Secp;
use coldamp_core::amp::request::{Command, RequestIdentity};
use coldamp_core::amp::{Job, RequestError};
use coldamp_core::code::Code;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::elements::{AssetId, OutPoint};
use coldamp_core::network::Network;
use coldamp_core::prepare::plan::plan;
use coldamp_core::prepare::{PlanError, Settings, Task, Treasury};
use coldamp_core::treasury::{CtDescriptor, Utxo};
use coldamp_core::units::AssetAmount;

use super::draft;
use super::outlook::Outlook;
use crate::state::reservations::Reservations;
use crate::sync::Holdings;

/// What a job is planned with.
#[derive(Clone, Copy)]
pub struct Planner<'a> {
    /// The curve's context.
    pub secp: &'a Secp,
    /// The network of the treasury.
    pub network: &'a Network,
    /// The descriptor of the treasury.
    pub descriptor: &'a CtDescriptor,
    /// The coins of the treasury.
    pub holdings: &'a Holdings,
    /// The coins and addresses that prepared requests have reserved.
    pub record: &'a Reservations,
}

/// Why a job could not be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotPossible {
    /// The treasury holds no token for the reissue.
    #[error("the treasury holds no confirmed reissuance token of {asset}")]
    NoToken {
        /// The asset to reissue.
        asset: AssetId,
    },
    /// The treasury holds nothing to burn.
    #[error("the treasury holds no confirmed coin of {asset}")]
    NoCoin {
        /// The asset to burn.
        asset: AssetId,
    },
    /// The job cannot be planned.
    #[error("{error}")]
    Plan {
        /// The command of the job.
        command: Command,
        /// What the planner found.
        error: Box<PlanError>,
    },
    /// The request that AMP would make would be refused.
    #[error("the request that AMP would make: {0}")]
    Draft(#[from] RequestError),
}

impl NotPossible {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            NotPossible::NoToken { .. } => Code::TokenMissing,
            NotPossible::NoCoin { .. } => Code::MissingCoins,
            NotPossible::Plan { error, .. } => error.code(),
            NotPossible::Draft(error) => error.code(),
        }
    }
}

impl Planner<'_> {
    /// Plans the next distribution. `reserved` is called with the number of coins that are skipped, because other requests
    /// have reserved them.
    ///
    /// # Errors
    /// When it could not be carried out.
    pub fn distribution(
        &self,
        asset: AssetId,
        outlook: &Outlook,
        reserved: &mut dyn FnMut(usize),
    ) -> Result<(), NotPossible> {
        self.plan(asset, &draft::next_distribution(self.secp, self.network, outlook)?, reserved)
    }

    /// Plans a reissue of `amount` base units. `reserved` is called as for a distribution.
    ///
    /// # Errors
    /// When it could not be carried out.
    pub fn reissue(
        &self,
        asset: AssetId,
        amount: AssetAmount,
        reserved: &mut dyn FnMut(usize),
    ) -> Result<(), NotPossible> {
        let tokens = self.coins(|coin| self.holdings.is_token(coin));
        if tokens.is_empty() {
            return Err(NotPossible::NoToken { asset });
        }
        self.plan(asset, &Job::Reissue { amount, tokens }, reserved)
    }

    /// Plans a burn of `amount` base units. `reserved` is called as for a distribution.
    ///
    /// # Errors
    /// When it could not be carried out.
    pub fn burn(
        &self,
        asset: AssetId,
        amount: AssetAmount,
        reserved: &mut dyn FnMut(usize),
    ) -> Result<(), NotPossible> {
        let coins = self.coins(|coin| coin == asset);
        if coins.is_empty() {
            return Err(NotPossible::NoCoin { asset });
        }
        self.plan(asset, &Job::Burn { amount, coins }, reserved)
    }

    fn coins(&self, wanted: impl Fn(AssetId) -> bool) -> Vec<OutPoint> {
        let coins = self.holdings.coins.iter().filter(|coin| wanted(coin.asset()));
        coins.map(|coin| coin.outpoint).collect()
    }

    fn plan(&self, asset: AssetId, job: &Job, reserved: &mut dyn FnMut(usize)) -> Result<(), NotPossible> {
        job.check(asset, self.network)?;
        let own = RequestIdentity::of_job(asset, job).0.to_lower_hex_string();
        let all: BTreeSet<OutPoint> = self.holdings.coins.iter().map(|coin| coin.outpoint).collect();
        let others = self.record.open(&all).into_iter().filter(|open| open.request != own);
        let others: BTreeSet<OutPoint> = others.flat_map(|open| open.coins).collect();
        if !others.is_empty() {
            reserved(others.len());
        }
        let free = self.holdings.coins.iter().filter(|coin| !others.contains(&coin.outpoint));
        let free: Vec<Utxo> = free.cloned().collect();
        let treasury = Treasury { coins: &free, ..self.holdings.treasury(self.network, self.descriptor) };
        match plan(self.secp, Task::before_request(asset, job), &treasury, &Settings::default()) {
            Ok(_) => Ok(()),
            Err(error) => Err(NotPossible::Plan { command: job.command(), error: Box::new(error) }),
        }
    }
}
