//! A signed transaction that is to be replaced, and its coins. While it waits, a chain source shows them as spent.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use coldamp_core::Secp;
use coldamp_core::elements::{Transaction, Txid};
use coldamp_core::network::{Chain, Network};
use coldamp_core::signed::SignedFile;
use coldamp_core::treasury::{CtDescriptor, Utxo};

use crate::source::Source;
use crate::sync::Holdings;

/// The signed file belongs to another network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("found network {found}, expected {expected}")]
pub struct OtherNetwork {
    /// The network of the file.
    pub found: Chain,
    /// The network of the treasury.
    pub expected: Chain,
}

/// The transaction of a signed file.
///
/// # Errors
/// When the file belongs to another network.
pub fn transaction(signed: &SignedFile, network: &Network) -> Result<Transaction, OtherNetwork> {
    let (found, expected) = (signed.chain(), network.chain());
    if found == expected { Ok(signed.transaction().clone()) } else { Err(OtherNetwork { found, expected }) }
}

/// Adds the coins of a waiting transaction to the coins that can be spent: while it waits, no other transaction spends them.
/// They are opened like all others, so nothing that the source says of them is trusted.
///
/// # Errors
/// When the source cannot be read.
pub async fn add_coins_of_replaced<S: Source>(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    source: &S,
    transaction: &Transaction,
    holdings: &mut Holdings,
) -> Result<(), S::Error> {
    if !source.is_waiting(transaction.txid()).await? {
        return Ok(());
    }
    // Several coins may be of one transaction, which is read once.
    let mut parents: BTreeMap<Txid, Option<Transaction>> = BTreeMap::new();
    for input in &transaction.input {
        let outpoint = input.previous_output;
        if holdings.coins.iter().any(|coin| coin.outpoint == outpoint) {
            continue;
        }
        let parent = match parents.entry(outpoint.txid) {
            Entry::Occupied(read) => read.into_mut(),
            Entry::Vacant(place) => place.insert(source.transaction(outpoint.txid).await?),
        };
        let Some(parent) = parent else { continue };
        let output = usize::try_from(outpoint.vout).ok().and_then(|vout| parent.output.get(vout));
        let Some(output) = output else { continue };
        let own = holdings.treasury(network, descriptor).scripts.find(&output.script_pubkey).cloned();
        let coin = own.and_then(|own| Utxo::open(secp, descriptor, outpoint, output, own).ok());
        holdings.coins.extend(coin);
    }
    Utxo::sort(&mut holdings.coins);
    Ok(())
}
