//! The online half: it reads the treasury from the chain, gets requests from AMP, prepares PSETs, sends what was signed,
//! and reports it to AMP.
//!
//! A [`source`] provides transactions. It is not trusted: [`sync`] opens every coin with the view key, and proves the
//! issuance from its transaction. [`prepare`] makes the unsigned PSET. [`amp`] talks to AMP, and [`request`] gets a request
//! from it. [`combine`] makes the signed file of the parts of several signers. [`audit`] compares a signed file with its PSET. [`broadcast`] and [`report`] finish the job. Each step is recorded
//! in a log before it is taken. What is kept between commands is in [`state`]. [`secrets`] removes credentials from every text
//! that is shown. What an issuer does between jobs is in [`treasury`].
//!
//! The code runs natively and as WASM. Time, screen and disk are passed in by the caller.

pub mod amp;
pub mod audit;
pub mod broadcast;
pub mod combine;
pub mod contract;
pub mod http;
pub mod pace;
pub mod prepare;
pub mod report;
pub mod request;
#[cfg(not(target_arch = "wasm32"))]
pub mod rpc;
pub mod secrets;
pub mod source;
pub mod state;
pub mod sync;
pub mod treasury;
#[cfg(not(target_arch = "wasm32"))]
pub mod ur;
