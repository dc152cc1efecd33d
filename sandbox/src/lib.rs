//! An embedded Liquid-like chain with Esplora's HTTP API, and AMP's API beside it, on loopback.

pub mod amp;
pub mod chain;
pub mod exchange;
pub mod founding;
#[cfg(test)]
mod fixture;
pub mod ledger;
pub mod treasury;
