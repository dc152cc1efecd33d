//! Arguments about a treasury that both command lines take.

use clap::Args;
use coldamp_core::elements::AssetId;
use coldamp_core::limits::{MAX_NODE_FEE, MAX_NODE_FEE_RATE};
use coldamp_core::network::{Chain, Network};
use coldamp_core::sign::review::FeeCap;
use coldamp_core::units::{FeeRate, Satoshi};

use crate::failure::{Exit, Failure};

/// The fee cap of a policy that only the signing machine holds.
#[derive(Debug, Args)]
pub struct FeeCapArguments {
    /// The highest fee that the signing machine's policy allows, in satoshi, at most 10000000 (0.1 L-BTC). Without this and
    /// --max-fee-rate the default cap applies: the larger of 1000 sat and 200 sat/kvB of the full size
    #[arg(long, value_name = "SAT", value_parser = clap::value_parser!(u64).range(..=MAX_NODE_FEE.sat()))]
    pub max_fee: Option<u64>,
    /// The highest fee rate that the signing machine's policy allows, in satoshi per 1,000 virtual bytes of the full size, at
    /// most 10000000
    #[arg(long, value_name = "SAT_PER_KVB", value_parser = clap::value_parser!(u64).range(..=MAX_NODE_FEE_RATE.sat_per_kvb()))]
    pub max_fee_rate: Option<u64>,
}

impl FeeCapArguments {
    /// As a review takes it; the default cap where nothing is given.
    pub fn cap(&self) -> FeeCap {
        FeeCap {
            absolute: self.max_fee.map(Satoshi::from_sat),
            rate: self.max_fee_rate.map(FeeRate::from_sat_per_kvb),
        }
    }
}

/// The network with its policy asset, from `--network` and `--policy-asset`.
///
/// # Errors
/// When a public network is given another policy asset than its own.
pub fn network(chain: Chain, policy_asset: Option<AssetId>) -> Result<Network, Failure> {
    let Some(asset) = policy_asset else { return Ok(Network::new(chain)) };
    Network::with_policy_asset(chain, asset).map_err(|error| {
        let message = format!("found --policy-asset {asset} with --network {chain}: {error}");
        Failure::new(Exit::Usage, message, "Leave out --policy-asset, or name --network regtest.")
    })
}
