//! The online half: where transactions come from, and what of the treasury they show.
//!
//! A [`source`] hands over transactions and is believed in nothing: [`sync`] recomputes their ids, opens every coin
//! with the view key, and proves the issuance from its transaction.

pub mod record;
#[cfg(not(target_arch = "wasm32"))]
pub mod rpc;
pub mod source;
pub mod sync;
