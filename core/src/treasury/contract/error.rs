//! Why a contract proves nothing.

use crate::code::Code;
use elements::{AssetId, OutPoint};

use super::MAX_CONTRACT_BYTES;

/// A contract, and the outpoint that its asset's issuance spent, which do lead to the asset. Offered in place of what was
/// given; it is proven like any other once it is given itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedContract {
    /// In canonical form; printable ASCII.
    pub contract: String,
    /// The outpoint that the issuance spent.
    pub prevout: OutPoint,
}

/// Why bytes are not the contract of an asset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
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
    /// The asset's contract, laid out otherwise than its issuer hashed it.
    #[error(
        "the file says what the contract of asset {expected} says, in another layout; expected its bytes as the issuer hashed them, keys sorted and nothing between them"
    )]
    NotCanonical {
        /// The asset.
        expected: AssetId,
        /// The contract as it was hashed, with the same outpoint.
        offered: Box<OfferedContract>,
    },
    /// The asset registry's whole answer about an asset.
    #[error(
        "the file is the asset registry's whole answer{}; expected its `contract` member alone{}",
        whose(.offered.as_deref(), *.expected), own_outpoint(*.issuance_named, .offered.as_deref())
    )]
    RegistryAnswer {
        /// The asset.
        expected: AssetId,
        /// The contract in it with the outpoint that the issuance spent, if they lead to the asset.
        offered: Option<Box<OfferedContract>>,
        /// Whether the outpoint given is one of the issuance transaction, and not the one that the issuance spent.
        issuance_named: bool,
    },
    /// A byte outside printable ASCII.
    #[error("byte {position} of the contract is outside printable ASCII")]
    Unprintable {
        /// The position of the byte, from 0.
        position: usize,
    },
    /// No JSON, or JSON that two parsers read differently.
    #[error("the contract cannot be read in one way: {reason}")]
    Unreadable {
        /// Why it cannot be read.
        reason: String,
    },
    /// A field that is missing or of another shape.
    #[error("{field} of the contract: found {found}, expected {expected}")]
    Field {
        /// The name of the field.
        field: &'static str,
        /// What the contract holds there.
        found: String,
        /// What it must hold there.
        expected: &'static str,
    },
}

fn whose(offered: Option<&OfferedContract>, expected: AssetId) -> String {
    match offered {
        Some(_) => format!(" about asset {expected}"),
        None => format!(", and its contract does not lead to asset {expected}"),
    }
}

fn own_outpoint(issuance_named: bool, offered: Option<&OfferedContract>) -> String {
    match (issuance_named, offered) {
        (true, Some(OfferedContract { prevout, .. })) => {
            let OutPoint { txid, vout } = prevout;
            format!(
                ". The outpoint given belongs to the issuance transaction itself; expected the outpoint that the issuance spent, {txid}:{vout}"
            )
        }
        _ => String::new(),
    }
}

impl ContractError {
    /// What to give instead, where it is known.
    pub fn offered(&self) -> Option<&OfferedContract> {
        match self {
            ContractError::NotCanonical { offered, .. } => Some(offered),
            ContractError::RegistryAnswer { offered, .. } => offered.as_deref(),
            ContractError::TooLong { .. }
            | ContractError::OtherAsset { .. }
            | ContractError::Unprintable { .. }
            | ContractError::Unreadable { .. }
            | ContractError::Field { .. } => None,
        }
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        Code::Contract
    }
}
