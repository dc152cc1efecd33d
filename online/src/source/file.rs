//! The transactions file: a JSON array of `{txid, height, hex}` with all transactions of the treasury and the issuance.

use std::collections::BTreeSet;

use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::elements::hex::decode_to_vec;
use coldamp_core::elements::{AssetId, BlockHash, Transaction, Txid, encode};
use coldamp_core::treasury::{CtDescriptor, DescriptorError};
use serde::Deserialize;

use super::{ChainTransaction, ScanRange, Source, Survey};
use crate::pace::Watch;

/// A parsed transactions file.
#[derive(Debug, Clone)]
pub struct TransactionsFile {
    transactions: Vec<ChainTransaction>,
    scan_range: ScanRange,
}

/// One entry in JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    txid: String,
    height: Option<u32>,
    hex: String,
}

/// Why a transactions file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It is not JSON of this form.
    #[error("expected a JSON array of {{txid, height, hex}}: {reason}")]
    Unreadable {
        /// The parser's message.
        reason: String,
    },
    /// The hex of an entry is not a transaction.
    #[error("entry {index}: {reason}")]
    Transaction {
        /// The entry's position, from 0.
        index: usize,
        /// The decoder's message.
        reason: String,
    },
    /// The txid of an entry is not that of its transaction.
    #[error("entry {index}: found txid {found}, but the transaction's txid is {actual}")]
    Txid {
        /// The entry's position, from 0.
        index: usize,
        /// The txid in the file.
        found: String,
        /// The transaction's txid.
        actual: Txid,
    },
}

impl FileError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            FileError::Unreadable { .. } => Code::Parse,
            FileError::Transaction { .. } => Code::Transaction,
            FileError::Txid { .. } => Code::Txid,
        }
    }
}

impl TransactionsFile {
    /// Parses the file and recomputes every txid.
    ///
    /// # Errors
    /// When the file has another form, an entry is not a transaction, or a txid is wrong.
    pub fn parse(text: &[u8]) -> Result<Self, FileError> {
        let unreadable = |error: serde_json::Error| FileError::Unreadable { reason: error.to_string() };
        let entries: Vec<Entry> = serde_json::from_slice(text).map_err(unreadable)?;
        let mut transactions = Vec::with_capacity(entries.len());
        let mut known = BTreeSet::new();
        for (index, entry) in entries.into_iter().enumerate() {
            let bad = |reason: String| FileError::Transaction { index, reason };
            let bytes = decode_to_vec(&entry.hex).map_err(|error| bad(error.to_string()))?;
            let transaction: Transaction =
                encode::deserialize(&bytes).map_err(|error| bad(error.to_string()))?;
            let actual = transaction.txid();
            if actual.to_string() != entry.txid {
                let found = entry.txid.chars().take(80).collect();
                return Err(FileError::Txid { index, found, actual });
            }
            if known.insert(actual) {
                transactions.push(ChainTransaction { transaction, height: entry.height });
            }
        }
        Ok(TransactionsFile { transactions, scan_range: ScanRange::default() })
    }

    /// Sets the scan range.
    #[must_use]
    pub fn scanning(self, scan_range: ScanRange) -> Self {
        TransactionsFile { scan_range, ..self }
    }
}

impl Source for TransactionsFile {
    type Error = DescriptorError;

    async fn survey(
        &self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        _watch: &dyn Watch,
    ) -> Result<Survey, Self::Error> {
        Survey::of(secp, descriptor, &self.transactions, &self.scan_range, 0, None)
    }

    async fn transaction(&self, txid: Txid) -> Result<Option<Transaction>, Self::Error> {
        let mut transactions = self.transactions.iter().map(|known| &known.transaction);
        Ok(transactions.find(|transaction| transaction.txid() == txid).cloned())
    }

    async fn claimed_issuance(&self, _asset: AssetId) -> Result<Option<Txid>, Self::Error> {
        // The survey reads all transactions anyway.
        Ok(None)
    }

    async fn genesis(&self) -> Result<Option<BlockHash>, Self::Error> {
        Ok(None)
    }

    async fn is_waiting(&self, txid: Txid) -> Result<bool, Self::Error> {
        let mut waiting = self.transactions.iter().filter(|known| known.height.is_none());
        Ok(waiting.any(|known| known.transaction.txid() == txid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_transactions_file_is_refused() {
        let parse = |text: &str| TransactionsFile::parse(text.as_bytes()).unwrap_err();
        assert!(matches!(parse("hello"), FileError::Unreadable { .. }));
        assert!(matches!(parse("{}"), FileError::Unreadable { .. }));
        assert!(matches!(
            parse(r#"[{"txid":"00","height":1,"hex":"zz"}]"#),
            FileError::Transaction { index: 0, .. }
        ));
        assert!(matches!(
            parse(r#"[{"txid":"00","height":1,"hex":"00"}]"#),
            FileError::Transaction { index: 0, .. }
        ));
        assert!(matches!(parse(r#"[{"txid":"00","height":-1,"hex":"00"}]"#), FileError::Unreadable { .. }));
        // The smallest transaction: no inputs, no outputs.
        let wrong = parse(r#"[{"txid":"00","height":1,"hex":"0200000000000000000000"}]"#);
        assert!(matches!(wrong, FileError::Txid { index: 0, .. }), "{wrong}");
    }
}
