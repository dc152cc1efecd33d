//! The treasury's amounts by asset.

use std::collections::BTreeMap;

use coldamp_core::elements::AssetId;
use coldamp_core::network::Network;
use coldamp_core::units::AssetAmount;

use super::Holdings;

/// The relation of an asset to the synced asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AssetRole {
    /// The synced asset.
    Asset,
    /// Its reissuance token.
    Token,
    /// L-BTC.
    PolicyAsset,
    /// An unrelated asset.
    Other,
}

impl AssetRole {
    /// The role in words.
    pub fn name(self) -> &'static str {
        match self {
            AssetRole::Asset => "asset",
            AssetRole::Token => "token",
            AssetRole::PolicyAsset => "policy asset",
            AssetRole::Other => "other",
        }
    }
}

/// The treasury's amount of an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The asset.
    pub asset: AssetId,
    /// Its role.
    pub role: AssetRole,
    /// The amount, base units. None if the coins add up to more than a u64, which only an attacker's asset can.
    pub amount: Option<AssetAmount>,
    /// The number of coins.
    pub coins: usize,
}

impl Holdings {
    /// The amount of each asset, the synced asset and its token first.
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
