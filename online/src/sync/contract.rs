//! The asset's contract from a file: brought into the form that issuers hash, and proven to be the asset's.

use coldamp_core::code::Code;
use coldamp_core::elements::AssetId;
use coldamp_core::treasury::{ContractError, ProvenContract, canonical};

use super::Holdings;

/// Why a contract proves nothing of the asset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContractFileError {
    /// The hash of the contract stands in the first issuance alone, and that is not known.
    #[error("asset {asset}: found {}, expected the transaction that issued it first", issuance_known(*.reissued))]
    NoFirstIssuance {
        /// The asset.
        asset: AssetId,
        /// Whether a reissuance of it is known.
        reissued: bool,
    },
    /// It is none, or another asset's.
    #[error(transparent)]
    Contract(#[from] ContractError),
}

fn issuance_known(reissued: bool) -> &'static str {
    match reissued {
        true => "only a reissuance, which does not hold the coin that a contract is proven with",
        false => "no issuance",
    }
}

impl ContractFileError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            ContractFileError::NoFirstIssuance { .. } => Code::Contract,
            ContractFileError::Contract(error) => error.code(),
        }
    }
}

impl Holdings {
    /// Proves a file to be the contract of an asset, by the asset's first issuance.
    ///
    /// # Errors
    /// When the first issuance is not known, or the contract is none or another asset's.
    pub fn contract(&self, asset: AssetId, file: &[u8]) -> Result<ProvenContract, ContractFileError> {
        let Some(prevout) = self.issuance_prevout else {
            return Err(ContractFileError::NoFirstIssuance { asset, reissued: self.issuance.is_some() });
        };
        let contract = canonical(file)?;
        Ok(ProvenContract::prove(contract.as_bytes(), prevout, asset)?)
    }
}
