//! The treasury: a CT descriptor on a network.

use std::rc::Rc;

use coldamp_core::Secp;
use coldamp_core::network::Network;
use coldamp_core::treasury::{Branch, CtDescriptor, KeyPath};
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::coin_cache::InMemory;
use crate::{Failure, Prepared, Request, network};

/// The watch-only treasury.
#[wasm_bindgen]
pub struct Treasury {
    pub(crate) desk: Rc<Desk>,
}

/// What everything shares that is made from a treasury.
pub(crate) struct Desk {
    /// Not protected against side channels: the browser has no key that can spend.
    pub(crate) secp: Secp,
    pub(crate) network: Network,
    pub(crate) descriptor: CtDescriptor,
    /// The coins that were decrypted before.
    pub(crate) coin_cache: InMemory,
}

/// What can be shown of a treasury.
#[derive(Debug, Serialize, Tsify)]
pub struct TreasuryView {
    /// `liquid`, `liquid-testnet` or `regtest`.
    pub network: String,
    /// L-BTC.
    pub policy_asset: String,
    /// The kind of its scripts, as the commands name it: `wpkh`, `sh-wpkh`, `wsh` or `sh-wsh`.
    pub script: String,
    /// How many keys must sign.
    pub threshold: usize,
    /// How many keys there are.
    pub keys: usize,
    /// The origin of each key, `[fingerprint/path]`.
    pub origin: String,
    /// The first receiving address, to compare with what `coldamp key address --index 0` prints.
    pub first_address: String,
}

#[wasm_bindgen]
impl Treasury {
    /// Reads a CT descriptor, with or without checksum.
    ///
    /// # Errors
    /// Throws a Failure when network or descriptor is invalid, or they do not belong together.
    #[wasm_bindgen(constructor)]
    pub fn new(network: &str, descriptor: &str, policy_asset: Option<String>) -> Result<Treasury, Failure> {
        let network = network::named(network, policy_asset.as_deref())?;
        let descriptor = CtDescriptor::parse(descriptor, network.chain())?;
        Ok(Treasury {
            desk: Rc::new(Desk { secp: Secp::new(), network, descriptor, coin_cache: InMemory::default() }),
        })
    }

    /// What can be shown of it.
    ///
    /// # Errors
    /// Throws a Failure when no address can be derived. No descriptor causes that.
    pub fn view(&self) -> Result<Ts<TreasuryView>, Failure> {
        let Desk { secp, network, descriptor, .. } = &*self.desk;
        let first = KeyPath { branch: Branch::External, index: 0 };
        let view = TreasuryView {
            network: network.chain().name().to_owned(),
            policy_asset: network.policy_asset().to_string(),
            script: descriptor.kind().name().to_owned(),
            threshold: descriptor.threshold(),
            keys: descriptor.keys().len(),
            origin: descriptor.origins(),
            first_address: descriptor.address_at(secp, first, network)?.to_string(),
        };
        Ok(view.into_ts()?)
    }

    /// Reads a PSET that was handed over earlier, as text or binary. Its review says what is wrong in it.
    ///
    /// # Errors
    /// Throws a Failure when it is not a PSET.
    pub fn read_pset(&self, bytes: &[u8], allow_missing_tokens: bool) -> Result<Prepared, Failure> {
        Prepared::read(&self.desk, bytes, allow_missing_tokens)
    }

    /// Reads AMP's request.
    ///
    /// # Errors
    /// Throws a Failure when any part of it is not understood exactly. Only top-level fields of unknown name are allowed.
    pub fn read_request(&self, bytes: &[u8]) -> Result<Request, Failure> {
        Request::read(bytes, &self.desk.network)
    }
}
