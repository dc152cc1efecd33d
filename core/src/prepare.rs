//! From AMP's request and the treasury's coins to an unsigned PSET. This needs the view key only, and the signing side
//! trusts nothing of the result.
//!
//! A [`Plan`] says what goes in and out, balanced per asset by its only constructor. Then the PSET roles write it down:
//! Creator (an empty PSET with network, request and asset), Constructor (inputs and outputs), Updater (what blinder and
//! signer need to know of them). The same request, coins and settings give the same bytes.

pub mod plan;

mod constructor;
mod creator;
mod updater;

use elements::BlockHash;

use crate::Secp;
use crate::amp::Request;
use crate::pset::{ParseError, UnsignedPset};
pub use plan::{Dust, FeeBasis, Plan, PlanError, Replaced, Settings, Shortfall, Task, Treasury};

/// An unsigned PSET and its plan.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The PSET as base64 text, without a line break.
    pub pset: String,
    /// The same PSET as [`UnsignedPset::read`] reads the text. It has no problems.
    pub unsigned: UnsignedPset,
    /// The plan that the PSET was made from.
    pub plan: Plan,
}

/// Why no PSET was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PrepareError {
    /// The request cannot be planned.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The PSET just written cannot be read back: an error in this program.
    #[error("the PSET just made does not read back: {0}")]
    ReadBack(#[from] ParseError),
    /// The PSET just written has a field that an unsigned PSET must not have: an error in this program.
    #[error("the PSET just made has a field that it must not have: {problem}")]
    Problem {
        /// The first such field.
        problem: String,
    },
}

/// Plans a request and writes the PSET. `genesis` is the genesis hash that a node tells. It is used where the network has no
/// fixed one (regtest).
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
    let plan = plan::plan(secp, Task::of(request), treasury, settings)?;
    let empty = creator::Creator::new(request, treasury, treasury.network.genesis().or(genesis)).create();
    let constructed = constructor::Constructor::new(empty).construct(&plan);
    let pset = updater::Updater::new(constructed).update(&plan).to_string();
    let unsigned = UnsignedPset::read(pset.as_bytes())?;
    if let Some(problem) = unsigned.problems.first() {
        return Err(PrepareError::Problem { problem: problem.to_string() });
    }
    Ok(Prepared { pset, unsigned, plan })
}
