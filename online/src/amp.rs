//! AMP's issuer API: the calls that the three jobs and their reports need. docs/formats.md says what is read of AMP's
//! answers, docs/rules.md#absent-fields what a missing field means.
//!
//! Credentials go to one [`AmpRoot`]: a built-in host of the network, or the operator's own `--amp`; never to a host that
//! only a file names. Only the fields that are used are read of AMP's answers. Every request
//! is sent once. If no answer comes, AMP may have done it all the same: [`AmpError::may_have_acted`] says whether.

mod answers;
mod assets;
mod client;
mod distribution;
mod endpoints;
mod error;
mod root;
mod wire;

use coldamp_core::elements::OutPoint;
use coldamp_core::listed::CoinName;

pub(crate) use answers::reissued;
pub use answers::{
    AmpBalance, AmpOutput, AmpTransaction, AssetFacts, Assignment, RecordedOutput, Reissuance,
};
pub use assets::ListedAsset;
pub(crate) use assets::{read_id, read_uuid};
pub use client::{Amp, Credentials};
pub use distribution::{Distribution, DistributionEntry};
pub use endpoints::Lock;
pub use error::AmpError;
pub use root::{AmpRoot, RootError};
pub(crate) use wire::Object;

/// Outputs as `txid:vout`, which block explorers take.
pub(crate) fn places(outputs: &[OutPoint]) -> Vec<String> {
    outputs.iter().map(|output| CoinName(*output).to_string()).collect()
}
