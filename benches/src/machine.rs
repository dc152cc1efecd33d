//! The machine, as far as a floor depends on it.

use std::thread::available_parallelism;

use coldamp_core::Secp;
use coldamp_core::elements::secp256k1_zkp::Secp256k1;
use coldamp_core::secp::Threads;

/// How many cores there are.
pub(crate) fn cores() -> u32 {
    available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(u32::MAX))
}

/// What computes on all cores.
pub(crate) fn secp() -> Secp {
    let count = usize::try_from(cores()).expect("a count").min(Threads::MAX);
    Secp::with(Secp256k1::new(), Threads::new(count).expect("at least one"))
}
