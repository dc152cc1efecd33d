//! The command line, as clap reads it. No secret has an argument: other users of a machine see every argv.

mod backup;
mod policy;
mod treasury;

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};
use coldamp_cli::Failure;
use coldamp_cli::job::JobFolder;
use coldamp_cli::profile::{Profile, ProfileArguments};
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

/// The half of Coldamp that runs on an air-gapped machine. It keeps the keys of a Blockstream AMP asset, shows what an
/// unsigned PSET does, and signs it. It opens no socket.
#[derive(Parser)]
#[command(name = "coldamp", version)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) profile: ProfileArguments,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a keystore, and print its descriptor, addresses and approver key
    #[command(subcommand)]
    Key(KeyCommand),
    /// Write keystore, journal and head into one encrypted file. Do it after every signing
    Backup(BackupArguments),
    /// Restore keystore, journal and head from a backup
    Restore(RestoreBackupArguments),
    /// Show, export, change or remove the issuer's limits and approvers
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// As an approver: approve a PSET, or a change of policy, of a treasury that has other words
    Approve(ApproveArguments),
    /// List and verify what was signed and set with a keystore, and make statements about it
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Show what an unsigned PSET does, every rule that it breaks, and its approval code. Signs nothing
    Review(ReviewArguments),
    /// Show the profile
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// Review a PSET again, have it approved, sign it, and write signed.json or the signatures alone
    Sign(SignArguments),
    /// Make signed.json from a PSET and the signatures of its signers. Signs nothing
    Combine(CombineArguments),
    /// Carry files across the gap by camera: show them as QR codes, join what was scanned
    #[command(subcommand)]
    Qr(QrCommand),
}

/// What to do with the profile.
#[derive(Subcommand)]
pub(crate) enum ProfileCommand {
    /// Print each value in force, and whether it comes from a flag, from the profile or is built-in
    Show(ShowArguments),
}

/// What the command line names.
#[derive(Args)]
pub(crate) struct ShowArguments {
    /// The keystore file
    #[arg(long, value_name = "FILE")]
    pub(crate) keystore: Option<PathBuf>,
    /// The profile. Unlike other commands, this one shows it beside the command line.
    #[arg(skip)]
    pub(crate) read: Option<Profile>,
}

/// What to do with a keystore.
#[derive(Subcommand)]
pub(crate) enum KeyCommand {
    /// Draw new words, have them written down and typed back, and make a keystore from them
    New(NewArguments),
    /// Make a keystore from its BIP-39 words. If there is a backup file, use `coldamp restore` instead
    Restore(RestoreArguments),
    /// Write the watch-only CT descriptor, which the online machine needs. It shows every amount and signs nothing
    Watch(WatchArguments),
    /// Print an address of the treasury, to compare it with the one that another machine shows
    Address(AddressArguments),
    /// Print this keystore's public key as an approver, for the policy file of a treasury
    Approver(KeystoreArguments),
    /// Print this keystore's public key with its origin, for the descriptor of a treasury of several keys
    Account(AccountArguments),
    /// Sign for the treasury of this descriptor from now on, and for no other; asked for at a terminal
    Register(RegisterArguments),
}

/// What is said below the help of a command that makes a keystore.
const NEW_KEYSTORE: &str =
    "--keystore names the file to write. It must not exist, and neither may its .journal and .head files.";

/// Which words, and what the keystore is for.
#[derive(Args)]
#[command(after_help = NEW_KEYSTORE)]
pub(crate) struct NewArguments {
    #[command(flatten)]
    pub(crate) create: CreateArguments,
    /// Number of words: 12 or 24
    #[arg(long, value_name = "N", default_value = "24", value_parser = word_count)]
    pub(crate) words: WordCount,
    /// Mix rolls of dice with the system's randomness, instead of key presses
    #[arg(long)]
    pub(crate) dice: bool,
    /// Make the words from rolls of dice alone, as Coldcard and SeedSigner do, so that `sha256sum` can check them
    #[arg(long, conflicts_with = "dice")]
    pub(crate) dice_only: bool,
}

/// Which backup, and what the keystore is for.
#[derive(Args)]
#[command(after_help = NEW_KEYSTORE)]
pub(crate) struct RestoreArguments {
    #[command(flatten)]
    pub(crate) create: CreateArguments,
    /// File whose only line holds the BIP-39 words. Without it words and BIP-39 passphrase are asked for at the terminal
    #[arg(long, value_name = "FILE")]
    pub(crate) mnemonic_file: Option<PathBuf>,
    /// The policy file that the keystore starts with: the newest that `coldamp policy export` wrote
    #[arg(long, value_name = "FILE.toml", conflicts_with = "no_policy")]
    pub(crate) policy: Option<PathBuf>,
    /// Instead of a yes at the terminal: the SHA-256 of the file that --policy names, as `sha256sum` prints it
    #[arg(long, value_name = "HEX", requires = "policy")]
    pub(crate) approve_sha256: Option<String>,
    /// Start without limits and approvers. Only if no policy was ever set
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
    pub(crate) network: Option<Chain>,
    /// The L-BTC asset id of a regtest chain, if it is not that of liquidregtest
    #[arg(long, value_name = "HEX")]
    pub(crate) policy_asset: Option<AssetId>,
    /// The script type of its addresses: wpkh (BIP-84) or sh-wpkh (BIP-49)
    #[arg(long, value_name = "SCRIPT", default_value = "wpkh", value_parser = script_type)]
    pub(crate) script: ScriptType,
}

/// Whose descriptor, and where it goes.
#[derive(Args)]
pub(crate) struct WatchArguments {
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// The file to write; it must not exist. Without it the descriptor goes to stdout
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Which address.
#[derive(Args)]
pub(crate) struct AddressArguments {
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// Its index on branch 0, the addresses that are given out, counted from 0
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..1 << 31))]
    pub(crate) index: u32,
}

/// What to review.
#[derive(Args)]
pub(crate) struct ReviewArguments {
    #[command(flatten)]
    pub(crate) pset: PsetArguments,
    /// Print the whole review as JSON (format coldamp.review/2) instead of text
    #[arg(long)]
    pub(crate) json: bool,
    /// What another machine made of this PSET, signed.json or signatures alone. With the same words it is recomputed and compared
    /// byte for byte; of other signers of the treasury, its signatures are verified
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
    /// The approval code that the review of this PSET printed, here or on another machine. Without --approve and --approval,
    /// amount and asset are typed at the terminal
    #[arg(long, value_name = "CODE")]
    pub(crate) approve: Option<String>,
    /// The file that an approver wrote with `coldamp approve`, where the policy names approvers. In the folder of a job it is
    /// approval.json
    #[arg(long, value_name = "FILE", conflicts_with = "approve")]
    pub(crate) approval: Option<PathBuf>,
    /// Write the signatures alone, about 1 kB for two inputs, in place of signed.json. `combine` makes signed.json from the PSET
    /// and them
    #[arg(long)]
    pub(crate) signatures: bool,
    /// The file to write; it must not exist. Without it signed.json, or signatures.json with --signatures; in the folder of a job
    /// signed.json, or signatures-FINGERPRINT.json
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
}

/// What to combine.
#[derive(Args)]
pub(crate) struct CombineArguments {
    #[command(flatten)]
    pub(crate) pset: PsetArguments,
    /// The file of each signer: signatures alone, as `coldamp sign --signatures` writes them, or a signed PSET. In the folder of
    /// a job each signatures-….json
    #[arg(value_name = "PART")]
    pub(crate) parts: Vec<PathBuf>,
    /// The file to write; it must not exist. Without it signed.json, in the folder of the job where one is named
    #[arg(short = 'o', long = "output", value_name = "OUT", id = "output")]
    pub(crate) named_output: Option<PathBuf>,
    #[arg(skip)]
    pub(crate) output: PathBuf,
}

/// Which PSET, and whose.
#[derive(Args)]
pub(crate) struct PsetArguments {
    /// The unsigned PSET that `coldamp-online prepare` wrote, in base64 or binary; or the folder of the job. Without it the job
    /// that waits for this step
    #[arg(value_name = "FILE.pset|FOLDER", id = "file")]
    pub(crate) named_file: Option<PathBuf>,
    #[arg(skip)]
    pub(crate) file: PathBuf,
    /// The folder of the job.
    #[arg(skip)]
    pub(crate) job: Option<JobFolder>,
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// AMP's request, to compare it byte for byte with the one in the PSET
    #[arg(long, value_name = "FILE")]
    pub(crate) request: Option<PathBuf>,
    /// Only if Blockstream support asked for it: let a reissue leave out token outputs that AMP lists and the treasury does
    /// not hold
    #[arg(long)]
    pub(crate) allow_missing_token_utxos: bool,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
}

/// What to do with the chain of policy and journal.
#[derive(Subcommand)]
pub(crate) enum JournalCommand {
    /// Print every entry: signings, policies, approvals, statements
    List(KeystoreArguments),
    /// Check the whole journal, and print number and MAC of its newest entry, to be noted
    Verify(KeystoreArguments),
    /// After `coldamp restore`: say the highest entry number that signed files and notes name. Asked for at a terminal
    Compare(KeystoreArguments),
    /// Say that every transaction that is missing in this journal has confirmed or can never confirm. For use after
    /// `key restore`, or after `restore` and `journal compare`. Not while one can still be sent: its request could then be
    /// paid twice. Asked for at a terminal
    AcknowledgeUnknown(KeystoreArguments),
    /// Say that the transaction of an entry can never confirm, because a confirmed transaction spent one of its coins. If it
    /// was cancelled or never sent, replace it instead. Asked for at a terminal
    DeclareVoid(DeclareVoidArguments),
    /// Write a missing .head file again. If there is a backup of .journal and .head, put that back instead: otherwise entries
    /// that are missing at the end of the journal are forgotten. Asked for at a terminal
    RebuildHead(KeystoreArguments),
    /// Say how far the treasury has used its addresses, if this journal does not know it, as after `key restore`. Asked for at
    /// a terminal
    Used(UsedArguments),
}

/// How far addresses were used.
#[derive(Args)]
pub(crate) struct UsedArguments {
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// The highest index that the treasury has used, of addresses given out (branch 0) and of change (branch 1)
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
#[command(after_help = "--keystore names the approver's own keystore, never the treasury's.")]
pub(crate) struct ApproveArguments {
    /// The unsigned PSET to approve, in base64 or binary; or the folder of the job. Without it the job that is not approved yet
    #[arg(value_name = "FILE.pset|FOLDER")]
    pub(crate) file: Option<PathBuf>,
    /// Instead of a PSET: the new policy file to approve
    #[arg(long, value_name = "FILE.toml", conflicts_with = "file", requires = "in_force")]
    pub(crate) policy: Option<PathBuf>,
    /// With --policy: the policies in force now, as `coldamp policy export` wrote them on the signing machine
    #[arg(long, value_name = "FILE.toml", requires = "policy")]
    pub(crate) in_force: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// File with the treasury's watch-only CT descriptor, as `coldamp key watch` wrote it
    #[arg(long, value_name = "FILE")]
    pub(crate) descriptor: Option<PathBuf>,
    /// The SHA-256 of AMP's request, as `coldamp-online request check` printed it on another machine; asked for at the
    /// terminal when not given
    #[arg(long, value_name = "HEX", conflicts_with = "policy")]
    pub(crate) request_sha256: Option<String>,
    /// The issuer's own register of holders: a CSV file with the columns address and amount (base units) or units (decimal,
    /// where the PSET has the asset's contract). Every difference from what the request pays is listed, and nothing is approved
    #[arg(long, value_name = "holders.csv", conflicts_with = "policy")]
    pub(crate) register: Option<PathBuf>,
    /// Only if Blockstream support asked for it: let a reissue leave out token outputs that AMP lists and the treasury does
    /// not hold
    #[arg(long)]
    pub(crate) allow_missing_token_utxos: bool,
    #[command(flatten)]
    pub(crate) fee_cap: FeeCapArguments,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
    /// The file to write; it must not exist. Without it approval.json, or policy.approval.json with --policy
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
}

/// Which keystore, and the files that answer its questions.
#[derive(Args)]
pub(crate) struct KeystoreArguments {
    /// The keystore file. Its .journal and .head files are in the same folder
    #[arg(long, value_name = "FILE")]
    pub(crate) keystore: Option<PathBuf>,
    /// File whose first line is the passphrase of the keystore. Without it the passphrase is asked for at the terminal
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// File whose first line is the BIP-39 passphrase, if the keystore has one. Without this option it is asked for
    /// at the terminal
    #[arg(long, value_name = "FILE")]
    pub(crate) bip39_passphrase_file: Option<PathBuf>,
}

impl KeystoreArguments {
    /// The keystore file.
    ///
    /// # Errors
    /// Only before the command line was filled from the profile.
    pub(crate) fn path(&self) -> Result<&Path, Failure> {
        named(self.keystore.as_deref())
    }
}

/// A value that the command needs, which is there after the command line was filled from the profile.
///
/// # Errors
/// Only before that.
pub(crate) fn named<T>(value: Option<T>) -> Result<T, Failure> {
    value.ok_or_else(|| Failure::internal("a command line that was not filled"))
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
