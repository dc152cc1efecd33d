//! A network by its name, with its built-in hosts.

use coldamp_core::amp::request::ApiRoot;
use coldamp_core::network::{Chain, Network};
use coldamp_online::source::esplora::public_server;
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Failure, read};

/// A network.
#[derive(Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct NetworkView {
    /// `liquid`, `liquid-testnet` or `regtest`.
    pub name: String,
    /// L-BTC: the asset that fees are paid in.
    pub policy_asset: String,
    /// The root of AMP's API at the first built-in host, `/api` included.
    pub amp: String,
    /// The public Esplora server of this network; null if there is none.
    pub esplora: Option<String>,
    /// Whether it can have a custom policy asset.
    pub may_have_policy_asset: bool,
}

/// A network by its name. On regtest it can have a policy asset other than liquidregtest's.
///
/// # Errors
/// Throws a Failure when the name is unknown, or a public network is given another policy asset.
#[wasm_bindgen]
pub fn network(name: &str, policy_asset: Option<String>) -> Result<Ts<NetworkView>, Failure> {
    let network = named(name, policy_asset.as_deref())?;
    let chain = network.chain();
    let view = NetworkView {
        name: chain.name().to_owned(),
        policy_asset: network.policy_asset().to_string(),
        amp: ApiRoot::built_in(chain).to_string(),
        esplora: public_server(chain).map(str::to_owned),
        may_have_policy_asset: chain == Chain::Regtest,
    };
    Ok(view.into_ts()?)
}

/// Parses both.
pub(crate) fn named(name: &str, policy_asset: Option<&str>) -> Result<Network, Failure> {
    let chain: Chain = name.parse()?;
    match policy_asset {
        None => Ok(Network::new(chain)),
        Some(text) => Ok(Network::with_policy_asset(chain, read::asset(text)?)?),
    }
}
