//! A reviewed PSET is approved, blinded and signed. The result leaves only after the journal has recorded it.
//!
//! ```text
//! cargo run -p coldamp-core --features signer --example sign
//! ```
#![allow(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;

use coldamp_core::Secp;
use coldamp_core::elements::bitcoin::bip32::Xpriv;
use coldamp_core::network::{Chain, Network};
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::review::{Approval, JournalState, ReviewOptions, review};
use coldamp_core::sign::{Recorded, SigningKey, sign};
use coldamp_core::signed::JournalPosition;
use coldamp_core::treasury::CtDescriptor;

const PSET: &[u8] = include_bytes!("../../tests/vectors/blinding/wpkh.distribute.pset");
const DESCRIPTOR: &str = include_str!("../../tests/vectors/blinding/wpkh.distribute.descriptor");

/// The master key of BIP-39's published test words "abandon … about", for test networks.
const TEST_KEY: &str = "tprv8ZgxMBicQKsPe5YMU9gHen4Ez3ApihUfykaqUorj9t6FDqy3nP6eoXiAo2ssvpAjoLroQxHqr3R5nE3a5dU3DHTjTgJDd7zrbniJr6nrCzd";

fn main() -> Result<(), Box<dyn Error>> {
    let secp = Secp::new();
    let network = Network::new(Chain::Regtest);
    let descriptor = CtDescriptor::parse(DESCRIPTOR.trim(), network.chain())?;
    let key = SigningKey::new(TEST_KEY.parse::<Xpriv>()?);
    let pset = UnsignedPset::read(PSET)?;

    let (journal, options) = (JournalState::default(), ReviewOptions::default());
    let review = review(&secp, &network, &descriptor, &pset, &journal, options);
    // A program shows the review to a person here, and asks for the code that the person was given elsewhere.
    let code = review.approval_code().ok_or("a rule failed")?.to_string();
    let judged = review.into_judged().ok_or("a rule failed")?;
    let approved = judged.approve(&secp, Approval::Code(&code))?;
    let unrecorded = sign(&secp, approved, &key)?;

    // A program writes the entry to its journal and syncs the disk here. A signature that left before could be paid twice.
    let txid = unrecorded.facts().txid;
    let position = JournalPosition { id: [0; 16], number: 1, head: [0; 32] };
    let file = unrecorded.release(Recorded::on_disk(txid, position))?;
    println!("{}", file.to_json()?);
    Ok(())
}
