//! The asset's contract from a file: brought into the form that issuers hash, and proven to be the asset's.

use std::path::Path;

use coldamp_core::elements::AssetId;
use coldamp_core::treasury::{ProvenContract, canonical};
use coldamp_online::sync::Holdings;

use crate::error::Failure;
use crate::input::read_file;
use crate::refusal;

/// A contract has at most 4 KiB; a file of it may be laid out with blanks and line ends.
const MAX_FILE_BYTES: usize = 64 * 1024;

/// Reads the contract of an asset.
///
/// # Errors
/// When the file cannot be read, the first issuance is not known, or the contract is another asset's.
pub(super) fn read(path: &Path, asset: AssetId, holdings: &Holdings) -> Result<ProvenContract, Failure> {
    let file =
        read_file(path, MAX_FILE_BYTES).map_err(|error| error.into_failure("the contract file", path))?;
    // The hash of the contract stands in the first issuance alone, beside the coin that it spent.
    let Some(prevout) = holdings.issuance_prevout() else {
        return Err(refusal::no_first_issuance(asset, holdings.knows_issuance()));
    };
    let contract = canonical(&file).map_err(|error| refusal::contract(path, &error))?;
    ProvenContract::prove(contract.as_bytes(), prevout, asset)
        .map_err(|error| refusal::contract(path, &error))
}
