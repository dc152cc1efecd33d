//! The transactions file: a JSON array of `{txid, height, hex}`, all transactions of the treasury and the issuance.

use std::collections::BTreeSet;

use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::elements::hex::decode_to_vec;
use coldamp_core::elements::{AssetId, BlockHash, Transaction, Txid, encode};
use coldamp_core::treasury::{CtDescriptor, DescriptorError};
use serde::Deserialize;

use super::{ChainTransaction, Reach, Source, Survey};
use crate::pace::Watch;

/// A parsed transactions file.
#[derive(Debug, Clone)]
pub struct TransactionsFile {
    transactions: Vec<ChainTransaction>,
    reach: Reach,
}

/// One entry on the wire.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    txid: String,
    height: Option<u32>,
    hex: String,
}

/// Why a file is no transactions file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// No JSON of this shape.
    #[error("no JSON array of {{txid, height, hex}}: {reason}")]
    Unreadable {
        /// What the parser said.
        reason: String,
    },
    /// An entry whose hex is no transaction.
    #[error("entry {index}: {reason}")]
    Transaction {
        /// Position, from 0.
        index: usize,
        /// What the decoder said.
        reason: String,
    },
    /// An entry whose txid is not its transaction's.
    #[error("entry {index}: found txid {found}, the transaction's is {actual}")]
    Txid {
        /// Position, from 0.
        index: usize,
        /// What the file says.
        found: String,
        /// What it is.
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

    /// Whether the file could not be read at all, rather than saying something wrong.
    pub fn is_unreadable(&self) -> bool {
        !matches!(self, FileError::Txid { .. })
    }
}

impl TransactionsFile {
    /// Parses the file and recomputes every txid.
    ///
    /// # Errors
    /// When an entry is no transaction, or another one than its txid says.
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
        Ok(TransactionsFile { transactions, reach: Reach::default() })
    }

    /// The same, looked through further.
    #[must_use]
    pub fn reaching(self, reach: Reach) -> Self {
        TransactionsFile { reach, ..self }
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
        Survey::of(secp, descriptor, &self.transactions, &self.reach, 0, None)
    }

    async fn transaction(&self, txid: Txid) -> Result<Option<Transaction>, Self::Error> {
        let mut transactions = self.transactions.iter().map(|known| &known.transaction);
        Ok(transactions.find(|transaction| transaction.txid() == txid).cloned())
    }

    async fn claimed_issuance(&self, _asset: AssetId) -> Result<Option<Txid>, Self::Error> {
        // The survey goes through all of them anyhow.
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
    fn what_is_no_transactions_file_is_refused_by_name() {
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
        // The smallest transaction there is: no inputs, no outputs.
        let wrong = parse(r#"[{"txid":"00","height":1,"hex":"0200000000000000000000"}]"#);
        assert!(matches!(wrong, FileError::Txid { index: 0, .. }), "{wrong}");
    }
}
