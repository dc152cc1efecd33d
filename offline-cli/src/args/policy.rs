//! The arguments of `coldamp policy`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use coldamp_core::elements::AssetId;

use super::KeystoreArguments;

/// What to do with policies.
#[derive(Subcommand)]
pub(crate) enum PolicyCommand {
    /// Print the policies in force, and what is left of their budgets
    Show(KeystoreArguments),
    /// Set the policy of an asset, in place of an earlier one; budgets start anew
    Add(Box<PolicyAddArguments>),
    /// Remove the policy of an asset
    Remove(PolicyRemoveArguments),
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

/// The issuer's rules. JOB is distribute, reissue or burn; amounts are base units.
#[derive(Args)]
pub(crate) struct PolicyAddArguments {
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// The asset; a contract must lead to this id
    #[arg(long, value_name = "HEX")]
    pub(crate) asset: AssetId,
    /// The asset's contract, byte for byte: proves ticker, precision, name and domain
    #[arg(long, value_name = "FILE", requires = "issuance_prevout")]
    pub(crate) contract: Option<PathBuf>,
    /// The outpoint that the asset's issuance spent, not one of the issuance transaction
    #[arg(long, value_name = "TXID:VOUT", requires = "contract")]
    pub(crate) issuance_prevout: Option<String>,
    /// An unsigned PSET of this treasury: says whether one of its coins is the asset's reissuance token
    #[arg(long, value_name = "FILE.pset")]
    pub(crate) evidence: Option<PathBuf>,
    /// AMP's uuid of the asset
    #[arg(long, value_name = "UUID")]
    pub(crate) uuid: Option<String>,
    /// The most that one request of this kind may move
    #[arg(long, value_name = "JOB=UNITS")]
    pub(crate) max: Vec<String>,
    /// The most that all signatures of this kind together may move until the policy is set again
    #[arg(long, value_name = "JOB=UNITS")]
    pub(crate) budget: Vec<String>,
    /// How many signatures of this kind there may be until the policy is set again
    #[arg(long, value_name = "JOB=COUNT")]
    pub(crate) budget_count: Vec<String>,
    /// Recipients that one distribution may have
    #[arg(long, value_name = "N")]
    pub(crate) max_recipients: Option<u32>,
    /// The most that one recipient may get at once
    #[arg(long, value_name = "UNITS")]
    pub(crate) max_per_recipient: Option<u64>,
    /// The highest fee, in satoshi
    #[arg(long, value_name = "SAT")]
    pub(crate) max_fee: Option<u64>,
    /// The highest fee rate, in satoshi per 1,000 virtual bytes of the full size
    #[arg(long, value_name = "SAT_PER_KVB")]
    pub(crate) max_fee_rate: Option<u64>,
    /// A key that `coldamp key approver` printed: from now on only its owner's signature approves
    #[arg(long, value_name = "KEY")]
    pub(crate) approver: Vec<String>,
    /// Refuse recipients without a blinding key
    #[arg(long)]
    pub(crate) forbid_unconfidential: bool,
}
