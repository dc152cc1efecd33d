//! What an unsigned PSET does, and whether that is exactly what AMP asked for.
//!
//! ```text
//! cargo run -p coldamp-core --example review
//! ```
//!
//! This is the review of a machine without a journal: it knows no policy and no earlier signing. `coldamp` fills
//! `JournalState` from the keystore's journal.
#![allow(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;

use coldamp_core::Secp;
use coldamp_core::network::{Chain, Network};
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::review::{JournalState, ReviewOptions, Role, review};
use coldamp_core::treasury::CtDescriptor;

const PSET: &[u8] = include_bytes!("../../tests/vectors/blinding/wpkh.distribute.pset");
const DESCRIPTOR: &str = include_str!("../../tests/vectors/blinding/wpkh.distribute.descriptor");

fn main() -> Result<(), Box<dyn Error>> {
    let secp = Secp::new();
    let network = Network::new(Chain::Regtest);
    let descriptor = CtDescriptor::parse(DESCRIPTOR.trim(), network.chain())?;
    let pset = UnsignedPset::read(PSET)?;

    let (journal, options) = (JournalState::default(), ReviewOptions::default());
    let review = review(&secp, &network, &descriptor, &pset, &journal, options);
    for (output, role) in review.outputs() {
        println!("{}: {} base units of {}", Role::name_of(role), output.amount, output.asset);
    }
    for warning in &review.warnings {
        println!("warning {}: {}", warning.code, warning.message);
    }
    for mismatch in &review.mismatches {
        println!("refused {}: {}", mismatch.code, mismatch.message);
    }
    // There is an approval code only if no rule failed.
    let code = review.approval_code().ok_or("a rule failed")?;
    println!("approval code {code}");
    Ok(())
}
