//! Amounts in units of an asset: only where a contract proves how many decimals it has. AMP's own `precision` is no proof, and
//! with a wrong one 187.5 would be another amount by a factor of ten.

use coldamp_cli::{Exit, Failure};
use coldamp_core::amp::request::Uuid;
use coldamp_core::code::Code;
use coldamp_core::elements::AssetId;
use coldamp_core::treasury::{MAX_CONTRACT_FILE_BYTES, ProvenContract, canonical};
use coldamp_core::units::{AssetAmount, Precision};
use coldamp_online::sync::{ContractFileError, Holdings};

use crate::args::PrecisionArguments;
use crate::input::read_file;
use crate::refusal;

/// The contract of an asset, if the command line or the profile names one. Where the outpoint is not given, it is the one that the
/// chain source shows.
///
/// # Errors
/// When the file is not the asset's contract, or nothing names the outpoint.
pub(crate) fn contract(
    arguments: &PrecisionArguments,
    (uuid, asset): (&Uuid, AssetId),
    holdings: Option<&Holdings>,
) -> Result<Option<ProvenContract>, Failure> {
    let of_profile = arguments.of_profile(uuid);
    let known_prevout = of_profile.and_then(|known| known.issuance_prevout);
    let prevout = arguments.issuance_prevout.or(known_prevout);
    let path = match (&arguments.contract, of_profile.and_then(|known| known.contract.as_ref())) {
        (Some(named), _) => named,
        // The profile's contract is there for other commands too: without its outpoint it proves nothing here.
        (None, Some(known)) if prevout.is_some() || holdings.is_some() => known,
        (None, _) => return Ok(None),
    };
    let file = read_file(path, MAX_CONTRACT_FILE_BYTES, "the contract file")?;
    let proven = match (prevout, holdings) {
        (Some(prevout), _) => canonical(&file)
            .and_then(|text| ProvenContract::prove(text.as_bytes(), prevout, asset))
            .map_err(ContractFileError::from),
        (None, Some(holdings)) => holdings.contract(asset, &file),
        (None, None) => {
            let message = "--contract is given without --issuance-prevout, and no chain source is read here";
            return Err(refusal::of(Code::PrecisionUnproven, message));
        }
    };
    proven.map(Some).map_err(|error| refusal::contract(path, &error))
}

/// Checks before anything is asked that a text can be an amount in units at all, and that a contract is named for it.
///
/// # Errors
/// When it cannot, or none is.
pub(crate) fn could_be_units(
    flag: &str,
    text: &str,
    arguments: &PrecisionArguments,
    asset: &Uuid,
) -> Result<(), Failure> {
    let of_profile = arguments.of_profile(asset).and_then(|known| known.contract.as_ref());
    if arguments.contract.as_ref().or(of_profile).is_none() {
        return Err(unproven(flag));
    }
    units(flag, text, Precision::OF_NODE).map(drop)
}

/// An amount in units of the asset.
///
/// # Errors
/// When no contract proves the precision, or the text is no amount at it.
pub(crate) fn amount_in_units(
    flag: &str,
    text: &str,
    contract: Option<&ProvenContract>,
) -> Result<AssetAmount, Failure> {
    let contract = contract.ok_or_else(|| unproven(flag))?;
    units(flag, text, contract.precision())
}

fn units(flag: &str, text: &str, precision: Precision) -> Result<AssetAmount, Failure> {
    AssetAmount::parse_units(text, precision).map_err(|error| {
        let hint = "Write the amount with a decimal point and without separators of thousands. It is never rounded. Nothing was asked for.";
        Failure::new(Exit::Usage, format!("{flag}: {error}"), hint)
    })
}

fn unproven(flag: &str) -> Failure {
    refusal::of(
        Code::PrecisionUnproven,
        format!("{flag} is in units of the asset, and no contract proves how many decimals the asset has"),
    )
}
