//! The pure core of Coldamp: everything between AMP's JSON and a signed Liquid transaction with its report. It has no
//! I/O, clock, random source, environment, floats or logging. The same arguments give the same bytes on every machine, so
//! a second machine can audit the first. The repository's docs/rules.md says which rules it enforces, and why.
//!
//! How the data flows:
//!
//! ```text
//! prepare:  amp::Request + treasury::Utxo ─► Plan ─► Creator → Constructor → Updater ─► unsigned PSET ═file═►
//! sign:     review ─► CheckedPset ─► JudgedPset ─► approval ─► ApprovedPset ─► Blinder → Signer
//!           one key:       → Finalizer → Extractor ─► report ─► Recorded ─► signed file ═file═►
//!           several keys:  ─► Recorded ─► the signatures of this key alone ═file═►
//! combine:  recheck ─► CheckedPset, with parts and view key ─► Blinder → each signature verified
//!           → Finalizer → Extractor ─► report ─► signed file ═file═►
//! audit:    the steps of sign or combine on another machine ─► equal to the signed file, or not
//! ```
//!
//! Recorded means that the signer's journal has the entry on its disk. The page, `coldamp-online` and `coldamp` combine; only
//! `coldamp` signs.
//!
//! A module may use those before it in this list and none after it; `prepare` and `sign` do not depend on each other:
//! `code network units limits hmac json listed register encoding secp` · `amp treasury pset consensus signed transport` · `prepare`, `sign`.
//!
//! # Examples
//!
//! An unsigned PSET is reviewed, approved, signed and recorded. Each step takes what the step before it returns. The same
//! steps, and how a PSET is prepared, are in the folder `examples`.
//!
#![cfg_attr(feature = "signer", doc = "```")]
#![cfg_attr(not(feature = "signer"), doc = "```ignore")]
//! use coldamp_core::Secp;
//! use coldamp_core::elements::bitcoin::bip32::Xpriv;
//! use coldamp_core::network::{Chain, Network};
//! use coldamp_core::pset::UnsignedPset;
//! use coldamp_core::sign::review::{Approval, JournalState, ReviewOptions, review};
//! use coldamp_core::sign::{Recorded, SigningKey, sign};
//! use coldamp_core::signed::JournalPosition;
//! use coldamp_core::treasury::CtDescriptor;
//!
//! # const PSET: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/blinding/wpkh.distribute.pset"));
//! # const DESCRIPTOR: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/blinding/wpkh.distribute.descriptor"));
//! # const MASTER_KEY: &str = "tprv8ZgxMBicQKsPe5YMU9gHen4Ez3ApihUfykaqUorj9t6FDqy3nP6eoXiAo2ssvpAjoLroQxHqr3R5nE3a5dU3DHTjTgJDd7zrbniJr6nrCzd";
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let secp = Secp::new();
//! let network = Network::new(Chain::Regtest);
//! let descriptor = CtDescriptor::parse(DESCRIPTOR.trim(), network.chain())?;
//! let pset = UnsignedPset::read(PSET)?;
//!
//! // The PSET carries AMP's request. Every rule that it fails is in `mismatches`.
//! let (journal, options) = (JournalState::default(), ReviewOptions::default());
//! let review = review(&secp, &network, &descriptor, &pset, &journal, options);
//! assert!(review.mismatches.is_empty());
//!
//! // A person reads the review and approves it, here with its code.
//! let code = review.approval_code().ok_or("a rule failed")?.to_string();
//! let judged = review.into_judged().ok_or("a rule failed")?;
//! let approved = judged.approve(&secp, Approval::Code(&code))?;
//!
//! // What is signed is withheld until the journal has an entry of it on the disk.
//! let unrecorded = sign(&secp, approved, &SigningKey::new(MASTER_KEY.parse::<Xpriv>()?))?;
//! let txid = unrecorded.facts().txid;
//! let position = JournalPosition { id: [0; 16], number: 1, head: [0; 32] };
//! let file = unrecorded.release(Recorded::on_disk(txid, position))?;
//! assert_eq!(file.txid(), txid);
//! # Ok(())
//! # }
//! ```

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
pub mod register;
pub mod secp;
pub mod sign;
pub mod signed;
pub mod transport;
pub mod treasury;
pub mod units;

pub use elements;
pub use secp::Secp;
