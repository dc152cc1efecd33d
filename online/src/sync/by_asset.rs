//! What the treasury holds of each asset.

use std::collections::BTreeMap;

use coldamp_core::elements::AssetId;
use coldamp_core::network::Network;
use coldamp_core::units::AssetAmount;

use super::Holdings;

/// What an asset is to the one that was synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AssetRole {
    /// It is that one.
    Asset,
    /// Its reissuance token.
    Token,
    /// L-BTC.
    PolicyAsset,
    /// Nothing to it.
    Other,
}

impl AssetRole {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            AssetRole::Asset => "asset",
            AssetRole::Token => "token",
            AssetRole::PolicyAsset => "policy asset",
            AssetRole::Other => "other",
        }
    }
}

/// What is held of an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub asset: AssetId,
    /// What it is.
    pub role: AssetRole,
    /// How much; none where the coins add up to more than fits, as only an attacker's asset can.
    pub amount: Option<AssetAmount>,
    /// In so many coins.
    pub coins: usize,
}

impl Holdings {
    /// What is held of each asset, the asset that was synced and its token first.
    pub fn by_asset(&self, network: &Network, synced: AssetId) -> Vec<Held> {
        let mut held: BTreeMap<(AssetRole, AssetId), Held> = BTreeMap::new();
        for coin in &self.coins {
            let asset = coin.asset();
            let role = match asset {
                _ if asset == synced => AssetRole::Asset,
                _ if asset == network.policy_asset() => AssetRole::PolicyAsset,
                _ if self.is_token(asset) => AssetRole::Token,
                _ => AssetRole::Other,
            };
            let nothing = Held { asset, role, amount: Some(AssetAmount::ZERO), coins: 0 };
            let known = held.entry((role, asset)).or_insert(nothing);
            known.amount = known.amount.and_then(|amount| amount.checked_add(coin.amount()));
            known.coins = known.coins.saturating_add(1);
        }
        held.into_values().collect()
    }
}
