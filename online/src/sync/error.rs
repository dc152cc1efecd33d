//! Why a treasury cannot be read from a chain source.

use coldamp_core::code::Code;
use coldamp_core::elements::{AssetId, OutPoint, Txid};
use coldamp_core::listed::CoinName;
use coldamp_core::treasury::{DescriptorError, IssuanceError};

use crate::source::Scanned;

/// Why the treasury cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SyncError<E: std::error::Error + 'static> {
    /// The source failed.
    #[error(transparent)]
    Source(E),
    /// No output belongs to the descriptor. The descriptor or the transactions are of another wallet.
    #[error("{} belongs to the descriptor of key {origin} ({scanned})", no_output(*.transactions))]
    NothingOurs {
        /// Transactions that the source has. 0 if it is asked by address.
        transactions: usize,
        /// The descriptor's key origin: the master key's fingerprint and the path to the account.
        origin: String,
        /// How far the scan went.
        scanned: Scanned,
    },
    /// The request names a reissuance token as its asset. Paying or burning the token would lose the power to reissue.
    #[error("the request's asset {token} is the reissuance token of {asset}; expected an asset")]
    AssetIsToken {
        /// The token.
        token: AssetId,
        /// The asset that it reissues.
        asset: AssetId,
    },
    /// A script cannot be derived.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
    /// The named issuance transaction issues another asset.
    #[error(transparent)]
    Issuance(#[from] IssuanceError),
    /// The source does not have the named issuance transaction.
    #[error("the chain source does not have the issuance transaction {txid}")]
    IssuanceNotFound {
        /// The transaction.
        txid: Txid,
    },
    /// The source lists an unspent output, but its transaction has no such output that pays the treasury.
    #[error("the chain source lists {} as unspent, but that output does not exist or does not pay the treasury", CoinName(*.outpoint))]
    NoOutput {
        /// The outpoint.
        outpoint: OutPoint,
    },
}

/// The subject of the message about a treasury without outputs.
fn no_output(transactions: usize) -> String {
    match transactions {
        0 => "no output of the chain source".to_owned(),
        count => format!("none of the outputs of {count} transactions"),
    }
}

impl<E: std::error::Error + 'static> SyncError<E> {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            SyncError::Source(_) => Code::Source,
            SyncError::NothingOurs { .. } => Code::NothingOurs,
            SyncError::AssetIsToken { .. } => Code::TokenUnexpected,
            SyncError::Descriptor(error) => error.code(),
            SyncError::Issuance(error) => error.code(),
            SyncError::IssuanceNotFound { .. } => Code::IssuanceNotFound,
            SyncError::NoOutput { .. } => Code::NoOutput,
        }
    }
}
