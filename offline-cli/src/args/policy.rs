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
    /// Write the policies in force as a policy file, to change a copy of it or keep it with the backup
    Export(PolicyExportArguments),
    /// Write a policy file with every key explained and FILL IN in place of each decision
    Template(PolicyTemplateArguments),
    /// Put a policy file in force: shows old and new rules side by side, and asks
    Apply(PolicyApplyArguments),
    /// Remove the policy of an asset, after asking
    Remove(PolicyRemoveArguments),
}

/// Which policies are written.
#[derive(Args)]
pub(crate) struct PolicyExportArguments {
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// Export the policy of this asset alone. For an approver, export all: leave this out
    #[arg(long, value_name = "HEX")]
    pub(crate) asset: Option<AssetId>,
    /// The file to write; it must not exist. Without it the text goes to stdout
    #[arg(short, long, value_name = "FILE.toml")]
    pub(crate) output: Option<PathBuf>,
}

/// What is known already of the asset that the template is for.
#[derive(Args)]
pub(crate) struct PolicyTemplateArguments {
    /// The asset's id, 64 hexadecimal digits
    #[arg(long, value_name = "HEX")]
    pub(crate) asset: Option<AssetId>,
    /// AMP's uuid of the asset: the policy then refuses requests with another one
    #[arg(long, value_name = "UUID")]
    pub(crate) uuid: Option<String>,
    /// File with the asset's contract, byte for byte: proves ticker and precision, and fixes the reissuance token
    #[arg(long, value_name = "FILE", requires = "issuance_prevout", requires = "asset")]
    pub(crate) contract: Option<PathBuf>,
    /// The outpoint that the asset's first issuance spent, `issuance_prevout` in the asset registry. Not an outpoint of the
    /// issuance transaction
    #[arg(long, value_name = "TXID:VOUT", requires = "contract")]
    pub(crate) issuance_prevout: Option<String>,
    /// The file to write; it must not exist. Without it the text goes to stdout
    #[arg(short, long, value_name = "FILE.toml")]
    pub(crate) output: Option<PathBuf>,
}

/// Which file comes into force.
#[derive(Args)]
pub(crate) struct PolicyApplyArguments {
    /// The policy file: a filled-in template, or a changed export
    #[arg(value_name = "FILE.toml")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// The file that an approver wrote with `coldamp approve --policy`; once for each approver
    #[arg(long, value_name = "FILE")]
    pub(crate) approval: Vec<PathBuf>,
    /// Instead of a yes at the terminal: the SHA-256 of the policy file, as `sha256sum` prints it. It cannot approve a change
    /// that makes a rule weaker
    #[arg(long, value_name = "HEX")]
    pub(crate) approve_sha256: Option<String>,
    /// An unsigned PSET of this treasury, for example of a reissue. Its coins are opened, and the screen says whether one of
    /// them is the asset's reissuance token: that shows that the asset is your own. Changes nothing
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
    /// The asset's id
    #[arg(long, value_name = "HEX")]
    pub(crate) asset: AssetId,
}
