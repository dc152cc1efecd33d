//! AMP's burn request and the treasury's coins become an unsigned PSET.
//!
//! ```text
//! cargo run -p coldamp-core --example prepare
//! ```
//!
//! The coins come from transactions that a regtest node recorded. A program finds them at a chain source instead, as
//! `coldamp-online` does. No private key is needed: the CT descriptor holds the view key.
#![allow(clippy::print_stdout, reason = "an example prints")]

use std::collections::BTreeSet;
use std::error::Error;

use coldamp_core::Secp;
use coldamp_core::amp::Request;
use coldamp_core::elements::{OutPoint, Transaction, encode::deserialize, hex::decode_to_vec};
use coldamp_core::network::{Chain, Network};
use coldamp_core::prepare::{Settings, Treasury, prepare};
use coldamp_core::treasury::{CtDescriptor, FreeIndices, ScriptIndex, UsedIndices, Utxo};

const REQUEST: &[u8] = include_bytes!("../../tests/scenarios/wpkh/requests/burn.json");
const DESCRIPTOR: &str = include_str!("../../tests/vectors/blinding/wpkh.distribute.descriptor");
const TRANSACTIONS: &str = include_str!("../../tests/scenarios/wpkh/chain/transactions.json");

/// The highest index of either branch that is looked at.
const HIGHEST_INDEX: u32 = 100;

fn main() -> Result<(), Box<dyn Error>> {
    let secp = Secp::new();
    let network = Network::new(Chain::Regtest);
    let descriptor = CtDescriptor::parse(DESCRIPTOR.trim(), network.chain())?;
    let request = Request::parse(REQUEST, &network)?;

    let scripts = ScriptIndex::up_to(&secp, &descriptor, HIGHEST_INDEX)?;
    let transactions = recorded()?;
    let inputs = transactions.iter().flat_map(|transaction| &transaction.input);
    let spent: BTreeSet<OutPoint> = inputs.map(|input| input.previous_output).collect();
    let mut coins = Vec::new();
    let mut used = UsedIndices::default();
    for transaction in &transactions {
        for (vout, output) in (0_u32..).zip(&transaction.output) {
            let Some(own) = scripts.find(&output.script_pubkey) else { continue };
            used.mark(own.path);
            let outpoint = OutPoint::new(transaction.txid(), vout);
            if !spent.contains(&outpoint) {
                coins.push(Utxo::open(&secp, &descriptor, outpoint, output, own.clone())?);
            }
        }
    }

    let free = FreeIndices::besides(used);
    let treasury = Treasury {
        network: &network,
        descriptor: &descriptor,
        coins: &coins,
        scripts: &scripts,
        free: &free,
        issuance: None,
        contract: None,
    };
    let prepared = prepare(&secp, &request, &treasury, &Settings::default(), None)?;
    println!("{}", prepared.pset);
    Ok(())
}

/// The recorded transactions, in the order of the chain.
fn recorded() -> Result<Vec<Transaction>, Box<dyn Error>> {
    let list: serde_json::Value = serde_json::from_str(TRANSACTIONS)?;
    let entries = list.as_array().ok_or("expected a list of transactions")?;
    let transaction = |entry: &serde_json::Value| {
        let hex = entry.get("hex").and_then(serde_json::Value::as_str).ok_or("expected `hex`")?;
        Ok(deserialize(&decode_to_vec(hex)?)?)
    };
    entries.iter().map(transaction).collect()
}
