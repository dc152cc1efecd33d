//! The pure core of Coldamp: everything between AMP's JSON and a signed Liquid transaction with its report. It has no
//! I/O, clock, random source, environment, floats or logging. The same arguments give the same bytes on every machine, so
//! a second machine can audit the first. The repository's docs/rules.md says which rules it enforces, and why.
//!
//! How the data flows:
//!
//! ```text
//! prepare:  amp::Request + treasury::Utxo ─► Plan ─► Creator → Constructor → Updater ─► unsigned PSET ═file═►
//! sign:     review ─► CheckedPset ─► approval ─► ApprovedPset ─► Blinder → Signer → Finalizer → Extractor ─► report ═file═►
//! ```
//!
//! A module may use those before it in this list and none after it; `prepare` and `sign` do not depend on each other:
//! `code network units limits hmac json listed` · `amp treasury pset consensus signed transport` · `prepare`, `sign`.

#[cfg(all(feature = "signer", target_arch = "wasm32"))]
compile_error!("feature `signer` holds the private-key code; it is never built for the browser");

pub mod amp;
pub mod code;
pub mod consensus;
pub mod encoding;
pub mod hmac;
mod json;
pub mod limits;
pub mod listed;
pub mod network;
pub mod prepare;
pub mod pset;
pub mod sign;
pub mod signed;
pub mod transport;
pub mod treasury;
pub mod units;

pub use elements;

/// The secp256k1 context that every curve operation takes. Core makes none itself: the binaries hand in one that
/// they have blinded against side channels with the system's randomness, which changes no output.
pub type Secp = elements::secp256k1_zkp::Secp256k1<elements::secp256k1_zkp::All>;
