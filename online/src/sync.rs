//! From transactions to coins: which outputs are the treasury's, which are unspent, what they hold, and how far the
//! treasury's addresses have been used.

use std::collections::BTreeSet;

use coldamp_core::Secp;
use coldamp_core::elements::{AssetId, OutPoint, Transaction, Txid};
use coldamp_core::limits::{MAX_INDEX, MAX_INDEX_GAP};
use coldamp_core::network::Network;
use coldamp_core::prepare::Treasury;
use coldamp_core::treasury::{
    Branch, CoinError, CtDescriptor, DescriptorError, IssuanceError, IssuanceIds, IssuanceKind, ScriptIndex,
    UnusedIndices, Utxo, first_prevout_in, issuance_in,
};

use crate::source::{History, Source};

/// The treasury as the chain shows it.
#[derive(Debug, Clone)]
pub struct Holdings {
    /// Confirmed, unspent coins, by outpoint.
    pub coins: Vec<Utxo>,
    /// Outputs of our scripts that cannot be opened, and why: not spendable by us, and worth telling.
    pub unopened: Vec<(OutPoint, CoinError)>,
    /// Unspent outputs of ours that are not confirmed yet.
    pub unconfirmed: Vec<OutPoint>,
    scripts: ScriptIndex,
    unused: UnusedIndices,
    issuance: Option<(IssuanceIds, IssuanceKind)>,
    issuance_prevout: Option<OutPoint>,
}

/// Why the treasury could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SyncError<E: std::error::Error + 'static> {
    /// The source failed.
    #[error(transparent)]
    Source(E),
    /// No output belongs to the descriptor: it is another wallet's, or the transactions are.
    #[error(
        "none of the outputs of {transactions} transactions belongs to the descriptor of key {origin} (looked at indices from 0 on, of both branches); expected the transactions of its own treasury"
    )]
    NothingOurs {
        /// How many transactions the source has.
        transactions: usize,
        /// The descriptor's key origin: fingerprint of the master key and path to the account.
        origin: String,
    },
    /// The request names a reissuance token as its asset: paying or burning it would lose the power to reissue.
    #[error("the request's asset {token} is the reissuance token of {of}; expected an asset")]
    AssetIsToken {
        /// What the request names.
        token: AssetId,
        /// The asset that it reissues.
        of: AssetId,
    },
    /// An index that cannot be derived.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
    /// The transaction named as the issuance issues something else.
    #[error(transparent)]
    Issuance(#[from] IssuanceError),
    /// The transaction named as the issuance is not there.
    #[error("the issuance transaction {txid} is not in the source")]
    IssuanceNotFound {
        /// The transaction named.
        txid: Txid,
    },
}

impl<E: std::error::Error + 'static> SyncError<E> {
    /// The stable code, the issuance's and the descriptor's own included.
    pub fn code(&self) -> &'static str {
        match self {
            SyncError::Source(_) => "SOURCE",
            SyncError::NothingOurs { .. } => "NOTHING_OURS",
            SyncError::AssetIsToken { .. } => "TOKEN_UNEXPECTED",
            SyncError::Descriptor(error) => error.code(),
            SyncError::Issuance(error) => error.code(),
            SyncError::IssuanceNotFound { .. } => "ISSUANCE_NOT_FOUND",
        }
    }
}

impl Holdings {
    /// Reads the treasury from a source, and the issuance of `asset` from the transaction named or found.
    ///
    /// # Errors
    /// When the source fails, knows nothing of this treasury, or the named issuance transaction is missing or issues another asset.
    pub fn sync<S: Source>(
        secp: &Secp,
        descriptor: &CtDescriptor,
        source: &S,
        asset: AssetId,
        issuance_txid: Option<Txid>,
    ) -> Result<Self, SyncError<S::Error>> {
        let history = source.history(secp, descriptor).map_err(SyncError::Source)?;
        let (scripts, unused) = seen_scripts(secp, descriptor, &history)?;
        if unused == UnusedIndices::default() {
            let account = descriptor.account().to_string().replace('\'', "h");
            let origin = format!("[{}/{account}]", descriptor.fingerprint());
            return Err(SyncError::NothingOurs { transactions: history.transactions.len(), origin });
        }
        if let Some(of) = token_of(&history, asset) {
            return Err(SyncError::AssetIsToken { token: asset, of });
        }
        let named = named_issuance(source, issuance_txid)?;
        let issuance = issuance(&history, named.as_ref(), asset)?;
        let transactions = history.transactions.iter().map(|known| &known.transaction);
        let issuance_prevout =
            named.iter().chain(transactions).find_map(|transaction| first_prevout_in(transaction, asset));
        let spent = spent_outpoints(&history);
        let mut holdings = Holdings {
            coins: Vec::new(),
            unopened: Vec::new(),
            unconfirmed: Vec::new(),
            scripts,
            unused,
            issuance,
            issuance_prevout,
        };
        for known in &history.transactions {
            let txid = known.transaction.txid();
            for (vout, output) in (0_u32..).zip(&known.transaction.output) {
                let outpoint = OutPoint::new(txid, vout);
                let Some(own) = holdings.scripts.find(&output.script_pubkey) else { continue };
                let is_spent = match &history.unspent {
                    Some(unspent) => !unspent.contains(&outpoint),
                    None => spent.contains(&outpoint),
                };
                if is_spent {
                    continue;
                }
                if known.height.is_none() {
                    holdings.unconfirmed.push(outpoint);
                    continue;
                }
                match Utxo::open(secp, descriptor, outpoint, output, own.clone()) {
                    Ok(coin) => holdings.coins.push(coin),
                    Err(error) => holdings.unopened.push((outpoint, error)),
                }
            }
        }
        holdings.coins.sort_by_key(|coin| coin.outpoint);
        Ok(holdings)
    }

    /// As the planner takes it.
    pub fn treasury<'a>(&'a self, network: &'a Network, descriptor: &'a CtDescriptor) -> Treasury<'a> {
        Treasury {
            network,
            descriptor,
            coins: &self.coins,
            scripts: &self.scripts,
            unused: self.unused,
            issuance: self.issuance,
            contract: None,
        }
    }

    /// Whether any issuance or reissuance of the asset is known.
    pub fn knows_issuance(&self) -> bool {
        self.issuance.is_some()
    }

    /// The coin that the asset's first issuance spent, which a contract is proven with; none where only reissuances are
    /// known, or nothing at all.
    pub fn issuance_prevout(&self) -> Option<OutPoint> {
        self.issuance_prevout
    }
}

/// Looks ahead by the gap until it holds no more scripts that were seen; returns the first index above each branch's
/// highest seen one. Spent outputs count: an address is used once.
fn seen_scripts(
    secp: &Secp,
    descriptor: &CtDescriptor,
    history: &History,
) -> Result<(ScriptIndex, UnusedIndices), DescriptorError> {
    let mut searched = history.searched.max(MAX_INDEX_GAP);
    let mut scripts = ScriptIndex::up_to(secp, descriptor, searched)?;
    loop {
        let mut unused = UnusedIndices::default();
        let outputs = history.transactions.iter().flat_map(|known| &known.transaction.output);
        for own in outputs.filter_map(|output| scripts.find(&output.script_pubkey)) {
            unused.mark_used(own.path);
        }
        // Both branches as far as the further one: the signer's gap counts from the highest index of either.
        let highest =
            Branch::BOTH.into_iter().map(|branch| unused.next(branch).index).max().unwrap_or_default();
        let wanted = highest.saturating_add(MAX_INDEX_GAP).min(MAX_INDEX);
        if wanted <= searched {
            return Ok((scripts, unused));
        }
        searched = wanted;
        for branch in Branch::BOTH {
            scripts.extend(secp, descriptor, branch, searched)?;
        }
    }
}

/// The asset whose reissuance token `asset` is, by any issuance of the history.
fn token_of(history: &History, asset: AssetId) -> Option<AssetId> {
    let inputs = history.transactions.iter().flat_map(|known| &known.transaction.input);
    let issued = inputs.filter(|input| input.has_issuance()).map(IssuanceIds::of_input);
    issued.filter(|ids| ids.kind_of_token(asset).is_some()).map(|ids| ids.asset).next()
}

/// The transaction named as the issuance.
fn named_issuance<S: Source>(
    source: &S,
    named: Option<Txid>,
) -> Result<Option<Transaction>, SyncError<S::Error>> {
    let Some(txid) = named else { return Ok(None) };
    match source.transaction(txid).map_err(SyncError::Source)? {
        Some(transaction) => Ok(Some(transaction)),
        None => Err(SyncError::IssuanceNotFound { txid }),
    }
}

/// The issuance from the transaction named, or from any of the history that issues or reissues the asset: the ids are
/// recomputed and must come out as `asset`, so either proves as much.
fn issuance(
    history: &History,
    named: Option<&Transaction>,
    asset: AssetId,
) -> Result<Option<(IssuanceIds, IssuanceKind)>, IssuanceError> {
    let mut transactions = history.transactions.iter().map(|known| &known.transaction);
    match named {
        Some(transaction) => issuance_in(transaction, asset).map(Some),
        None => Ok(transactions.find_map(|transaction| issuance_in(transaction, asset).ok())),
    }
}

fn spent_outpoints(history: &History) -> BTreeSet<OutPoint> {
    let inputs = history.transactions.iter().flat_map(|known| &known.transaction.input);
    inputs.map(|input| input.previous_output).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::file::TransactionsFile;
    use coldamp_core::network::Chain;

    // The descriptor of scenarios/wpkh.
    const DESCRIPTOR: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elwpkh([73c5da0a/84h/1h/0h]tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M/<0;1>/*))";

    #[test]
    fn transactions_that_show_nothing_of_the_treasury_are_told_apart_from_an_empty_treasury() {
        let descriptor = CtDescriptor::parse(DESCRIPTOR, Chain::Regtest).unwrap();
        let asset = AssetId::from_byte_array([7; 32]);
        let file = TransactionsFile::parse(b"[]").unwrap();
        let error = Holdings::sync(&Secp::new(), &descriptor, &file, asset, None).unwrap_err();
        assert_eq!(error.code(), "NOTHING_OURS");
        assert!(
            error
                .to_string()
                .contains("0 transactions belongs to the descriptor of key [73c5da0a/84h/1h/0h]"),
            "{error}"
        );
    }
}
