//! The command line, as clap reads it. No secret has an argument: other users of a machine see every argv.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

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
}

/// What to do with a keystore.
#[derive(Subcommand)]
pub(crate) enum KeyCommand {
    /// Print the watch-only CT descriptor, with which the online machine prepares transactions
    Watch(KeystoreArguments),
    /// Print an address of the treasury, to be compared with what the online machine shows
    Address(AddressArguments),
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

/// Which keystore, and the files that answer its questions.
#[derive(Args)]
pub(crate) struct KeystoreArguments {
    /// The keystore
    #[arg(long, value_name = "FILE")]
    pub(crate) keystore: PathBuf,
    /// File whose first line is the passphrase of the keystore; asked for on the terminal when not given
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// File whose first line is the BIP-39 passphrase, for a keystore that was made with one
    #[arg(long, value_name = "FILE")]
    pub(crate) bip39_passphrase_file: Option<PathBuf>,
}
