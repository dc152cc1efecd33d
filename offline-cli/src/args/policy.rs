//! The arguments of `coldamp policy`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use coldamp_cli::threads::ThreadsArguments;
use coldamp_core::elements::AssetId;

use super::KeystoreArguments;

/// What to do with policies.
#[derive(Subcommand)]
pub(crate) enum PolicyCommand {
    /// Print the policies in force, and what is left of their budgets
    Show(KeystoreArguments),
    /// Write the policies in force as a policy file, to be changed, or kept with the backup
    Export(PolicyExportArguments),
    /// Write a policy file to be filled in, with every key explained
    Template(PolicyTemplateArguments),
    /// Put a policy file in force: shows old and new side by side, and asks
    Apply(PolicyApplyArguments),
    /// Remove the policy of an asset, after asking
    Remove(PolicyRemoveArguments),
}

/// Which policies are written.
#[derive(Args)]
pub(crate) struct PolicyExportArguments {
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// The policy of this asset alone; an approver needs all of them
    #[arg(long, value_name = "HEX")]
    pub(crate) asset: Option<AssetId>,
    /// The file to write; stdout when not given
    #[arg(short, long, value_name = "FILE.toml")]
    pub(crate) output: Option<PathBuf>,
}

/// What is known already of the asset that the template is for.
#[derive(Args)]
pub(crate) struct PolicyTemplateArguments {
    /// The asset's id
    #[arg(long, value_name = "HEX")]
    pub(crate) asset: Option<AssetId>,
    /// AMP's uuid of the asset
    #[arg(long, value_name = "UUID")]
    pub(crate) uuid: Option<String>,
    /// The asset's contract, byte for byte: proves ticker and precision, and pins the reissuance token
    #[arg(long, value_name = "FILE", requires = "issuance_prevout", requires = "asset")]
    pub(crate) contract: Option<PathBuf>,
    /// The outpoint that the asset's issuance spent, not one of the issuance transaction
    #[arg(long, value_name = "TXID:VOUT", requires = "contract")]
    pub(crate) issuance_prevout: Option<String>,
    /// The file to write; stdout when not given
    #[arg(short, long, value_name = "FILE.toml")]
    pub(crate) output: Option<PathBuf>,
}

/// Which file comes into force.
#[derive(Args)]
pub(crate) struct PolicyApplyArguments {
    /// The policy file
    #[arg(value_name = "FILE.toml")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// What an approver wrote with `coldamp approve --policy`; once for each approver
    #[arg(long, value_name = "FILE")]
    pub(crate) approval: Vec<PathBuf>,
    /// Instead of a yes at the terminal: SHA-256 of the policy file; never enough where a rule becomes weaker
    #[arg(long, value_name = "HEX")]
    pub(crate) approve_sha256: Option<String>,
    /// An unsigned PSET of this treasury: says whether one of its coins is the asset's reissuance token
    #[arg(long, value_name = "FILE.pset")]
    pub(crate) evidence: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
}

/// Which policy goes.
#[derive(Args)]
pub(crate) struct PolicyRemoveArguments {
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// The asset
    #[arg(long, value_name = "HEX")]
    pub(crate) asset: AssetId,
}
