//! Why a contract proves nothing.

use elements::AssetId;

use super::MAX_CONTRACT_BYTES;

/// Why bytes are not the contract of an asset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContractError {
    /// Longer than any contract.
    #[error("the contract has {found} bytes; expected at most {MAX_CONTRACT_BYTES}")]
    TooLong {
        /// Bytes of it.
        found: usize,
    },
    /// Its hash is not in the asset's id.
    #[error("the contract and the issuance lead to asset {found}, expected {expected}")]
    OtherAsset {
        /// Where its SHA-256 leads together with the issuance's coin.
        found: AssetId,
        /// The asset.
        expected: AssetId,
    },
    /// A byte outside printable ASCII.
    #[error("byte {position} of the contract is outside printable ASCII")]
    Unprintable {
        /// Where, from 0.
        position: usize,
    },
    /// No JSON, or JSON that two parsers read differently.
    #[error("the contract cannot be read in one way: {reason}")]
    Unreadable {
        /// What is wrong.
        reason: String,
    },
    /// A field that is missing or of another shape.
    #[error("{field} of the contract: found {found}, expected {expected}")]
    Field {
        /// Which.
        field: &'static str,
        /// What stands there.
        found: String,
        /// What must.
        expected: &'static str,
    },
}

impl ContractError {
    /// The stable code, the review's.
    pub fn code(&self) -> &'static str {
        "CONTRACT"
    }
}
