//! The asset as AMP has it, and whether AMP could follow what is done with it now.

use coldamp_core::amp::request::Uuid;
use coldamp_core::code::Code;
use coldamp_core::elements::AssetId;
use coldamp_core::listed::listed;

use crate::amp::{Amp, AmpError, places};

/// Why nothing is asked for now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssetError {
    /// AMP could not be asked.
    #[error(transparent)]
    Amp(#[from] AmpError),
    /// AMP lost sight of outputs: what is spent of them now it cannot follow.
    #[error("AMP has lost sight of {}", listed(.outputs))]
    LostOutputs {
        /// `txid:vout`.
        outputs: Vec<String>,
    },
}

impl AssetError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            AssetError::Amp(error) => error.code(),
            AssetError::LostOutputs { .. } => Code::LostOutputs,
        }
    }
}

/// The asset's id, if nothing speaks against asking for something now.
///
/// # Errors
/// When AMP cannot be asked, or has lost sight of outputs.
pub async fn in_order(amp: &Amp, uuid: &Uuid) -> Result<AssetId, AssetError> {
    let asset = amp.asset(uuid).await?;
    let outputs = amp.lost_outputs(uuid).await?;
    if outputs.is_empty() { Ok(asset) } else { Err(AssetError::LostOutputs { outputs: places(&outputs) }) }
}
