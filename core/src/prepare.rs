//! From AMP's request and the treasury's coins to an unsigned PSET. Anyone with the view key may do this; nothing here
//! is believed by the signing side.
//!
//! A [`Plan`] says what goes in and out, balanced per asset by its only constructor. Then the PSET roles write it down:
//! Creator (an empty PSET of this network, request and asset), Constructor (inputs and outputs), Updater (what blinder and
//! signer need to know of them). Same request, coins and settings: same bytes.

pub mod plan;

mod constructor;
mod creator;
mod updater;

use elements::BlockHash;

use crate::Secp;
use crate::amp::Request;
use crate::pset::{ParseError, UnsignedPset};
pub use plan::{FeeBasis, Plan, PlanError, Replaced, Settings, Shortfall, Treasury};

/// An unsigned PSET and the plan behind it.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// Base64 text, as `unsigned.pset` holds it.
    pub pset: String,
    /// What it does.
    pub plan: Plan,
}

/// Why nothing was prepared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PrepareError {
    /// The request cannot be met.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The PSET just written does not read back as an unsigned PSET of ours.
    #[error("the PSET just made does not read back: {0}")]
    ReadBack(#[from] ParseError),
    /// As above, by field.
    #[error("the PSET just made holds what it must not: {problem}")]
    Problem {
        /// The first one.
        problem: String,
    },
}

/// Plans a request and writes the PSET. `genesis` names the chain where the network does not (regtest, from a node).
///
/// # Errors
/// When coins are missing, the transaction would not be relayed, or the token cannot reissue.
pub fn prepare(
    secp: &Secp,
    request: &Request,
    treasury: &Treasury<'_>,
    settings: &Settings,
    genesis: Option<BlockHash>,
) -> Result<Prepared, PrepareError> {
    let plan = plan::plan(secp, request, treasury, settings)?;
    let empty = creator::Creator::new(request, treasury, treasury.network.genesis().or(genesis)).create();
    let constructed = constructor::Constructor::new(empty).construct(&plan);
    let pset = updater::Updater::new(constructed, treasury.descriptor).update(&plan).to_string();
    let read_back = UnsignedPset::read(pset.as_bytes())?;
    if let Some(problem) = read_back.problems.first() {
        return Err(PrepareError::Problem { problem: problem.to_string() });
    }
    Ok(Prepared { pset, plan })
}
