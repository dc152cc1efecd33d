//! Whether a request could be carried out, before AMP is asked for it: planned with the coins that no other request was
//! promised, on a draft of what AMP would answer.

use coldamp_core::Secp;
use coldamp_core::amp::request::{Command, Uuid};
use coldamp_core::amp::{Request, RequestError};
use coldamp_core::code::Code;
use coldamp_core::elements::{AssetId, OutPoint};
use coldamp_core::network::Network;
use coldamp_core::prepare::plan::plan;
use coldamp_core::prepare::{PlanError, Settings};
use coldamp_core::treasury::CtDescriptor;
use coldamp_core::units::AssetAmount;

use super::draft;
use super::outlook::Outlook;
use crate::state::reservations::Reservations;
use crate::sync::Holdings;

/// What a request is planned with.
#[derive(Clone, Copy)]
pub struct Planner<'a> {
    /// The curve.
    pub secp: &'a Secp,
    /// The network.
    pub network: &'a Network,
    /// The treasury's.
    pub descriptor: &'a CtDescriptor,
    /// What it holds.
    pub holdings: &'a Holdings,
    /// What of that was promised.
    pub record: &'a Reservations,
}

/// Why a request could not be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotPossible {
    /// A reissue without a token.
    #[error("the treasury holds no confirmed reissuance token of {asset}")]
    NoToken {
        /// The asset.
        asset: AssetId,
    },
    /// A burn without anything to burn.
    #[error("the treasury holds no confirmed coin of {asset}")]
    NoCoin {
        /// The asset.
        asset: AssetId,
    },
    /// It cannot be met.
    #[error("{error}")]
    Plan {
        /// What was planned.
        command: Command,
        /// Why.
        error: Box<PlanError>,
    },
    /// What AMP shows of the assignments makes no request that could be acted on.
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
    /// Plans the next distribution. `held` hears how many coins are left alone, since other requests were promised them.
    ///
    /// # Errors
    /// When it could not be carried out.
    pub fn distribution(
        &self,
        asset_uuid: &Uuid,
        asset: AssetId,
        outlook: &Outlook,
        held: &mut dyn FnMut(usize),
    ) -> Result<(), NotPossible> {
        let uuid = asset_uuid.to_string();
        let draft = draft::next_distribution(self.secp, self.network, &uuid, asset, outlook);
        self.plan(&draft, held)
    }

    /// Plans a reissue.
    ///
    /// # Errors
    /// When it could not be carried out.
    pub fn reissue(
        &self,
        asset_uuid: &Uuid,
        asset: AssetId,
        amount: AssetAmount,
        held: &mut dyn FnMut(usize),
    ) -> Result<(), NotPossible> {
        let tokens = self.coins(|coin| self.holdings.is_token(coin));
        if tokens.is_empty() {
            return Err(NotPossible::NoToken { asset });
        }
        self.plan(&draft::reissue(self.network, &asset_uuid.to_string(), asset, amount, &tokens), held)
    }

    /// Plans a burn.
    ///
    /// # Errors
    /// When it could not be carried out.
    pub fn burn(
        &self,
        asset_uuid: &Uuid,
        asset: AssetId,
        amount: AssetAmount,
        held: &mut dyn FnMut(usize),
    ) -> Result<(), NotPossible> {
        let coins = self.coins(|coin| coin == asset);
        if coins.is_empty() {
            return Err(NotPossible::NoCoin { asset });
        }
        self.plan(&draft::burn(self.network, &asset_uuid.to_string(), asset, amount, &coins), held)
    }

    fn coins(&self, wanted: impl Fn(AssetId) -> bool) -> Vec<OutPoint> {
        let coins = self.holdings.coins.iter().filter(|coin| wanted(coin.asset()));
        coins.map(|coin| coin.outpoint).collect()
    }

    fn plan(&self, draft: &[u8], held: &mut dyn FnMut(usize)) -> Result<(), NotPossible> {
        let request = Request::parse(draft, self.network)?;
        let mut free = self.holdings.clone();
        let promised = self.record.coins_of_others(&request);
        free.coins.retain(|coin| !promised.contains(&coin.outpoint));
        let left_alone = self.holdings.coins.len().saturating_sub(free.coins.len());
        if left_alone > 0 {
            held(left_alone);
        }
        let treasury = free.treasury(self.network, self.descriptor);
        match plan(self.secp, &request, &treasury, &Settings::default()) {
            Ok(_) => Ok(()),
            Err(error) => Err(NotPossible::Plan { command: request.command(), error: Box::new(error) }),
        }
    }
}
