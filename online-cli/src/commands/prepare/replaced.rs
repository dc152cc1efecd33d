//! The transaction that `--replace` names, and its coins: a source that shows it waiting shows them as spent.

use std::path::Path;

use coldamp_core::Secp;
use coldamp_core::elements::Transaction;
use coldamp_core::network::Network;
use coldamp_core::treasury::{CtDescriptor, Utxo};
use coldamp_online::source::Source as _;
use coldamp_online::sync::Holdings;

use crate::desk;
use crate::error::{Exit, Failure};
use crate::source::{AnySource, SourceError};

/// Reads it.
///
/// # Errors
/// When the file is no signed.json, or one of another network.
pub(super) fn read(path: &Path, network: &Network) -> Result<Transaction, Failure> {
    let (_, signed) = desk::signed(path)?;
    if signed.chain() != network.chain() {
        let message = format!(
            "the signed file {}: found network {}, expected {}",
            path.display(),
            signed.chain(),
            network.chain()
        );
        let hint = "name with --replace what was signed for this treasury";
        return Err(Failure::new(Exit::Refused, message, hint).with_code("NETWORK"));
    }
    Ok(signed.transaction().clone())
}

/// Counts the coins of a waiting transaction among those that can be spent: in a mempool nothing else spends them. They
/// are opened like all others, so that nothing is believed of them.
///
/// # Errors
/// When the source cannot be read.
pub(super) async fn give_back(
    secp: &Secp,
    (network, descriptor): (&Network, &CtDescriptor),
    source: &AnySource,
    transaction: &Transaction,
    holdings: &mut Holdings,
) -> Result<(), SourceError> {
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
