//! The command line, as clap reads it. No secret has an argument: other users of a machine see every argv.

mod backup;
mod policy;
mod treasury;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use coldamp_cli::qr::QrCommand;
use coldamp_cli::threads::ThreadsArguments;
use coldamp_cli::treasury::FeeCapArguments;
use coldamp_core::elements::AssetId;
use coldamp_core::limits::MAX_INDEX;
use coldamp_core::network::Chain;
use coldamp_core::treasury::ScriptType;

use crate::keystore::{WordCount, script_type_named};

pub(crate) use backup::{BackupArguments, RestoreBackupArguments};
pub(crate) use policy::{
    PolicyApplyArguments, PolicyCommand, PolicyExportArguments, PolicyRemoveArguments,
    PolicyTemplateArguments,
};
pub(crate) use treasury::{AccountArguments, RegisterArguments};

/// Keeps the keys of a Blockstream AMP asset cold: the half of Coldamp that runs on an air-gapped machine.
#[derive(Parser)]
#[command(name = "coldamp", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a keystore, and compare what belongs to it
    #[command(subcommand)]
    Key(KeyCommand),
    /// Write keystore, journal and head into one encrypted file; do it after every signing
    Backup(BackupArguments),
    /// Put keystore, journal and head of a backup back
    Restore(RestoreBackupArguments),
    /// The issuer's own rules: write them as a file, put a file in force
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Approve a PSET, or a change of policy, of a treasury whose policy names this keystore as approver
    Approve(ApproveArguments),
    /// Look at what was signed and set with a keystore
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Show what an unsigned PSET does, every rule it breaks, and its approval code
    Review(ReviewArguments),
    /// Sign what a review approved, and write signed.json; with --signatures the signatures alone
    Sign(SignArguments),
    /// Make signed.json of what the signers of a PSET gave back; signs nothing
    Combine(CombineArguments),
    /// Carry files across the gap by camera: show them as QR codes, join what was scanned
    #[command(subcommand)]
    Qr(QrCommand),
}

/// What to do with a keystore.
#[derive(Subcommand)]
pub(crate) enum KeyCommand {
    /// Draw new words, prove that they are on paper, and make a keystore of them
    New(NewArguments),
    /// Make a keystore from the words of a backup
    Restore(RestoreArguments),
    /// Write the watch-only CT descriptor, with which the online machine prepares transactions
    Watch(WatchArguments),
    /// Print an address of the treasury, to be compared with what the online machine shows
    Address(AddressArguments),
    /// Print the public key with which this keystore approves, for the policy of a treasury
    Approver(KeystoreArguments),
    /// Print this keystore's public key with its origin, for the descriptor of a treasury of several keys
    Account(AccountArguments),
    /// Sign for the treasury of this descriptor from now on, and for no other; asked for at a terminal
    Register(RegisterArguments),
}

/// Which words, and what the keystore is for.
#[derive(Args)]
pub(crate) struct NewArguments {
    #[command(flatten)]
    pub(crate) create: CreateArguments,
    /// How many words: 12 or 24
    #[arg(long, value_name = "N", default_value = "24", value_parser = word_count)]
    pub(crate) words: WordCount,
    /// Mix rolls of dice with what the system draws, instead of key presses
    #[arg(long)]
    pub(crate) dice: bool,
    /// Make the words of rolls of dice alone, as Coldcard and SeedSigner do, so that sha256sum can check them
    #[arg(long, conflicts_with = "dice")]
    pub(crate) dice_only: bool,
}

/// Which backup, and what the keystore is for.
#[derive(Args)]
pub(crate) struct RestoreArguments {
    #[command(flatten)]
    pub(crate) create: CreateArguments,
    /// File whose only line holds the BIP-39 words; asked for on the terminal when not given, and with them the
    /// BIP-39 passphrase
    #[arg(long, value_name = "FILE")]
    pub(crate) mnemonic_file: Option<PathBuf>,
    /// The limits and approvers that the keystore starts with: what `coldamp policy export` wrote before
    #[arg(long, value_name = "FILE.toml", conflicts_with = "no_policy")]
    pub(crate) policy: Option<PathBuf>,
    /// Instead of a yes at the terminal: SHA-256 of the policy file
    #[arg(long, value_name = "HEX", requires = "policy")]
    pub(crate) approve_sha256: Option<String>,
    /// Start without any limit and without any approver
    #[arg(long)]
    pub(crate) no_policy: bool,
}

/// A keystore that is made, and the treasury it is for.
#[derive(Args)]
pub(crate) struct CreateArguments {
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// The network of the treasury: liquid, liquid-testnet or regtest
    #[arg(long, value_name = "NET")]
    pub(crate) network: Chain,
    /// L-BTC of a regtest chain that has another one than liquidregtest
    #[arg(long, value_name = "HEX")]
    pub(crate) policy_asset: Option<AssetId>,
    /// The scripts of its addresses: wpkh (BIP-84) or sh-wpkh (BIP-49)
    #[arg(long, value_name = "SCRIPT", default_value = "wpkh", value_parser = script_type)]
    pub(crate) script: ScriptType,
}

/// Whose descriptor, and where it goes.
#[derive(Args)]
pub(crate) struct WatchArguments {
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// The file to write; stdout when not given
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Which address.
#[derive(Args)]
pub(crate) struct AddressArguments {
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// Its index on branch 0, the addresses that are given out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..1 << 31))]
    pub(crate) index: u32,
}

/// What to review.
#[derive(Args)]
pub(crate) struct ReviewArguments {
    #[command(flatten)]
    pub(crate) pset: PsetArguments,
    /// Print JSON (schema coldamp.review/2) instead of text
    #[arg(long)]
    pub(crate) json: bool,
    /// Recompute what another machine with the same words signed, and compare it byte for byte; of other signers of the treasury, verify
    /// it. Either signed.json or signatures alone
    #[arg(long, value_name = "signed.json")]
    pub(crate) signed: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) fee_cap: FeeCapArguments,
}

/// What to sign.
#[derive(Args)]
pub(crate) struct SignArguments {
    #[command(flatten)]
    pub(crate) pset: PsetArguments,
    /// The approval code that the review of this PSET printed, here or on another machine; when no approval is given,
    /// amount and asset are asked for on the terminal
    #[arg(long, value_name = "CODE")]
    pub(crate) approve: Option<String>,
    /// What an approver wrote with `coldamp approve`
    #[arg(long, value_name = "FILE", conflicts_with = "approve")]
    pub(crate) approval: Option<PathBuf>,
    /// Write the signatures alone, about 1 kB for two inputs, in place of signed.json; `combine` makes signed.json of them and the
    /// PSET
    #[arg(long)]
    pub(crate) signatures: bool,
    /// The file to write; signed.json when not given, or signatures.json for signatures alone
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
}

/// What to combine.
#[derive(Args)]
pub(crate) struct CombineArguments {
    #[command(flatten)]
    pub(crate) pset: PsetArguments,
    /// What each signer gave back: signatures alone, as `coldamp sign --signatures` writes them, or a signed PSET
    #[arg(value_name = "PART", required = true)]
    pub(crate) parts: Vec<PathBuf>,
    /// The file to write
    #[arg(short, long, value_name = "OUT", default_value = "signed.json")]
    pub(crate) output: PathBuf,
}

/// Which PSET, and whose.
#[derive(Args)]
pub(crate) struct PsetArguments {
    /// The unsigned PSET, base64 text or binary
    #[arg(value_name = "FILE.pset")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// AMP's request, which must be the one in the PSET byte for byte
    #[arg(long, value_name = "FILE")]
    pub(crate) request: Option<PathBuf>,
    /// Only if Blockstream support asked for it: a reissue may leave out token outputs of AMP's list that the treasury does
    /// not hold
    #[arg(long)]
    pub(crate) allow_missing_token_utxos: bool,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
}

/// What to do with the chain of policy and journal.
#[derive(Subcommand)]
pub(crate) enum JournalCommand {
    /// Print every entry
    List(KeystoreArguments),
    /// Check the whole chain, and print its place to be noted
    Verify(KeystoreArguments),
    /// After a backup was put back: say which entry is the newest that signed files and notes name
    Compare(KeystoreArguments),
    /// Say, after `key restore`, or after `restore` and `journal compare`, that every transaction which this journal does
    /// not know has confirmed or can never confirm. Not while one of them can still be sent: its request could then be paid
    /// twice. Asked for at a terminal
    AcknowledgeUnknown(KeystoreArguments),
    /// Say that the transaction of an entry can never confirm, because a confirmed transaction spent one of its coins. Not
    /// for one that was cancelled or never sent: replace that. Asked for at a terminal
    DeclareVoid(DeclareVoidArguments),
    /// Write a missing .head anew. Not where a backup of .journal and .head can be put back: entries that are missing at
    /// the end of the journal would be forgotten. Asked for at a terminal
    RebuildHead(KeystoreArguments),
    /// Say how far the treasury has used its addresses, where this journal does not know, as after `key restore`
    Used(UsedArguments),
}

/// How far addresses were used.
#[derive(Args)]
pub(crate) struct UsedArguments {
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// The highest index that the treasury has used, of addresses given out (branch 0) and of change (branch 1); typed once
    /// more on the terminal
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=i64::from(MAX_INDEX)))]
    pub(crate) index: u32,
}

/// Which signing can never confirm.
#[derive(Args)]
pub(crate) struct DeclareVoidArguments {
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// The number of its entry, as `coldamp journal list` shows it
    #[arg(value_name = "ENTRY")]
    pub(crate) entry: u32,
}

/// What to approve, and for whom.
#[derive(Args)]
pub(crate) struct ApproveArguments {
    /// The unsigned PSET, base64 text or binary
    #[arg(value_name = "FILE.pset", required_unless_present = "policy")]
    pub(crate) file: Option<PathBuf>,
    /// Instead of a PSET: the policy file that is to be put in force for the treasury
    #[arg(long, value_name = "FILE.toml", conflicts_with = "file", requires = "in_force")]
    pub(crate) policy: Option<PathBuf>,
    /// All policies of the treasury that are in force, as `coldamp policy export` writes them on the signing machine
    #[arg(long, value_name = "FILE.toml", requires = "policy")]
    pub(crate) in_force: Option<PathBuf>,
    /// The approver's own keystore
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// The treasury's watch-only CT descriptor
    #[arg(long, value_name = "FILE")]
    pub(crate) descriptor: PathBuf,
    /// SHA-256 of AMP's request as another machine fetched it from AMP; asked for on the terminal when not given
    #[arg(long, value_name = "HEX", conflicts_with = "policy")]
    pub(crate) request_sha256: Option<String>,
    /// Only if Blockstream support asked for it: a reissue may leave out token outputs of AMP's list that the treasury does
    /// not hold
    #[arg(long)]
    pub(crate) allow_missing_token_utxos: bool,
    #[command(flatten)]
    pub(crate) fee_cap: FeeCapArguments,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
    /// The file to write: approval.json when not given, policy.approval.json with --policy
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
}

/// Which keystore, and the files that answer its questions.
#[derive(Args)]
pub(crate) struct KeystoreArguments {
    /// The keystore file
    #[arg(long, value_name = "FILE")]
    pub(crate) keystore: PathBuf,
    /// File whose first line is the passphrase of the keystore; asked for on the terminal when not given
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// File whose first line is the BIP-39 passphrase, of a keystore that has one
    #[arg(long, value_name = "FILE")]
    pub(crate) bip39_passphrase_file: Option<PathBuf>,
}

/// Reads the name of a script type.
fn script_type(name: &str) -> Result<ScriptType, &'static str> {
    script_type_named(name).ok_or("expected wpkh or sh-wpkh")
}

/// Reads how many words a new backup gets.
fn word_count(number: &str) -> Result<WordCount, &'static str> {
    match number {
        "12" => Ok(WordCount::Twelve),
        "24" => Ok(WordCount::TwentyFour),
        _ => Err("expected 12 or 24"),
    }
}
