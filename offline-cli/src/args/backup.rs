//! The arguments of `coldamp backup` and `coldamp restore`.

use std::path::PathBuf;

use clap::Args;

use super::KeystoreArguments;

/// What to back up, and where to.
#[derive(Args)]
pub(crate) struct BackupArguments {
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// The file to write; it must not exist. The passphrase of the keystore opens it, with this program or with `age -d`
    #[arg(short, long, value_name = "BACKUP.age")]
    pub(crate) output: PathBuf,
}

/// Which backup, and where to put it back.
#[derive(Args)]
#[command(after_help = super::NEW_KEYSTORE)]
pub(crate) struct RestoreBackupArguments {
    /// The file that `coldamp backup` wrote
    #[arg(long, value_name = "BACKUP.age")]
    pub(crate) backup: PathBuf,
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
}
