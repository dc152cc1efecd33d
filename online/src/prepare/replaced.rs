//! A signed transaction that is to be replaced, and its coins: a source that shows it waiting shows them as spent.

use coldamp_core::Secp;
use coldamp_core::elements::Transaction;
use coldamp_core::network::{Chain, Network};
use coldamp_core::signed::Signed;
use coldamp_core::treasury::{CtDescriptor, Utxo};

use crate::source::Source;
use crate::sync::Holdings;

/// The signed file is another network's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("found network {found}, expected {expected}")]
pub struct OtherNetwork {
    /// The file's.
    pub found: Chain,
    /// The treasury's.
    pub expected: Chain,
}

/// The transaction of a signed file.
///
/// # Errors
/// When it is of another network.
pub fn transaction(signed: &Signed, network: &Network) -> Result<Transaction, OtherNetwork> {
    let (found, expected) = (signed.chain(), network.chain());
    if found == expected { Ok(signed.transaction().clone()) } else { Err(OtherNetwork { found, expected }) }
}

/// Counts the coins of a waiting transaction among those that can be spent: in a mempool nothing else spends them. They
/// are opened like all others, so that nothing is believed of them.
///
/// # Errors
/// When the source cannot be read.
pub async fn give_back<S: Source>(
    secp: &Secp,
    (network, descriptor): (&Network, &CtDescriptor),
    source: &S,
    transaction: &Transaction,
    holdings: &mut Holdings,
) -> Result<(), S::Error> {
    if !source.is_waiting(transaction.txid()).await? {
        return Ok(());
    }
    for input in &transaction.input {
        let outpoint = input.previous_output;
        if holdings.coins.iter().any(|coin| coin.outpoint == outpoint) {
            continue;
        }
        let Some(parent) = source.transaction(outpoint.txid).await? else { continue };
        let output = usize::try_from(outpoint.vout).ok().and_then(|vout| parent.output.get(vout));
        let Some(output) = output else { continue };
        let own = holdings.treasury(network, descriptor).scripts.find(&output.script_pubkey).cloned();
        let coin = own.and_then(|own| Utxo::open(secp, descriptor, outpoint, output, own).ok());
        holdings.coins.extend(coin);
    }
    holdings.coins.sort_by_key(|coin| coin.outpoint);
    Ok(())
}
