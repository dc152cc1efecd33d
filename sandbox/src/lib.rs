//! An embedded Liquid-like chain with Esplora's HTTP API, and AMP's API beside it, on loopback.

pub mod amp;
pub mod chain;
pub mod esplora;
pub mod exchange;
#[cfg(test)]
mod fixture;
pub mod ledger;
pub mod treasury;
