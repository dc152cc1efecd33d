//! The arguments of `coldamp backup` and `coldamp restore`.

use std::path::PathBuf;

use clap::Args;

use super::KeystoreArguments;

/// What to back up, and where to.
#[derive(Args)]
pub(crate) struct BackupArguments {
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// The file to write; the passphrase of the keystore opens it, by this program or by `age -d`
    #[arg(short, long, value_name = "BACKUP.age")]
    pub(crate) output: PathBuf,
}

/// Which backup, and where to put it back. --keystore names the file to write; it must not exist.
#[derive(Args)]
pub(crate) struct RestoreBackupArguments {
    /// What `coldamp backup` made
    #[arg(long, value_name = "BACKUP.age")]
    pub(crate) backup: PathBuf,
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
}
