//! Which package and which module may use which other one. Each check returns what is wrong, one line a finding, so that unit
//! tests can run it on text made by hand.
//!
//! [`packages`] judges what `cargo tree` prints: the dependencies between the members, who may enable the code that touches
//! private keys, and every package that the air-gapped binary is built with. [`layers`] reads core's source.

pub mod layers;
pub mod packages;
