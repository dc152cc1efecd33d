//! The asset as AMP has it, and whether AMP tracks all its outputs.

use coldamp_core::amp::request::Uuid;
use coldamp_core::code::Code;
use coldamp_core::elements::AssetId;
use coldamp_core::listed::listed;

use crate::amp::{Amp, AmpError, places};

/// Why nothing is asked of AMP now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssetError {
    /// AMP could not be asked.
    #[error(transparent)]
    Amp(#[from] AmpError),
    /// AMP no longer tracks some outputs. If they are spent now, AMP does not see it.
    #[error("AMP no longer tracks {}", listed(.outputs))]
    LostOutputs {
        /// The outputs as `txid:vout`.
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

/// The asset's id, if AMP tracks all its outputs.
///
/// # Errors
/// When AMP cannot be asked, or no longer tracks some outputs.
pub async fn in_order(amp: &Amp, uuid: &Uuid) -> Result<AssetId, AssetError> {
    let asset = amp.asset(uuid).await?;
    let outputs = amp.lost_outputs(uuid).await?;
    if outputs.is_empty() { Ok(asset) } else { Err(AssetError::LostOutputs { outputs: places(&outputs) }) }
}
