//! `coldamp policy export` and `policy template`: policies as a file.

use std::path::Path;

use coldamp_cli::{Exit, Failure, output};
use coldamp_core::code::Code;
use coldamp_core::elements::AssetId;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::sign::review::Policy;
use coldamp_core::treasury::MAX_CONTRACT_FILE_BYTES;

use crate::args::{PolicyExportArguments, PolicyTemplateArguments};
use crate::commands::review::input;
use crate::commands::unlock::{read_journal, treasury, unlock};
use crate::commands::write_or_print;
use crate::entropy::blinded_secp;
use crate::journal::{Journal, PolicySet, outpoint};
use crate::keystore::OpenedKeystore;
use crate::policy_file::{self, Blanks, MAX_POLICY_BYTES, PolicyFile, exported};

/// Reads a policy file, once and whole.
///
/// # Errors
/// When it cannot be read, or is not a policy file.
pub(crate) fn read_file(path: &Path) -> Result<PolicyFile, Failure> {
    policy_file::read(&input(path, MAX_POLICY_BYTES, "the policy file")?)
}

/// The policies in force as a file, of one asset or of all. An approval is for a change of all of them.
///
/// # Errors
/// When another version of this program wrote an entry of the journal.
pub(crate) fn in_force(
    keystore: &OpenedKeystore,
    journal: &Journal,
    asset: Option<AssetId>,
) -> Result<String, Failure> {
    let policies = journal.policies()?;
    let chosen = policies.iter().filter(|(_, policy)| asset.is_none_or(|asset| policy.asset == asset));
    let chosen: Vec<(&PolicySet, &Policy)> = chosen.map(|(set, policy)| (*set, policy)).collect();
    let descriptor = treasury(keystore, journal)?;
    let treasury = [
        format!("Treasury on {}; SHA-256 of its descriptor:", keystore.network().chain()),
        descriptor.canonical_hash().to_lower_hex_string(),
        format!("Journal chain {}.", journal.chain_id()),
    ];
    Ok(exported(&treasury, &chosen))
}

/// Writes the policies in force.
///
/// # Errors
/// When there is none, or the file cannot be written.
pub(super) fn run(arguments: &PolicyExportArguments) -> Result<(), Failure> {
    arguments.output.as_deref().map(output::check_free).transpose()?;
    let secp = blinded_secp()?;
    let keystore = unlock(&secp, &arguments.keystore)?;
    let journal = read_journal(arguments.keystore.path()?, &keystore)?;
    let state = journal.state()?;
    let is_set = match arguments.asset {
        Some(asset) => state.policy(asset).is_some(),
        None => !state.policies.is_empty(),
    };
    if !is_set {
        return Err(Failure::new(
            Exit::Refused,
            "there is no policy in force to export",
            "`coldamp policy show` lists the policies. `coldamp policy template` writes a first one.",
        )
        .with_code(Code::PolicyAsset));
    }
    write_or_print(arguments.output.as_deref(), &in_force(&keystore, &journal, arguments.asset)?)
}

/// Writes a template.
///
/// # Errors
/// When the contract cannot be read, or the file cannot be written.
pub(super) fn template(arguments: &PolicyTemplateArguments) -> Result<(), Failure> {
    arguments.output.as_deref().map(output::check_free).transpose()?;
    let contract = match (&arguments.contract, &arguments.issuance_prevout, arguments.asset) {
        (Some(path), Some(prevout), Some(asset)) => Some(contract(path, prevout, asset)?),
        // clap lets the three go together alone.
        _ => None,
    };
    let known = Blanks {
        asset: arguments.asset.map(|asset| asset.to_string()),
        uuid: arguments.uuid.clone(),
        contract,
        issuance_prevout: arguments.issuance_prevout.clone(),
    };
    write_or_print(arguments.output.as_deref(), &policy_file::template(&known))
}

/// The contract's own bytes, proven to be the asset's.
fn contract(path: &Path, prevout: &str, asset: AssetId) -> Result<String, Failure> {
    let prevout = outpoint(prevout).ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            "--issuance-prevout is not of the form TXID:VOUT",
            "Name the outpoint that the asset's first issuance spent, `issuance_prevout` in the asset registry.",
        )
    })?;
    let bytes = input(path, MAX_CONTRACT_FILE_BYTES, "the contract")?;
    Ok(crate::contract::prove(&bytes, prevout, asset)?.text().to_owned())
}
