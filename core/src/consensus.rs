//! What the network would refuse, checked without a node: amounts, proofs, the reissuance-token rule, scripts and
//! signatures, weight and dust. Everything here reads a finished transaction or its shape and trusts no builder.

mod amounts;
mod dust;
#[cfg(not(target_arch = "wasm32"))]
mod interpreter;
mod script;
mod sighash;
mod weight;

pub(crate) use amounts::verify_rewound_amounts;
pub use amounts::{AmountError, verify_amounts};
pub use dust::dust_threshold;
pub use script::{ScriptError, unprotected_inputs, verify_signature};
pub(crate) use script::{signers, verify_input};
pub use sighash::{SIGHASH_ALL_RANGEPROOF, Sighash, SighashType, Sighashes};
pub use weight::WeightBound;
pub(crate) use weight::{InputShape, OutputShape, TransactionShape};
