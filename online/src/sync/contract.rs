//! The asset's contract from a file, in the form that issuers hash, and proven by the asset id.

use coldamp_core::code::Code;
use coldamp_core::elements::AssetId;
use coldamp_core::treasury::{ContractError, ProvenContract, canonical};

use super::Holdings;

/// Why a contract is not proven.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContractFileError {
    /// Only the first issuance holds the contract hash, and it is not known.
    #[error("asset {asset}: found {}, expected the transaction that issued it first", issuance_known(*.reissued))]
    NoFirstIssuance {
        /// The asset.
        asset: AssetId,
        /// Whether a reissuance of it is known.
        reissued: bool,
    },
    /// It is not a contract, or belongs to another asset.
    #[error(transparent)]
    Contract(#[from] ContractError),
}

fn issuance_known(reissued: bool) -> &'static str {
    match reissued {
        true => "only a reissuance",
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
    /// Proves that a file is the contract of an asset, with the asset's first issuance.
    ///
    /// # Errors
    /// When the first issuance is not known, or the file is not the asset's contract.
    pub fn contract(&self, asset: AssetId, file: &[u8]) -> Result<ProvenContract, ContractFileError> {
        let Some(prevout) = self.issuance_prevout else {
            return Err(ContractFileError::NoFirstIssuance { asset, reissued: self.issuance.is_some() });
        };
        let contract = canonical(file)?;
        Ok(ProvenContract::prove(contract.as_bytes(), prevout, asset)?)
    }
}
