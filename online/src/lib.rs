//! The online half: where transactions come from and go to, what of the treasury they show, and what AMP asks for and is
//! told.
//!
//! A [`source`] hands over transactions and is believed in nothing: [`sync`] opens every coin with the view key, and
//! proves the issuance from its transaction. [`prepare`] makes the PSET that is handed over. [`amp`] talks to AMP, [`request`] gets a request from it, [`audit`]
//! holds what comes back against the PSET, [`broadcast`] and [`report`] bring it to its end, each step recorded in a [`log`] before it is taken. What must be
//! remembered between commands is in [`record`] and [`signers`], what may be in [`memory`]. Credentials are kept out of what
//! is shown by [`secrets`].
//!
//! Natively and as WASM; time, screen and disk come in from outside.

pub mod amp;
pub mod audit;
pub mod blinders;
pub mod broadcast;
pub mod http;
pub mod log;
pub mod memory;
pub mod pace;
pub mod prepare;
pub mod record;
pub mod report;
pub mod request;
#[cfg(not(target_arch = "wasm32"))]
pub mod rpc;
pub mod secrets;
pub mod signers;
pub mod source;
pub mod sync;
